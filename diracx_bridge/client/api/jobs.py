"""The operations on jobs, as steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NamedTuple

from diracx_bridge.client.api.pages import Page, Pages
from diracx_bridge.client.api.steps import Call, Pause, Steps, json_of
from diracx_bridge.core.errors import InvalidInput, NoRoute, ServerRefused, Unavailable

Ids = int | Iterable[int]
Search = Sequence[Mapping[str, Any]]

FINAL: Final = frozenset({"Done", "Completed", "Failed", "Killed", "Deleted"})
"""States in which nothing more happens to a job by itself."""
PAGE: Final = 1000
OUTAGE: Final = 600.0
"""Seconds that a server may be away while somebody waits for jobs: an upgrade, a restart."""
CHUNK: Final = 1000
"""So many ids go into one request."""
STATUS_COLUMNS: Final = ("JobID", "Status", "MinorStatus", "ApplicationStatus", "Site")


class BulkOutcome(NamedTuple):
    """What became of each job: ``success`` maps ids to what the server says of them, ``failed`` to the reason."""

    success: dict[int, Any]
    failed: dict[int, str]


def submit(jdls: str | Sequence[str]) -> Steps[list[dict[str, Any]]]:
    """Submit jobs by their JDLs; one JDL may be parametric. The answer has ``JobID`` and ``Status`` of each new job.

    A parametric submission is confirmed at once, so its jobs start as those of any other.
    """
    response = yield Call("POST", "/api/jobs/jdl", [jdls] if isinstance(jdls, str) else list(jdls))
    made: list[dict[str, Any]] = response.json()
    unconfirmed = [job["JobID"] for job in made if job["Status"] == "Submitting"]
    if unconfirmed:
        outcome = yield from _bulk("confirm", unconfirmed, "Received", "Job accepted")
        for job in made:
            if job["JobID"] in outcome.success:
                job.update(Status="Received", MinorStatus="Job accepted")
    return made


def search(
    search: Search = (),
    *,
    parameters: Sequence[str] | None = None,
    sort: Search = (),
    distinct: bool = False,
    size: int = PAGE,
) -> Pages[dict[str, Any]]:
    """All jobs that fit, one after the other; pages of ``size`` are fetched as they are needed."""
    ask = partial(page, search, parameters=parameters, sort=sort, distinct=distinct, size=size)
    return Pages(lambda number: ask(number=number))


def page(
    search: Search = (),
    *,
    parameters: Sequence[str] | None = None,
    sort: Search = (),
    distinct: bool = False,
    number: int = 1,
    size: int = 100,
) -> Steps[Page[dict[str, Any]]]:
    """One page of the jobs that fit; ``parameters`` names columns, ``sort`` has ``parameter`` and ``direction``."""
    body: dict[str, Any] = {"search": list(search), "sort": list(sort), "distinct": distinct}
    if parameters is not None:
        body["parameters"] = list(parameters)
    response = yield Call("POST", "/api/jobs/search", body, {"page": number, "per_page": size})
    rows: list[dict[str, Any]] = response.json()
    total = response.headers.get("content-range", "").rpartition("/")[2]
    return Page(rows, int(total) if total.isdigit() else len(rows))


def summary(grouping: Sequence[str], search: Search = ()) -> Steps[list[dict[str, Any]]]:
    """How many jobs there are for each combination of values of the columns ``grouping``: rows with ``count``."""
    response = yield Call("POST", "/api/jobs/summary", {"grouping": list(grouping), "search": list(search)})
    return list(response.json())


def status(job_ids: Ids) -> Steps[dict[int, dict[str, Any]]]:
    """By id: ``Status``, ``MinorStatus``, ``ApplicationStatus`` and ``Site``. Jobs that don't exist are absent."""
    found = yield from _rows(job_ids, STATUS_COLUMNS)
    return {row.pop("JobID"): row for row in found}


def attributes(job_ids: Ids) -> Steps[dict[int, dict[str, Any]]]:
    """By id: all columns of the job."""
    return {row["JobID"]: row for row in (yield from _rows(job_ids, None))}


def log(job_ids: Ids) -> Steps[dict[int, list[dict[str, Any]]]]:
    """By id: the records of its history, oldest first: the three statuses, ``StatusTime`` and ``Source``."""
    found = yield from _rows(job_ids, ("JobID", "LoggingInfo"))
    return {row["JobID"]: row["LoggingInfo"] for row in found}


def parameters(job_ids: Ids) -> Steps[dict[int, dict[str, Any]]]:
    """By id: the job parameters, with JobID and the time of the last change. Raises `NoRoute` at an official server."""
    found: dict[int, dict[str, Any]] = {}
    for chunk in _chunks(job_ids):
        response = yield Call("POST", "/api/jobs/parameters", {"job_ids": chunk}, operation="read job parameters")
        found.update({int(job): values for job, values in response.json().items()})
    return found


def jdl(job_id: int, *, original: bool = False) -> Steps[str]:
    """The JDL that is executed, or the one that was submitted. Raises `NoRoute` at an official server."""
    query = {"original": str(original).lower()}
    response = yield Call("GET", f"/api/jobs/{job_id}/jdl", params=query, operation="read JDLs")
    return str(json_of(response)["JDL"])


def kill(job_ids: Ids) -> Steps[BulkOutcome]:
    """Stop jobs: those that run are told so at their next heartbeat."""
    return (yield from _bulk("kill", _ids(job_ids), "Killed", "Marked for termination"))


def delete(job_ids: Ids) -> Steps[BulkOutcome]:
    """Stop jobs and mark them for removal."""
    return (yield from _bulk("delete", _ids(job_ids), "Deleted", "Checking accounting"))


def reschedule(job_ids: Ids, *, reset: bool = False) -> Steps[BulkOutcome]:
    """Run jobs again from the start; ``reset`` sets the count of their reschedulings to 0."""
    success: dict[int, Any] = {}
    failed: dict[int, str] = {}
    for chunk in _chunks(job_ids):
        query = {"reset_jobs": str(reset).lower()}
        _sort_out(
            (yield from _answer(Call("POST", "/api/jobs/reschedule", {"job_ids": chunk}, query))), success, failed
        )
    return BulkOutcome(success, failed)


def wait(
    job_ids: Ids,
    *,
    until: Collection[str] = FINAL,
    timeout: float | None = None,
    poll: float = 10.0,
    progress: Callable[[dict[int, dict[str, Any]]], None] | None = None,
) -> Steps[dict[int, dict[str, Any]]]:
    """Wait until every job is in one of the states ``until``; the statuses then. ``poll`` and ``timeout`` in seconds.

    A server that has answered may be away for `OUTAGE` seconds.

    Raises:
        Unavailable: the time is over, and the message says how many jobs are not there yet; or the server is away.
        InvalidInput: a job does not exist.
    """
    wanted = _ids(job_ids)
    end = None if timeout is None else time.monotonic() + timeout
    back_by: float | None = 0.0  # until the first answer
    while True:
        try:
            now = yield from status(wanted)
        except Unavailable:
            back_by = time.monotonic() + OUTAGE if back_by is None else back_by
            if time.monotonic() + poll > min(back_by, back_by if end is None else end):
                raise
            yield Pause(poll)
            continue
        back_by = None
        if missing := [job for job in wanted if job not in now]:
            raise InvalidInput(f"No such job: {', '.join(map(str, missing[:10]))}")
        if progress is not None:
            progress(now)
        waiting = [job for job in wanted if now[job]["Status"] not in until]
        if not waiting:
            return now
        if end is not None and time.monotonic() + poll > end:
            raise Unavailable(
                f"After {timeout:g} s {len(waiting)} of {len(wanted)} jobs are not in one of the states "
                f"{', '.join(sorted(until))}: {', '.join(map(str, waiting[:10]))}"
            )
        yield Pause(poll)


def _bulk(action: str, job_ids: list[int], state: str, minor: str) -> Steps[BulkOutcome]:
    """Our route for ``action``; where the server has none, the change of status that official clients make instead."""
    success: dict[int, Any] = {}
    failed: dict[int, str] = {}
    for chunk in _chunks(job_ids):
        call = Call("POST", f"/api/jobs/{action}", {"job_ids": chunk}, operation=f"{action} jobs")
        try:
            answer = yield from _answer(call)
        except NoRoute:
            update = {str(datetime.now(UTC)): {"Status": state, "MinorStatus": minor, "Source": "diracx-bridge"}}
            answer = yield from _answer(Call("PATCH", "/api/jobs/status", {str(job): update for job in chunk}))
        _sort_out(answer, success, failed)
    return BulkOutcome(success, failed)


def _answer(call: Call) -> Steps[Mapping[str, Any]]:
    """The answer of a bulk route, also where the server makes an error of it because nothing succeeded."""
    try:
        response = yield call
    except ServerRefused as error:
        if isinstance(error.detail, Mapping) and "failed" in error.detail:
            return error.detail
        raise
    answer: Mapping[str, Any] = response.json()
    return answer


def _sort_out(answer: Mapping[str, Any], success: dict[int, Any], failed: dict[int, str]) -> None:
    failed.update({int(job): str(reason.get("detail", reason)) for job, reason in answer.get("failed", {}).items()})
    success.update({int(job): said for job, said in answer.get("success", {}).items() if int(job) not in failed})


def _rows(job_ids: Ids, columns: Sequence[str] | None) -> Steps[list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    for chunk in _chunks(job_ids):
        condition = {"parameter": "JobID", "operator": "in", "values": chunk}
        found += (yield from page([condition], parameters=columns, size=CHUNK)).rows
    return found


def _ids(job_ids: Ids) -> list[int]:
    return list(dict.fromkeys([job_ids] if isinstance(job_ids, int) else map(int, job_ids)))


def _chunks(job_ids: Ids) -> Iterable[list[int]]:
    wanted = _ids(job_ids)
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
