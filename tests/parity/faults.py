"""Faults that a test plants into the services: `plant(name)` is done by the process of the server before it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from diracx_bridge.core.errors import PermissionDenied
from diracx_bridge.core.properties import GENERIC_PILOT
from diracx_bridge.db.sql.job_logging.db import JobLoggingDB
from diracx_bridge.services.jobs import parameter_routes, search, status
from diracx_bridge.services.jobs.delivery import Delivery
from diracx_bridge.services.policies import JobPolicy


def _planned(change: Callable[[Any], None]) -> None:
    plan_status = status.plan_status

    def changed(*args: Any, **kwargs: Any) -> Any:
        plan = plan_status(*args, **kwargs)
        change(plan)
        return plan

    status.plan_status = changed


def _wrong_minor_status() -> None:
    def change(plan: Any) -> None:
        plan.minor_status = plan.minor_status and "Something else"

    _planned(change)


def _extra_log_row() -> None:
    def change(plan: Any) -> None:
        plan.log.append(plan.log[-1])

    _planned(change)


def _off_by_one_second() -> None:
    append = JobLoggingDB.append

    async def later(self: JobLoggingDB, tx: Any, records: Mapping[int, Sequence[Any]]) -> None:
        shifted = {job: [r._replace(time=r.time + timedelta(seconds=1)) for r in rows] for job, rows in records.items()}
        await append(self, tx, shifted)

    JobLoggingDB.append = later  # type: ignore[method-assign]


def _lost_parameter() -> None:
    put = Delivery.put

    async def losing(self: Delivery, tx: Any, vos: Any, values: Mapping[int, Mapping[str, Any]]) -> None:
        await put(self, tx, vos, {job: dict(list(named.items())[1:]) for job, named in values.items()})

    Delivery.put = losing  # type: ignore[method-assign]


def _no_pilots() -> None:
    may_change = JobPolicy.may_change

    def refusing(self: JobPolicy, user: Any, *args: Any, **kwargs: Any) -> None:
        if user.has(GENERIC_PILOT):
            raise PermissionDenied("No pilots")
        may_change(self, user, *args, **kwargs)

    JobPolicy.may_change = refusing  # type: ignore[method-assign]


def _wrong_in_reads() -> None:
    """Every reading route gives something else of a job."""
    row_objects, parameters_of = search.row_objects, parameter_routes.parameters_of

    async def rows(*args: Any) -> Any:
        return [{**row, "MinorStatus": "Something else"} for row in await row_objects(*args)]

    async def parameters(*args: Any) -> Any:
        return {job: {**named, "HostName": "another"} for job, named in (await parameters_of(*args)).items()}

    search.row_objects = rows
    parameter_routes.parameters_of = parameters


def _lost_jobs() -> None:
    """Searches do not find the newest job."""
    row_objects = search.row_objects

    async def rows(*args: Any) -> Any:
        return (await row_objects(*args))[:-1]

    search.row_objects = rows


FAULTS: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "wrong minor status": _wrong_minor_status,
    "off by one second": _off_by_one_second,
    "lost parameter": _lost_parameter,
    "extra log row": _extra_log_row,
    "403 for pilots": _no_pilots,
    "wrong in reads": _wrong_in_reads,
    "lost jobs": _lost_jobs,
}


def plant(name: str) -> None:
    """Plant the fault ``name`` into this process."""
    FAULTS[name]()
