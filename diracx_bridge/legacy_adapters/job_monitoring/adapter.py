"""JobMonitoring on DiracX routes: legacy arguments in, legacy values out, errors raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.client.sync import SyncDiracxClient
from diracx_bridge.core.errors import InvalidInput, LegacyError, NoEquivalent, ServerRefused
from diracx_bridge.core.properties import GENERIC_PILOT, JOB_MONITOR
from diracx_bridge.legacy_adapters.job_monitoring.values import (
    ATTRIBUTES,
    conditions,
    job_numbers,
    known_attributes,
    legacy_row,
    moment,
    one_decimal,
)

PAGE: Final = 10_000
STATES: Final = ("Status", "MinorStatus", "ApplicationStatus")
LogRecord = tuple[str, str, str, str, str]
Attributes = dict[str, Any]


class JobMonitoring:
    """The methods of the legacy service; see its contract for arguments and values.

    Attributes and logs are read at every DiracX server, the rest at servers of the bridge: an official one has no route
    for it, and the method raises `NoEquivalent`.
    """

    def __init__(self, client: SyncDiracxClient) -> None:
        self._client = client

    def getJobs(self, attrDict: Mapping[str, Any] | None = None, cutDate: str | datetime | None = None) -> list[str]:
        """Ids, as texts, of the jobs with these attributes (a value, or a list of values that will do)."""
        return [str(row["JobID"]) for row in self._search(conditions(attrDict, cutDate), ["JobID"])]

    def getJobJDL(self, jobID: int, original: bool) -> str | list[str]:
        """The JDL of a job, executed or original; an empty list for an unknown job."""
        found = self._of_job(jobID, "jdl", "getJobJDL", original=str(bool(original)).lower())
        return [] if found is None else str(found["JDL"])

    def getJobLoggingInfo(self, jobID: int) -> list[LogRecord]:
        """The history of a job, oldest first."""
        (job,) = job_numbers(jobID)
        rows = self._search([_equals(job)], ["JobID", "LoggingInfo"])
        if not rows or not rows[0]["LoggingInfo"]:
            raise LegacyError(f"No Logging information for job {jobID}")
        return [
            (
                record["Status"],
                record["MinorStatus"],
                record["ApplicationStatus"],
                str(moment(record["StatusTime"])),
                record["Source"],
            )
            for record in rows[0]["LoggingInfo"]
        ]

    def getJobsStates(self, jobIDs: str | int | Sequence[Any]) -> dict[int, Attributes]:
        """The three statuses of jobs; jobs that do not exist are absent."""
        return self._attributes(jobIDs, STATES)

    def getJobsStatus(self, jobIDs: str | int | Sequence[Any]) -> dict[int, Attributes]:
        """The Status of jobs."""
        return self._attributes(jobIDs, ("Status",))

    def getJobsMinorStatus(self, jobIDs: str | int | Sequence[Any]) -> dict[int, Attributes]:
        """The MinorStatus of jobs."""
        return self._attributes(jobIDs, ("MinorStatus",))

    def getJobsApplicationStatus(self, jobIDs: str | int | Sequence[Any]) -> dict[int, Attributes]:
        """The ApplicationStatus of jobs."""
        return self._attributes(jobIDs, ("ApplicationStatus",))

    def getJobsSites(self, jobIDs: str | int | Sequence[Any]) -> dict[int, Attributes]:
        """The Site of jobs."""
        return self._attributes(jobIDs, ("Site",))

    def getJobSummary(self, jobID: int) -> Attributes:
        """All attributes of a job."""
        return self.getJobAttributes(jobID)

    def getJobsSummary(self, jobIDs: Sequence[Any]) -> dict[int, Attributes]:
        """All attributes of jobs."""
        return self._attributes(jobIDs, ATTRIBUTES)

    def getJobParameter(self, jobID: str | int, parName: str) -> Attributes:
        """One parameter of a job."""
        (job,) = job_numbers(jobID)
        return self._parameters([job], parName).get(job, {})

    def getJobParameters(self, jobIDs: str | int | Sequence[Any], parName: str | None = None) -> dict[int, Attributes]:
        """The parameters of jobs, all of them or one; each job that was asked for is there."""
        jobs = job_numbers(jobIDs)
        found = self._parameters(jobs, parName)
        return {job: found.get(job, {}) for job in jobs}

    def getJobAttributes(self, jobID: int, attrList: Sequence[str] | None = None) -> Attributes:
        """Attributes of a job, all of them without a list; nothing for an unknown job."""
        (job,) = job_numbers(jobID)
        return self._attributes([job], known_attributes(attrList or ATTRIBUTES)).get(job, {})

    def getJobAttribute(self, jobID: int, attribute: str) -> Any:
        """One attribute of a job; None for an unknown job."""
        return self.getJobAttributes(jobID, [attribute]).get(attribute)

    def getJobHeartBeatData(self, jobID: int) -> list[tuple[str, str, str]]:
        """What a job told of itself while it ran: names, numbers with one decimal, times."""
        beats = self._of_job(jobID, "heartbeats", "getJobHeartBeatData") or ()
        return [(b["Name"], one_decimal(b["Value"]), str(moment(b["HeartBeatTime"]))) for b in beats]

    def getInputData(self, jobID: int | Sequence[int]) -> list[str] | dict[int, list[str]]:
        """The LFNs of a job, or of jobs by id for a list."""
        jobs = job_numbers(jobID)
        with _needs_bridge("getInputData"):
            answer = self._client.request("POST", "/api/jobs/input-data", json={"job_ids": jobs}).json()
        found: dict[int, list[str]] = {int(job): lfns for job, lfns in answer.items()}
        if isinstance(jobID, int | str):
            return found.get(jobs[0], [])
        return {job: found.get(job, []) for job in jobs}

    def _of_job(self, job_id: object, what: str, method: str, **query: str) -> Any:
        """What the route of one job gives; None for a job that does not exist or may not be seen."""
        (job,) = job_numbers(job_id)
        try:
            with _needs_bridge(method):
                return self._client.request("GET", f"/api/jobs/{job}/{what}", params=query).json()
        except ServerRefused as error:
            if error.status in (403, 404):
                return None
            raise

    def _attributes(self, job_ids: object, names: Sequence[str]) -> dict[int, Attributes]:
        found: dict[int, Attributes] = {}
        jobs = job_numbers(job_ids)
        for start in range(0, len(jobs), PAGE):
            wanted = {"parameter": "JobID", "operator": "in", "values": jobs[start : start + PAGE]}
            for row in self._search([wanted], sorted({"JobID", *names})):
                found[row["JobID"]] = {name: value for name, value in legacy_row(row).items() if name in names}
        return found

    def _parameters(self, jobs: Sequence[int], name: str | None) -> dict[int, Attributes]:
        body = {"job_ids": list(jobs), "names": None if name is None else [name]}
        with _needs_bridge("getJobParameters"):
            answer = self._client.request("POST", "/api/jobs/parameters", json=body).json()
        return {int(job): values for job, values in answer.items()}

    def _search(self, search: list[dict[str, Any]], columns: list[str]) -> list[Attributes]:
        rows: list[Attributes] = []
        page = 0
        while True:
            page += 1
            body = {"parameters": columns, "search": search, "sort": [{"parameter": "JobID", "direction": "asc"}]}
            try:
                found = self._client.jobs.search(body, page=page, per_page=PAGE)
            except ServerRefused as error:
                if error.status == 416:  # what an official server says of a page beyond the end
                    return rows
                if error.status == 400:
                    raise InvalidInput(str(error.detail)) from error
                if error.status == 403 and self._reads_others_jobs():
                    raise NoEquivalent(
                        "This DiracX server lets pilots and job monitors search no jobs: it takes a diracx-bridge "
                        "server, or the legacy service"
                    ) from error
                raise
            rows += found
            if len(found) < PAGE:
                return rows

    def _reads_others_jobs(self) -> bool:
        """Whether the caller is a pilot or job monitor, who at servers of the bridge may search jobs of the VO."""
        token = self._client.tokens.last_known()
        properties = unverified_claims(token or "").get("dirac_properties", ())
        return GENERIC_PILOT in properties or JOB_MONITOR in properties


def _equals(job: int) -> dict[str, Any]:
    return {"parameter": "JobID", "operator": "eq", "value": job}


@contextmanager
def _needs_bridge(method: str) -> Iterator[None]:
    """Tell a missing route from a missing job."""
    try:
        yield
    except ServerRefused as error:
        if error.status == 405 or (error.status == 404 and error.detail == "Not Found"):
            raise NoEquivalent(
                f"This DiracX server has no route for it: JobMonitoring/{method} needs a diracx-bridge server, or the "
                "legacy service"
            ) from error
        raise
