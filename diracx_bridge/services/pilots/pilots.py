"""Registering, changing, finding and counting pilots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from diracx_bridge.core.errors import AlreadyExists, InvalidInput, InvalidQuery, NotFound
from diracx_bridge.core.extensions import load
from diracx_bridge.core.models.pilots import PilotMetadata, PilotRegistrationParams
from diracx_bridge.core.models.search import ScalarSearchSpec, SearchParams, SearchSpec, SummaryParams
from diracx_bridge.db.sql.bridge.db import BridgeDB
from diracx_bridge.db.sql.filters import conditions
from diracx_bridge.db.sql.json_rows import row_objects, rows_as_json
from diracx_bridge.db.sql.pilot_agents.db import PilotAgentsDB
from diracx_bridge.db.sql.pilot_agents.schema import job_to_pilot_mapping, pilot_agents
from diracx_bridge.db.sql.search import Page, search
from diracx_bridge.db.sql.server import Databases, Server
from diracx_bridge.db.sql.statement import LARGEST_ID
from diracx_bridge.db.sql.summary import summary
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.pilot_policy import PilotPolicy

DATABASE: Final = "PilotAgentsDB"
JOB: Final = "JobID"
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class PilotStores:
    """Where pilots are kept. ``bridge`` can be used if BridgeDB is on the same ``server``."""

    server: Server
    pilots: PilotAgentsDB
    bridge: BridgeDB

    @classmethod
    def of(cls, databases: Databases) -> PilotStores:
        """The stores, with the classes of extensions in place of ours.

        Raises:
            SettingsError: PilotAgentsDB has no URL.
        """
        classes = load("diracx_bridge.db.sql", {DATABASE: PilotAgentsDB, "BridgeDB": BridgeDB})
        return cls(databases.server_of(DATABASE), classes[DATABASE](), classes["BridgeDB"]())


async def register(
    tx: Transaction, stores: PilotStores, policy: PilotPolicy, user: Principal, pilot: PilotRegistrationParams
) -> None:
    """Register a pilot.

    Raises:
        AlreadyExists: there is a pilot with this stamp.
        PermissionDenied: the caller may not register it.
    """
    policy.may_change(user, [(pilot.pilot_stamp, pilot.vo)])
    added = await stores.pilots.register(
        tx,
        datetime.now(UTC),
        stamp=pilot.pilot_stamp,
        reference=pilot.pilot_reference or pilot.pilot_stamp,
        vo=pilot.vo,
        grid_type=pilot.grid_type,
        grid_site=pilot.grid_site,
        destination_site=pilot.destination_site,
        status=pilot.pilot_status.value,
    )
    if not added:
        raise AlreadyExists(f"There is a pilot with the stamp {pilot.pilot_stamp}")


async def update(
    stores: PilotStores, policy: PilotPolicy, user: Principal, updates: Mapping[str, PilotMetadata]
) -> None:
    """Change pilots, by stamp; all of them, or none.

    Raises:
        InvalidInput: a value fits no pilot.
        NotFound: some of the pilots do not exist; the message names them.
        PermissionDenied: the caller may not change one of them.
    """
    values = {stamp: _values(stamp, update) for stamp, update in updates.items()}
    policy.may_change(user, [])

    async def work(tx: Transaction) -> None:
        known = await stores.pilots.find(tx, values)
        if missing := sorted(values.keys() - {pilot.stamp for pilot in known}):
            more = " ..." if len(missing) > SHOWN else ""
            raise NotFound(f"No pilot has the stamp {', '.join(missing[:SHOWN])}{more}")
        policy.may_change(user, [(pilot.stamp, pilot.vo) for pilot in known])
        await stores.pilots.update(tx, {pilot.id: values[pilot.stamp] for pilot in known}, datetime.now(UTC))

    if values:
        await stores.server.write(work)


async def search_pilots(
    server: Server, filters: list[ScalarSearchSpec], params: SearchParams, *, page: int, per_page: int
) -> tuple[bytes, Page]:
    """The pilots that fit ``params`` and ``filters`` (what the caller may see), as JSON, and which page that is.

    The filter ``JobID`` finds the pilots that ran a job.

    Raises:
        InvalidQuery: see `diracx_bridge.db.sql.search.search`.
    """
    specs, also = _job_conditions(server, params.search)
    query = params.model_copy(update={"search": [*specs, *filters]})
    found = await server.read(lambda tx: search(tx, pilot_agents, query, page=page, per_page=per_page, also=also))
    return rows_as_json(await row_objects(pilot_agents, found)), found


async def count_pilots(server: Server, filters: list[ScalarSearchSpec], params: SummaryParams) -> bytes:
    """How many pilots there are of each kind, as JSON.

    Raises:
        InvalidQuery: see `diracx_bridge.db.sql.summary.summary`.
    """
    specs, also = _job_conditions(server, params.search)
    found = await server.read(lambda tx: summary(tx, pilot_agents, params.grouping, [*specs, *filters], also=also))
    return rows_as_json(await row_objects(pilot_agents, found), zulu=False)


def _values(stamp: str, update: PilotMetadata) -> dict[str, Any]:
    given = update.model_dump(by_alias=True, exclude_none=True, mode="json")
    if not 0 <= given.get("CurrentJobID", 0) <= LARGEST_ID:
        raise InvalidInput(f"Pilot {stamp}: CurrentJobID {given['CurrentJobID']} is no job: 0 to {LARGEST_ID} are")
    if "AccountingSent" in given:
        given["AccountingSent"] = str(given["AccountingSent"])
    return given


def _job_conditions(server: Server, specs: list[Any]) -> tuple[list[SearchSpec], list[ColumnElement[bool]]]:
    """The filters on columns of pilots, and the condition that those on jobs come to."""
    of_jobs = [spec for spec in specs if spec.parameter == JOB]
    for spec in of_jobs:
        if spec.operator not in ("eq", "in"):
            raise InvalidQuery(f"{JOB} is searched by eq and in only, not by {spec.operator}")
    c = job_to_pilot_mapping.c
    also: list[ColumnElement[bool]] = [
        pilot_agents.c.PilotID.in_(select(c.PilotID).where(condition))
        for condition in conditions(job_to_pilot_mapping, of_jobs, server.dialect)
    ]
    return [spec for spec in specs if spec.parameter != JOB], also
