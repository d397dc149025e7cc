from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diracx_bridge.cli.db import app
from diracx_bridge.db.sql.check import Finding, check
from diracx_bridge.db.sql.job.schema import JOB_DB
from diracx_bridge.db.sql.rights import NEEDED
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.db.sql.urls import variable
from tests.servers.databases import DIRAC_DATABASES, OUR_DATABASES, WorkerDatabases
from tests.servers.sql_server import SqlServer


async def findings(urls: Mapping[str, str], *names: str) -> list[Finding]:
    databases = Databases(urls)
    try:
        return await check(databases, names)
    finally:
        await databases.close()


ADVICE = (
    "JobDB Jobs has no index on (VO, Status, Site): searches there read the whole table; "
    "ALTER TABLE Jobs ADD INDEX (VO, Status, Site)"
)


async def test_nothing_but_an_advice_is_found_in_databases_as_dirac_and_we_make_them(databases: Databases) -> None:
    advised = [] if databases.server_of("JobDB").dialect == "sqlite" else [f"warning: {ADVICE}"]
    assert [f"{finding.level}: {finding}" for finding in await check(databases)] == advised


@pytest.fixture
def damaged(mariadb: SqlServer, worker_databases: WorkerDatabases, worker: str) -> Mapping[str, str]:
    """Copies of two of DIRAC's databases, to be damaged, with the advised index; no trigger, no foreign keys."""
    urls = {}
    advised = ADVICE.partition("; ")[2]
    for name in ("JobDB", "JobLoggingDB"):
        copy, original = f"Damaged{name}_{worker}", worker_databases.names[name]
        mariadb.execute(f"DROP DATABASE IF EXISTS {copy}; CREATE DATABASE {copy}")
        for table in mariadb.execute(f"SHOW TABLES FROM {original}").split():
            mariadb.execute(f"CREATE TABLE {copy}.{table} LIKE {original}.{table}")
        if name == "JobDB":
            mariadb.execute(advised, copy)
        urls[name] = mariadb.url(copy)
    return urls


def run_on(server: SqlServer, urls: Mapping[str, str], name: str, statements: str) -> None:
    server.execute(statements, urls[name].rpartition("/")[2])


async def one_finding(urls: Mapping[str, str], name: str) -> str:
    found = await findings(urls, name)
    assert len(found) == 1, [str(finding) for finding in found]
    return f"{found[0].level}: {found[0]}"


async def test_a_log_without_its_trigger_is_found(damaged: Mapping[str, str]) -> None:
    assert (await one_finding(damaged, "JobLoggingDB")).startswith(
        "error: JobLoggingDB LoggingInfo the trigger SeqNumGenerator is missing"
    )


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("ALTER TABLE Jobs DROP COLUMN VerifiedFlag", "error: JobDB Jobs.VerifiedFlag is missing"),
        (
            "ALTER TABLE Jobs MODIFY Site VARCHAR(10) NOT NULL DEFAULT 'ANY'",
            "error: JobDB Jobs.Site is varchar(10), not",
        ),
        (
            "ALTER TABLE Jobs MODIFY JobID INT NOT NULL DEFAULT 0",
            "warning: JobDB Jobs.JobID is int(11), not integer unsig",
        ),
        ("ALTER TABLE Jobs ALTER VO DROP DEFAULT", "warning: JobDB Jobs.VO has no default"),
        ("ALTER TABLE Jobs DROP KEY StatusSite", "warning: JobDB Jobs has no index on (Status, Site)"),
        (
            "ALTER TABLE JobCommands DROP PRIMARY KEY",
            "warning: JobDB JobCommands has the primary key (), not (JobID, Ar",
        ),
        ("ALTER TABLE Jobs ENGINE=MyISAM", "error: JobDB Jobs has the engine MyISAM"),
        ("DROP TABLE JobCommands", "error: JobDB JobCommands is missing: create it with `dirac-install-db JobDB`"),
        ("DROP TABLE InputData", "error: JobDB InputData is missing"),
        ("ALTER TABLE InputData DROP COLUMN Status", "error: JobDB InputData.Status is missing"),
    ],
)
async def test_a_difference_is_found_with_its_weight(
    mariadb: SqlServer, damaged: Mapping[str, str], statement: str, expected: str
) -> None:
    assert await findings(damaged, "JobDB") == []
    run_on(mariadb, damaged, "JobDB", statement)
    assert (await one_finding(damaged, "JobDB")).startswith(expected)


async def test_missing_rights_are_found(mariadb: SqlServer, mariadb_urls: Mapping[str, str], worker: str) -> None:
    url = mariadb_urls["JobDB"]
    name, user = url.rpartition("/")[2], f"reader_{worker}@127.0.0.1"
    mariadb.execute(
        f"CREATE OR REPLACE USER {user} IDENTIFIED BY 'secret'; GRANT SELECT ON {name}.* TO {user};"
        f"GRANT UPDATE ON {name}.Jobs TO {user}; GRANT INSERT ON {name}.JobCommands TO {user}"
    )
    found = await findings({"JobDB": url.replace("Dirac:Dirac", f"reader_{worker}:secret")}, "JobDB")
    assert {finding.subject: finding.message for finding in found} == {
        **{
            table.name: f"the user may not {', '.join(NEEDED[table.name][1:])}: grant it"
            for table in JOB_DB.tables.values()
        },
        "Jobs": "the user may not INSERT, DELETE: grant it",
        "JobCommands": "the user may not UPDATE, DELETE: grant it",
    }


async def test_a_server_that_refuses_or_does_not_answer_is_a_finding_without_the_password(
    mariadb: SqlServer, mariadb_urls: Mapping[str, str]
) -> None:
    url = mariadb_urls["JobDB"]
    for broken in (url.replace("Dirac:Dirac", "Dirac:s3cret"), url.replace(str(mariadb.port), "9"), url + "x"):
        line = await one_finding({"JobDB": broken}, "JobDB")
        assert line.startswith("error: JobDB server")
        assert "s3cret" not in line


async def test_job_databases_on_different_servers_are_found(mariadb_urls: Mapping[str, str], tmp_path: Path) -> None:
    urls = {"JobDB": mariadb_urls["JobDB"], "JobLoggingDB": f"sqlite+aiosqlite:///{tmp_path}/log.db"}
    found = [str(finding) for finding in await findings(urls, "JobDB", "JobLoggingDB")]
    assert "JobLoggingDB LoggingInfo is missing: create it with `diracx-bridge db init JobLoggingDB`" in found
    assert any("must name one server" in line for line in found)


def test_the_command_creates_and_checks_what_the_environment_names(tmp_path: Path) -> None:
    names = (*DIRAC_DATABASES, *OUR_DATABASES)
    environment = {variable(name): f"sqlite+aiosqlite:///{tmp_path}/all.db" for name in names}
    run = CliRunner(env=environment).invoke
    before = run(app, ["check", "--json"])
    assert before.exit_code == 1
    assert {finding["database"] for finding in json.loads(before.stdout)} == set(names)
    assert "JobDB: created JobJDLs, Jobs" in run(app, ["init"]).stdout
    after = run(app, ["check"])
    assert after.exit_code == 0
    assert after.stdout.count("has what the services need") == len(names)
    assert "JobDB: all tables are there" in run(app, ["init", "JobDB"]).stdout
