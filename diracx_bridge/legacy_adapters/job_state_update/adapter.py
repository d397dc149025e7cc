"""The methods of the legacy service JobStateUpdate, done by the DiracX API."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from datetime import datetime as Datetime
from typing import Any, Final

from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.client.sync import SyncDiracxClient
from diracx_bridge.core.errors import BridgeError, LegacyError, ServerRefused
from diracx_bridge.core.properties import JOB_ADMINISTRATOR
from diracx_bridge.legacy_adapters.job_state_update.attributes import Attributes
from diracx_bridge.legacy_adapters.job_state_update.heartbeat import Heartbeat, sorted_out
from diracx_bridge.legacy_adapters.job_state_update.refusals import (
    NO_JOB,
    checked_parameters,
    job_number,
    names_and_values,
    refusals,
)
from diracx_bridge.legacy_adapters.job_state_update.updates import status_updates

logger = logging.getLogger(__name__)

STAGER_TRIES: Final = 10
NamesAndValues = tuple[list[str], list[str]]


class JobStateUpdate:
    """The ten methods of WorkloadManagement/JobStateUpdate (DIRAC 9.1.22), for the identity of ``client``.

    Arguments and values are those of the legacy handler's ``export_`` methods; job ids may be numbers or texts. Where
    legacy answers S_ERROR, a ``LegacyError`` with its Errno and Message is raised; arguments that legacy stumbles over
    raise ``InvalidInput``; ``Unavailable`` means that DiracX did not answer. ``differences.py`` lists what differs.
    """

    def __init__(self, client: SyncDiracxClient, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._attributes = Attributes(client)
        self._sleep = sleep

    def setJobStatus(
        self,
        jobID: str | int,
        status: str = "",
        minorStatus: str = "",
        source: str = "Unknown",
        datetime: str | Datetime | None = None,
        force: bool = False,
    ) -> NamesAndValues | None:
        """Set a status, a minor status or both, at ``datetime`` or now; ``None`` if neither is given."""
        return self._set_status(
            jobID, {"Status": status, "MinorStatus": minorStatus}, source=source, when=datetime, force=force
        )

    def setJobStatusBulk(
        self, jobID: str | int, statusDict: Mapping[Any, Mapping[str, Any]], force: bool = False
    ) -> NamesAndValues:
        """Apply updates by time; the value has MinorStatus and ApplicationStatus as they were set, never the Status."""
        job, updates = job_number(jobID), status_updates(statusDict)
        with refusals(jobID):
            answer = self._client.jobs.set_job_statuses({job: updates}, force=bool(force) and self._may_force(jobID))
        return names_and_values(answer.to_dict(), job)

    def setJobApplicationStatus(
        self, jobID: str | int, appStatus: str, source: str = "Unknown"
    ) -> NamesAndValues | None:
        """Set the application status; ``None`` if it is empty."""
        return self._set_status(jobID, {"ApplicationStatus": appStatus}, source=source)

    def setJobAttribute(self, jobID: str | int, attribute: str, value: str) -> int:
        """Set one of the attributes that the service allows; the number of rows that changed (2 for a new Status)."""
        return self._attributes.set(jobID, attribute, value)

    def setJobSite(self, jobID: str | int, site: str) -> int:
        """Set the site; 0 if it was that already, else 1."""
        return self._attributes.set(jobID, "Site", site)

    def setJobParameter(self, jobID: str | int, name: str, value: Any) -> None:
        """Store one job parameter."""
        self._store(jobID, {name: value})

    def setJobParameters(self, jobID: str | int, parameters: Iterable[tuple[str, Any]]) -> None:
        """Store several job parameters, given as pairs of name and value."""
        self._store(jobID, dict(parameters))

    def setJobsParameter(self, jobsParameterDict: Mapping[str | int, tuple[str, Any]]) -> None:
        """Store one parameter for each of several jobs, ``{jobID: (name, value)}``; values become text.

        Jobs that the caller may not change are left out, and the last of them is named in the error.
        """
        updates = {
            job_number(job_id): checked_parameters({name: str(value)})
            for job_id, (name, value) in jobsParameterDict.items()
        }
        if not updates:
            return
        try:
            self._client.jobs.patch_metadata(updates)
        except ServerRefused as error:
            if error.status not in (403, 404):
                raise
            self._store_one_by_one(jobsParameterDict)

    def sendHeartBeat(
        self, jobID: str | int, dynamicData: Mapping[str, Any], staticData: Mapping[str, Any]
    ) -> dict[str, str]:
        """Tell that a job is alive; the value is the commands that wait for it, ``{command: arguments}``."""
        job, beat = job_number(jobID), sorted_out(dynamicData, staticData)
        with refusals(jobID, missing=f"Job {jobID} not found"):
            commands = self._client.jobs.add_heartbeat({job: beat.route})
        self._keep_beside(jobID, beat)
        return {command.command: command.arguments or "" for command in commands if command.job_id == job}

    def updateJobFromStager(self, jobID: str | int, status: str) -> str | NamesAndValues | None:
        """Note that the input files were staged (``Done``) or could not be; waits until the job is Staging."""
        waited = 0
        while (present := self._status(jobID)) != "Staging":
            if present is None:
                return NO_JOB
            self._sleep(1)
            waited += 1
            if waited == STAGER_TRIES:
                return f"Job is not in Staging after {STAGER_TRIES} seconds"
        found = f"Found job in Staging after {waited} seconds" if waited else None
        try:
            if status == "Done":
                result = self.setJobStatus(jobID, "Checking", "JobScheduling", "StagerSystem")
            else:
                result = self.setJobStatus(jobID, "", "Staging input files failed", "StagerSystem")
        except LegacyError:
            if found is None:
                raise
            return found
        return found or result

    def _set_status(
        self,
        job_id: str | int,
        members: Mapping[str, str],
        *,
        source: str,
        when: str | Datetime | None = None,
        force: bool = False,
    ) -> NamesAndValues | None:
        if not any(members.values()):
            return None
        return self.setJobStatusBulk(job_id, {when or Datetime.now(UTC): {**members, "Source": source}}, force)

    def _may_force(self, job_id: str | int) -> bool:
        token = self._client.tokens.last_known()
        if JOB_ADMINISTRATOR in unverified_claims(token or "").get("dirac_properties", ()):
            return True
        logger.warning("force is ignored for job %s: the caller is no JobAdministrator", job_id)
        return False

    def _store(self, job_id: str | int, parameters: Mapping[str, Any]) -> None:
        update = {job_number(job_id): checked_parameters(parameters)}
        if not parameters:
            return
        with refusals(job_id):
            self._client.jobs.patch_metadata(update)

    def _store_one_by_one(self, parameters: Mapping[str | int, tuple[str, Any]]) -> None:
        failure: BridgeError | None = None
        for job_id, (name, value) in parameters.items():
            try:
                self._store(job_id, {name: str(value)})
            except LegacyError as error:
                logger.error("The parameter %s of job %s is not stored: %s", name, job_id, error)
                failure = error
        if failure:
            raise failure

    def _keep_beside(self, job_id: str | int, beat: Heartbeat) -> None:
        """What the heartbeat route has no place for; legacy logs failures here and goes on, and so do we."""
        if beat.unknown:
            logger.warning("Heartbeat of job %s: DiracX has no place for %s", job_id, beat.unknown)
        try:
            if beat.beat_time:
                self._attributes.set(job_id, "HeartBeatTime", str(beat.beat_time))
            if beat.parameters:
                self._store(job_id, beat.parameters)
        except BridgeError as error:
            logger.warning("Heartbeat of job %s: its static part is not stored: %s", job_id, error)

    def _status(self, job_id: str | int) -> str | None:
        query = {
            "parameters": ["JobID", "Status"],
            "search": [{"parameter": "JobID", "operator": "eq", "value": job_number(job_id)}],
        }
        with refusals(job_id):
            rows = self._client.jobs.search(query)
        return rows[0]["Status"] if rows else None
