"""Finding and counting jobs."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, select

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import (
    ScalarSearchSpec,
    SearchParams,
    SearchSpec,
    SummaryParams,
    VectorSearchSpec,
)
from diracx_bridge.db.sql.job.schema import jobs
from diracx_bridge.db.sql.job_logging.db import JobLoggingDB
from diracx_bridge.db.sql.json_rows import row_objects, rows_as_json
from diracx_bridge.db.sql.pilot_agents.schema import job_to_pilot_mapping, pilot_agents
from diracx_bridge.db.sql.search import Page, search
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.summary import summary
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.jobs.history import histories

HISTORY: Final = "LoggingInfo"
PILOT: Final = "PilotStamp"


async def search_jobs(
    server: Server, filters: list[ScalarSearchSpec], params: SearchParams, *, page: int, per_page: int
) -> tuple[bytes, Page]:
    """The jobs that fit ``params`` and ``filters`` (what the caller may see), as JSON, and which page that is.

    The name ``LoggingInfo`` among the columns adds the history of each job, the filter ``PilotStamp`` finds the jobs of
    a pilot. A page beyond the end is empty and says how many jobs there are.

    Raises:
        InvalidQuery: see `diracx_bridge.db.sql.search.search`.
    """
    names = params.parameters
    with_history = names is not None and HISTORY in names
    if with_history:
        others = [name for name in names or () if name != HISTORY]
        names = sorted({*others, "JobID"}) if others else None
    conditions, also = _pilot_conditions(server, params.search)
    query = params.model_copy(update={"parameters": names, "search": [*conditions, *filters]})

    async def work(tx: Transaction) -> tuple[Page, list[dict[str, Any]]]:
        found = await search(tx, jobs, query, page=page, per_page=per_page, also=also)
        objects = await row_objects(jobs, found)
        if with_history and objects:
            past = await histories(tx, JobLoggingDB(), [job["JobID"] for job in objects])
            for job in objects:
                job[HISTORY] = past.get(job["JobID"], [])
        return found, objects

    found, objects = await server.read(work)
    return rows_as_json(objects), found


async def count_jobs(server: Server, filters: list[ScalarSearchSpec], params: SummaryParams) -> bytes:
    """How many jobs there are of each kind, as JSON.

    Raises:
        InvalidQuery: see `diracx_bridge.db.sql.summary.summary`.
    """
    conditions, also = _pilot_conditions(server, params.search)
    found = await server.read(lambda tx: summary(tx, jobs, params.grouping, [*conditions, *filters], also=also))
    return rows_as_json(await row_objects(jobs, found), zulu=False)


def _pilot_conditions(
    server: Server, specs: list[ScalarSearchSpec | VectorSearchSpec]
) -> tuple[list[SearchSpec], list[ColumnElement[bool]]]:
    """The filters on columns of jobs, and the condition that the filters on pilots come to."""
    pilots = [spec for spec in specs if spec.parameter == PILOT]
    others: list[SearchSpec] = [spec for spec in specs if spec.parameter != PILOT]
    if not pilots:
        return others, []
    if any(spec.parameter == "JobID" for spec in others):
        raise InvalidQuery("Filter by PilotStamp or by JobID, not by both")
    if "PilotAgentsDB" not in server.databases:
        raise InvalidQuery(
            "PilotStamp can't be searched here: DIRACX_DB_URL_PILOTAGENTSDB is not on the server of JobDB"
        )
    return others, [jobs.c.JobID.in_(_jobs_of_pilots(spec)) for spec in pilots]


def _jobs_of_pilots(spec: SearchSpec) -> Any:
    if spec.operator not in ("eq", "in"):
        raise InvalidQuery(f"PilotStamp is searched by eq and in only, not by {spec.operator}")
    stamps = spec.values if isinstance(spec, VectorSearchSpec) else [spec.value]
    return (
        select(job_to_pilot_mapping.c.JobID)
        .join(pilot_agents, pilot_agents.c.PilotID == job_to_pilot_mapping.c.PilotID)
        .where(pilot_agents.c.PilotStamp.in_([str(stamp) for stamp in stamps]))
    )
