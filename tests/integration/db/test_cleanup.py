"""Maintenance of AuthDB on each kind of database, beside another AuthDB on the same server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from diracx_bridge.core.errors import SettingsError, Unavailable
from diracx_bridge.db.sql import server as sql_server
from diracx_bridge.db.sql.auth.cleanup import BATCH, Policy, Report, clean_up
from diracx_bridge.db.sql.auth.partition_maintenance import PartitionChanges
from diracx_bridge.db.sql.auth.partitions import lower_bound, months_later
from diracx_bridge.db.sql.init import create_all
from diracx_bridge.db.sql.server import Databases, Server
from tests.servers.sql_server import SqlServer
from tests.unit.docs.documents import DOCS  # noqa: F401 - adds the path of `pages`

from pages.rights import cleanup_grants  # isort: skip

NOW = datetime.now(UTC).replace(tzinfo=None)
LATER = months_later(NOW, 8) + timedelta(days=9)
PASSWORD = "only for cleaning"
KINDS = ("mariadb", "mysql")


class Place:
    """An AuthDB of one test; ``sql`` is the server that holds it, None for SQLite."""

    def __init__(self, url: str, sql: SqlServer | None, name: str) -> None:
        self.url = url
        self.sql = sql
        self.name = name

    @asynccontextmanager
    async def opened(self, url: str | None = None) -> AsyncIterator[Server]:
        databases = Databases({"AuthDB": url or self.url})
        try:
            yield databases.server_of("AuthDB")
        finally:
            await databases.close()

    async def clean(self, *, now: datetime = LATER, dry_run: bool = False, **policy: int) -> Report:
        async with self.opened() as server:
            return await clean_up(server, Policy(**policy), now=now, dry_run=dry_run)

    async def add_tokens(self, *times: datetime) -> None:
        async with self.opened() as server, server.engine.begin() as connection:
            for time in times:
                jti = lower_bound(time)[:20] + uuid4().hex[20:]
                await connection.execute(
                    text(f"INSERT INTO {server.names['AuthDB']}.RefreshTokens VALUES (:jti, 'CREATED', 's', 'x')"),
                    {"jti": jti},
                )

    async def add_flows(self, *minutes: int) -> None:
        now = datetime.now(UTC)
        values = [
            {
                "key": f"{number:08}",
                "uuid": uuid4().hex,
                "code": uuid4().hex,
                "time": (now - timedelta(minutes=age)).strftime("%Y-%m-%d %H:%M:%S"),
            }
            for number, age in enumerate(minutes)
        ]
        async with self.opened() as server, server.engine.begin() as connection:
            for statement in (
                "DeviceFlows (UserCode, Status, CreationTime, ClientID, Scope, DeviceCode)"
                " VALUES (:key, 'PENDING', :time, 'c', 's', :code)",
                "AuthorizationFlows (UUID, Status, CreationTime, ClientID, Scope, CodeChallenge,"
                " CodeChallengeMethod, RedirectURI) VALUES (:uuid, 'DONE', :time, 'c', 's', 'x', 'S256', 'u')",
            ):
                await connection.execute(text(f"INSERT INTO {server.names['AuthDB']}.{statement}"), values)

    async def counts(self) -> list[int]:
        async with self.opened() as server, server.engine.connect() as connection:
            found = []
            for table in ("RefreshTokens", "DeviceFlows", "AuthorizationFlows"):
                rows = await connection.execute(text(f"SELECT COUNT(*) FROM {server.names['AuthDB']}.{table}"))
                found.append(int(rows.scalar_one()))
            return found

    def partitions(self) -> list[str]:
        assert self.sql is not None
        return self.sql.execute(
            "SELECT PARTITION_NAME FROM information_schema.PARTITIONS WHERE TABLE_NAME = 'RefreshTokens' "
            f"AND TABLE_SCHEMA = '{self.name}' AND PARTITION_NAME IS NOT NULL ORDER BY PARTITION_ORDINAL_POSITION"
        ).split()


def month(number: int) -> str:
    time = months_later(NOW, number)
    return f"p_{time.year}_{time.month}"


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path, worker: str) -> Iterator[Callable[[str], Place]]:
    """Make an AuthDB on a kind of database."""
    made: list[Place] = []

    def place(kind: str) -> Place:
        if kind == "sqlite":
            made.append(Place(f"sqlite+aiosqlite:///{tmp_path / 'auth.db'}", None, "main"))
        else:
            sql: SqlServer = request.getfixturevalue(kind)
            name = f"AuthDBToClean_{worker}"
            sql.execute(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4")
            made.append(Place(sql.url(name), sql, name))

        async def create() -> None:
            databases = Databases({"AuthDB": made[-1].url})
            await create_all(databases)
            await databases.close()

        asyncio.run(create())
        return made[-1]

    yield place
    for used in made:
        if used.sql is not None:
            used.sql.execute(f"DROP DATABASE {used.name}")


@pytest.fixture
def place(make: Callable[[str], Place], database_urls: Mapping[str, str], request: pytest.FixtureRequest) -> Place:
    """An AuthDB on each kind of database; another one, that of `database_urls`, is on the same server."""
    return make(request.node.callspec.params["database_urls"])


@pytest.fixture(params=KINDS)
def partitioned(request: pytest.FixtureRequest, make: Callable[[str], Place]) -> Place:
    """An AuthDB on the kinds of database that have partitions."""
    return make(request.param)


async def test_tokens_of_months_that_are_not_kept_go_and_newer_ones_stay(place: Place) -> None:
    await place.add_tokens(NOW, months_later(NOW, 1), months_later(NOW, 2), LATER)
    report = await place.clean(keep_months=6)
    assert (await place.counts())[0] == 2
    if place.sql is None:
        assert report.deleted["RefreshTokens"] == 2
    else:
        assert report.partitions == PartitionChanges(dropped=(month(0), month(1)))
        assert place.partitions()[0] == month(2)


async def test_nothing_is_left_to_do_when_it_was_just_done(place: Place) -> None:
    await place.add_tokens(NOW)
    await place.clean(keep_months=6, months_ahead=30)
    again = await place.clean(keep_months=6, months_ahead=30)
    assert not any(again.deleted.values())
    assert again.partitions in (None, PartitionChanges())


async def test_a_dry_run_tells_the_same_and_changes_nothing(place: Place) -> None:
    await place.add_tokens(NOW)
    await place.add_flows(90)
    told = await place.clean(months_ahead=30, dry_run=True)
    assert await place.counts() == [1, 1, 1]
    done = await place.clean(months_ahead=30)
    assert (told.partitions, told.deleted) == (done.partitions, done.deleted)
    assert await place.counts() == [0, 0, 0]


async def test_only_logins_older_than_the_limit_are_removed(place: Place) -> None:
    await place.add_flows(1, 59, 61, 5000)
    report = await place.clean(now=NOW)
    assert report.deleted["DeviceFlows"] == report.deleted["AuthorizationFlows"] == 2
    assert (await place.counts())[1:] == [2, 2]


async def test_more_old_logins_than_one_transaction_deletes_all_go(place: Place) -> None:
    await place.add_flows(*[100] * (BATCH + 10), 1)
    report = await place.clean(now=NOW)
    assert report.deleted["DeviceFlows"] == BATCH + 10
    assert (await place.counts())[1:] == [1, 1]


async def test_months_to_come_are_added_after_the_last_one(partitioned: Place) -> None:
    report = await partitioned.clean(now=NOW, months_ahead=26)
    assert report.partitions == PartitionChanges(added=(month(24), month(25), month(26)))
    assert partitioned.partitions() == [*map(month, range(27)), "p_future"]


async def test_tokens_of_a_month_without_partition_move_to_it(partitioned: Place) -> None:
    await partitioned.add_tokens(months_later(NOW, 25))
    await partitioned.clean(now=months_later(NOW, 26))
    assert (await partitioned.counts())[0] == 1
    await partitioned.clean(now=months_later(NOW, 33))
    assert (await partitioned.counts())[0] == 0


async def test_a_table_without_partitions_gets_them_and_keeps_its_rows(partitioned: Place) -> None:
    assert partitioned.sql is not None
    partitioned.sql.execute("ALTER TABLE RefreshTokens REMOVE PARTITIONING", partitioned.name)
    await partitioned.add_tokens(months_later(NOW, -3), NOW)
    report = await partitioned.clean(now=NOW)
    assert report.partitions is not None
    assert (report.partitions.new, len(report.partitions.added)) == (True, 13)
    assert partitioned.partitions() == [*map(month, range(13)), "p_future"]
    assert (await partitioned.counts())[0] == 2


async def test_two_at_a_time_do_what_one_does(partitioned: Place) -> None:
    await partitioned.add_tokens(NOW)
    await partitioned.add_flows(*[100] * 20)
    reports = await asyncio.gather(*(partitioned.clean(months_ahead=30) for _ in range(4)))
    changes = [report.partitions for report in reports if report.partitions]
    assert sum(bool(change.added) for change in changes) == 1
    assert all(change.busy or change.added or change == PartitionChanges() for change in changes)
    assert await partitioned.counts() == [0, 0, 0]


async def test_partitions_that_are_not_by_month_are_let_be(partitioned: Place) -> None:
    assert partitioned.sql is not None
    partitioned.sql.execute("ALTER TABLE RefreshTokens PARTITION BY KEY (JTI) PARTITIONS 4", partitioned.name)
    with pytest.raises(SettingsError, match="REMOVE PARTITIONING"):
        await partitioned.clean()
    assert len(partitioned.partitions()) == 4


async def test_it_gives_up_soon_when_the_table_is_in_use(partitioned: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_server, "ATTEMPTS", 1)
    async with partitioned.opened() as server, server.engine.begin() as connection:
        await connection.execute(text(f"SELECT * FROM {server.names['AuthDB']}.RefreshTokens"))
        with pytest.raises(Unavailable, match="try again"):
            await partitioned.clean()
    assert partitioned.partitions()[0] == month(0)


@pytest.fixture
def user(partitioned: Place, worker: str) -> Iterator[str]:
    """A user without any right on the server."""
    name = f"cleanup_{worker}"
    assert partitioned.sql is not None
    partitioned.sql.execute(f"DROP USER IF EXISTS '{name}'@'%'; CREATE USER '{name}'@'%' IDENTIFIED BY '{PASSWORD}'")
    yield name
    partitioned.sql.execute(f"DROP USER '{name}'@'%'")


async def clean_as(partitioned: Place, user: str) -> Report:
    url = partitioned.url.replace("Dirac:Dirac@", f"{user}:{PASSWORD.replace(' ', '%20')}@")
    async with partitioned.opened(url) as server:
        return await clean_up(server, Policy(months_ahead=30), now=LATER)


async def test_the_grants_of_the_page_are_enough(partitioned: Place, user: str) -> None:
    assert partitioned.sql is not None
    partitioned.sql.execute("\n".join(cleanup_grants(f"'{user}'@'%'", {"AuthDB": partitioned.name})))
    await partitioned.add_tokens(NOW)
    await partitioned.add_flows(90)
    await clean_as(partitioned, user)
    assert await partitioned.counts() == [0, 0, 0]
    partitioned.sql.execute("ALTER TABLE RefreshTokens REMOVE PARTITIONING", partitioned.name)
    await clean_as(partitioned, user)
    assert partitioned.partitions()


async def test_a_user_without_the_right_is_told_which_one(partitioned: Place, user: str) -> None:
    assert partitioned.sql is not None
    partitioned.sql.execute(f"GRANT SELECT ON {partitioned.name}.* TO '{user}'@'%'")
    with pytest.raises(SettingsError, match="grant ALTER and DROP"):
        await clean_as(partitioned, user)
