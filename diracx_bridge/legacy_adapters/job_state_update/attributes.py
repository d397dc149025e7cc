"""Setting a job attribute, on servers of the bridge and on upstream's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from diracx_bridge.client.sync import SyncDiracxClient
from diracx_bridge.core.errors import LegacyError, NoEquivalent, ServerRefused
from diracx_bridge.legacy_adapters.job_state_update.refusals import (
    job_number,
    names_and_values,
    not_authorized,
    refusals,
)
from diracx_bridge.legacy_adapters.job_state_update.updates import check_status

SETTABLE: Final = frozenset(
    {"Status", "MinorStatus", "ApplicationStatus", "Site", "StartExecTime", "EndExecTime", "HeartBeatTime"}
)
STATUS_ROWS: Final = 2
"""What legacy counts for a changed status: MySQL reports 2 rows for INSERT ... ON DUPLICATE KEY UPDATE."""


class Attributes:
    """Sets attributes by the route of the bridge, and by what comes nearest where the server does not have it."""

    def __init__(self, client: SyncDiracxClient) -> None:
        self._client = client
        self._has_route = True

    def set(self, job_id: str | int, attribute: str, value: str) -> int:
        """Set it; the number of changed rows, as legacy counts them (0 for a job that does not exist).

        Raises:
            LegacyError: the service does not allow the attribute, or the caller may not change the job.
            NoEquivalent: the server has no route that sets this attribute.
        """
        if attribute not in SETTABLE:
            raise LegacyError(f"Job attribute '{attribute}' cannot be modified through JobStateUpdate")
        job = job_number(job_id)
        if attribute == "Status":
            check_status(value)
        if self._has_route:
            try:
                return self._by_bridge(job_id, job, attribute, value)
            except ServerRefused as error:
                if not _lacks_route(error):
                    raise
                self._has_route = False
        return self._by_upstream(job_id, job, attribute, value)

    def _by_bridge(self, job_id: str | int, job: int, attribute: str, value: str) -> int:
        try:
            answer = self._client.bridge.set_job_attributes({job: {attribute: str(value)}})
        except ServerRefused as error:
            if error.status == 404 and not _lacks_route(error):
                return 0
            if error.status == 400:
                raise LegacyError.of_mysql(error.detail) from error
            if error.status == 403:
                raise not_authorized(job_id) from error
            raise
        return int(answer.to_dict()[str(job)])

    def _by_upstream(self, job_id: str | int, job: int, attribute: str, value: str) -> int:
        if attribute == "Site":
            with refusals(job_id):
                self._client.jobs.patch_metadata({job: {"Site": value}})
            return 1
        if attribute == "Status":
            with refusals(job_id):
                update = {datetime.now(UTC): {"Status": value}}
                answer = self._client.jobs.set_job_statuses({job: update}).to_dict()
            names_and_values(answer, job)
            changed = answer["success"].get(str(job)) or {}
            return STATUS_ROWS if changed.get("Status") == value else 0
        raise NoEquivalent(
            f"This DiracX server has no route that sets {attribute} of a job: JobStateUpdate/setJobAttribute needs a "
            "diracx-bridge server, or the legacy service"
        )


def _lacks_route(error: ServerRefused) -> bool:
    return error.status == 405 or (error.status == 404 and error.detail == "Not Found")
