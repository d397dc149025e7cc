"""Reading job parameters, as far as a user may see the jobs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import ScalarSearchSpec, SearchParams, SortDirection, SortSpec
from diracx_bridge.db.os.job_parameters import MOST_AMONG, Document, JobParametersDB
from diracx_bridge.db.pages import PageOf
from diracx_bridge.db.sql.job.job_reads import Ownership
from diracx_bridge.db.sql.job.schema import jobs
from diracx_bridge.db.sql.search import search
from diracx_bridge.db.sql.server import Server


async def parameters_of(
    store: JobParametersDB, jobs: Mapping[int, Ownership], names: Collection[str] | None
) -> dict[int, dict[str, Any]]:
    """By job: its parameters, those of ``names`` only if some are given; empty for a job without any.

    As in DIRAC, ``JobID`` and ``timestamp`` (of the last change, ms since 1970) are among them.

    Raises:
        Unavailable: the store does not answer.
    """
    by_vo: dict[str, list[int]] = {}
    for job_id, job in jobs.items():
        by_vo.setdefault(job.vo, []).append(job_id)
    documents: dict[int, dict[str, Any]] = {}
    for vo, ids in by_vo.items():
        documents |= await store.read(vo, ids)
    return {
        job_id: {name: value for name, value in documents.get(job_id, {}).items() if not names or name in names}
        for job_id in jobs
    }


async def search_parameters(
    store: JobParametersDB,
    server: Server,
    filters: Iterable[ScalarSearchSpec],
    params: SearchParams,
    *,
    page: int,
    per_page: int,
) -> PageOf[Document]:
    """The documents that fit ``params``, of jobs that fit ``filters`` (what the caller may see).

    Raises:
        InvalidQuery: see `JobParametersDB.search`; or the caller sees his own jobs only, and has too many of them.
        Unavailable: the store does not answer.
    """
    limits = list(filters)
    vo = next((str(spec.value) for spec in limits if spec.parameter == "VO"), None)
    among = None
    if any(spec.parameter != "VO" for spec in limits):  # documents know no owner
        among = await _ids(server, limits, params)
    return await store.search(vo, params, page=page, per_page=per_page, among=among)


async def _ids(server: Server, limits: list[ScalarSearchSpec], params: SearchParams) -> list[int]:
    by_id = [spec for spec in params.search if spec.parameter == "JobID"]
    newest = SortSpec(parameter="JobID", direction=SortDirection.DESC)
    query = SearchParams(parameters=["JobID"], search=[*limits, *by_id], sort=[newest])
    found = await server.read(lambda tx: search(tx, jobs, query, page=1, per_page=MOST_AMONG))
    if found.total > len(found.rows):
        raise InvalidQuery(
            f"You see your own jobs only, and have {found.total}: add a condition on JobID, so that at most "
            f"{MOST_AMONG} are left"
        )
    return [row[0] for row in found.rows]
