"""Setting up the stores that environment variables name, and inspecting them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from diracx_bridge.core.errors import SettingsError, Unavailable
from diracx_bridge.db.sql.bridge.db import BridgeDB
from diracx_bridge.db.sql.check import Finding, check
from diracx_bridge.db.sql.init import create_all
from diracx_bridge.db.sql.server import Databases, Server
from diracx_bridge.db.sql.urls import urls_from

OPENSEARCH = "DIRACX_OS_DB_JOBPARAMETERSDB"
PREFIX = "DIRACX_FACTORY_OS_GLOBAL_PREFIX"
OUTBOX = "JobParametersOutbox"
LATE = timedelta(minutes=10)


async def initialize(environment: Mapping[str, str], names: Sequence[str] | None = None) -> list[str]:
    """Create what is missing; the answer says in lines what was done.

    Raises:
        SettingsError: nothing is configured, a name is not, or it is one that DIRAC creates.
        Unavailable: a server does not answer.
    """
    databases = Databases(_urls(environment))
    lines = []
    try:
        for name, tables in (await create_all(databases, names)).items():
            lines.append(f"{name}: created {', '.join(tables)}" if tables else f"{name}: all tables are there")
    finally:
        await databases.close()
    if names is None and environment.get(OPENSEARCH):
        lines.append(f"OpenSearch: index template {await _create_template(environment)}")
    return lines


async def inspect(environment: Mapping[str, str]) -> tuple[list[Finding], list[str]]:
    """What is wrong with the configured databases, and the names of the databases that were looked at.

    Raises:
        SettingsError: nothing is configured, or a URL is wrong.
    """
    urls = _urls(environment)
    databases = Databases(urls)
    try:
        findings = await check(databases)
        if "BridgeDB" in databases and not any(f.fatal for f in findings if f.database == "BridgeDB"):
            findings += await _inspect_outbox(databases.server_of("BridgeDB"))
    finally:
        await databases.close()
    if environment.get(OPENSEARCH):
        findings += await _inspect_opensearch(environment)
    return findings, [*urls, *(["JobParametersDB"] if environment.get(OPENSEARCH) else [])]


async def _inspect_outbox(server: Server) -> list[Finding]:
    bridge = BridgeDB()
    backlog = await server.read(bridge.backlog)
    findings = []
    if backlog.since is not None and datetime.now(UTC) - backlog.since > LATE:
        late = f"has {backlog.waiting} job parameters that wait since {backlog.since:%Y-%m-%d %H:%M} UTC"
        findings.append(Finding("warning", "BridgeDB", OUTBOX, f"{late}: does OpenSearch work?"))
    if backlog.refused:
        shown = await server.read(lambda tx: bridge.refused_parameters(tx, most=3))
        examples = "; ".join(f"job {job}: {reason}" for job, reason in shown)
        refused = (
            f"has {backlog.refused} job parameters that their store refused ({examples}): correct Document and set "
            "Problem to NULL, or delete the rows"
        )
        findings.append(Finding("warning", "BridgeDB", OUTBOX, refused))
    return findings


def _urls(environment: Mapping[str, str]) -> dict[str, str]:
    urls = urls_from(environment)
    if not urls:
        raise SettingsError("No database is configured: set DIRACX_DB_URL_AUTHDB, DIRACX_DB_URL_JOBDB and the others")
    return urls


async def _create_template(environment: Mapping[str, str]) -> str:
    from diracx_bridge.db.os.opensearch import OpenSearchJobParameters

    store = OpenSearchJobParameters(_arguments(environment), prefix=environment.get(PREFIX, ""))
    try:
        return await store.create_template()
    finally:
        await store.close()


async def _inspect_opensearch(environment: Mapping[str, str]) -> list[Finding]:
    from diracx_bridge.db.os.opensearch import OpenSearchJobParameters

    store = OpenSearchJobParameters(_arguments(environment), prefix=environment.get(PREFIX, ""))
    try:
        if not await store.has_template():
            missing = "has no index template, so new indices get guessed types: create it with `diracx-bridge db init`"
            return [Finding("warning", "JobParametersDB", "OpenSearch", missing)]
    except Unavailable as error:
        return [Finding("error", "JobParametersDB", "OpenSearch", str(error))]
    finally:
        await store.close()
    return []


def _arguments(environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        arguments = json.loads(environment[OPENSEARCH])
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        raise SettingsError(f"{OPENSEARCH} must be a JSON object: the arguments of AsyncOpenSearch")
    return arguments
