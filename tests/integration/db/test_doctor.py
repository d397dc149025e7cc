"""The doctor looks at real databases: schema, rights, and whether they answer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from diracx_bridge.cli.doctor.databases import of_databases
from tests.servers.sql_server import SqlServer


def told(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, str]:
    """By level: the causes, one after the other, of what is found of JobDB at ``url``."""
    monkeypatch.setenv("DIRACX_DB_URL_JOBDB", url)
    found = of_databases()
    assert all(diagnosis.affected and diagnosis.remedy for diagnosis in found)
    return {level: "\n".join(d.cause for d in found if d.level == level) for level in ("error", "warning")}


def test_missing_grants_and_an_absent_server_are_told(
    mariadb: SqlServer, mariadb_urls: Mapping[str, str], worker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = mariadb_urls["JobDB"]
    assert told(monkeypatch, url)["error"] == ""
    name, user = url.rpartition("/")[2], f"doctored_{worker}"
    mariadb.execute(
        f"CREATE OR REPLACE USER {user}@127.0.0.1 IDENTIFIED BY 'secret';"
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name}.* TO {user}@127.0.0.1;"
        f"REVOKE UPDATE, DELETE ON {name}.* FROM {user}@127.0.0.1"
    )
    without = told(monkeypatch, url.replace("Dirac:Dirac", f"{user}:secret"))["error"]
    assert "JobDB Jobs the user may not UPDATE, DELETE: grant it" in without
    absent = told(monkeypatch, url.replace(str(mariadb.port), "9"))["error"]
    assert "JobDB" in absent
    assert "Dirac:Dirac" not in absent
