"""`/api/rss` on each kind of database with DIRAC's own tables."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, insert, update

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sql.resource_status.db import ElementStatus, ResourceStatusDB
from diracx_bridge.db.sql.resource_status.schema import resource_status, site_status
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.rss import cache
from tests.installation import Installation

CAROL = {"user": "carol", "group": "biolab_user"}
KINDS = ("storage", "compute", "site", "fts")
ACTIVE, BANNED = {"allowed": True, "warnings": None}, {"allowed": False, "reason": "why"}


async def run(installation: Installation, statement: Any, values: Any = None) -> None:
    await installation.runtime.resource_status._server.write(lambda tx: tx.raw(statement, values))


async def fill(installation: Installation) -> None:
    """Statuses of each kind; biolab has a site of its own opinion."""
    rest = {"Reason": "why", "DateEffective": datetime(2026, 1, 2, 3, 4, 5)}
    await run(
        installation,
        insert(site_status),
        [
            {"Name": "A", "VO": "all", "Status": "Active", "ElementType": "Site", **rest},
            {"Name": "A", "VO": "biolab", "Status": "Banned", "ElementType": "Site", **rest},
        ],
    )
    elements = [("ce", "ComputingElement", "all"), ("fts", "FTS", "all")]
    elements += [("se", "StorageElement", f"{access}Access") for access in ("Read", "Write", "Check", "Remove")]
    await run(
        installation,
        insert(resource_status),
        [
            {"Name": name, "ElementType": kind, "StatusType": status, "VO": "all", "Status": "Active", **rest}
            for name, kind, status in elements
        ],
    )


async def get(
    installation: Installation, kind: str = "site", *, who: dict[str, str] | None = None, **more: str
) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    headers = {"accept-encoding": "identity", **await installation.headers(**(who or {})), **named}
    return await installation.http.get(f"/api/rss/{kind}", headers=headers)


async def until(call: Callable[[], Any], expected: object) -> None:
    """Return when ``await call()`` gives ``expected``."""
    for _ in range(200):
        if await call() == expected:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(await call())


async def test_each_kind_has_its_shape_and_each_vo_its_view(installation: Installation) -> None:
    await fill(installation)
    assert (await get(installation, "site")).json() == {"A": {"all": ACTIVE}}
    assert (await get(installation, "site", who=CAROL)).json() == {"A": {"all": BANNED}}
    assert (await get(installation, "compute")).json() == {"ce": {"all": ACTIVE}}
    assert (await get(installation, "fts")).json() == {"fts": {"all": ACTIVE}}
    assert (await get(installation, "storage", who=CAROL)).json() == {
        "se": dict.fromkeys(("read", "write", "check", "remove"), ACTIVE)
    }


async def test_nobody_sees_it_without_a_token(installation: Installation) -> None:
    for kind in KINDS:
        assert (await installation.http.get(f"/api/rss/{kind}")).status_code == 401


async def test_nothing_is_an_answer_too(installation: Installation) -> None:
    for kind in KINDS:
        answer = await get(installation, kind)
        assert (answer.status_code, answer.json()) == (200, {})
        assert answer.headers["Last-Modified"] == "Thu, 01 Jan 1970 00:00:00 GMT"


async def test_clients_that_have_it_get_nothing_new(installation: Installation) -> None:
    await fill(installation)
    first = await get(installation)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert tag.startswith('"')
    assert date == "Fri, 02 Jan 2026 03:04:05 GMT"
    assert {"Authorization", "Accept-Encoding"} <= set(first.headers["Vary"].split(", "))
    for more in ({"if_none_match": tag}, {"if_none_match": tag.strip('"')}, {"if_modified_since": date}):
        again = await get(installation, **more)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    packed = await get(installation, accept_encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert (packed.json(), packed.headers["ETag"] == tag) == (first.json(), False)
    assert (await get(installation, if_none_match=packed.headers["ETag"])).status_code == 304
    assert (await get(installation, who=CAROL, if_none_match=tag)).status_code == 200


async def test_changes_are_seen_soon_and_nobody_waits_for_them(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(installation)
    tag = (await get(installation)).headers["ETag"]
    await run(installation, update(site_status).values(Status="Degraded", Reason="slow"))
    assert (await get(installation, if_none_match=tag)).status_code == 304  # younger than five seconds
    monkeypatch.setattr(cache, "SOFT_SECONDS", 0.0)

    async def sites() -> Any:
        return (await get(installation)).json()

    await until(sites, {"A": {"all": {"allowed": True, "warnings": "slow"}}})
    assert (await get(installation, if_none_match=tag)).status_code == 200
    await run(installation, delete(site_status))
    await until(sites, {})


async def test_without_the_database_what_is_known_is_served_for_an_hour(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_tx: object) -> None:
        raise Unavailable("gone")

    await fill(installation)
    assert (await get(installation)).status_code == 200
    monkeypatch.setattr(installation.runtime.resource_status._database, "all", fails, raising=False)
    monkeypatch.setattr(cache, "SOFT_SECONDS", 0.0)
    for _ in range(3):
        assert (await get(installation)).json() == {"A": {"all": ACTIVE}}
        await asyncio.sleep(0)
    monkeypatch.setattr(cache, "HARD_SECONDS", 0.0)
    refused = await get(installation)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_the_database_is_asked_once_for_all_kinds_vos_and_requests(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, asked = installation.runtime.resource_status._database, []

    async def counting(tx: Transaction) -> list[ElementStatus]:
        asked.append(tx)
        return await ResourceStatusDB.all(database, tx)

    monkeypatch.setattr(database, "all", counting, raising=False)
    await asyncio.gather(*(get(installation, kind, who=who) for kind in KINDS for who in ({}, CAROL) for _ in range(3)))
    assert len(asked) == 1
