"""Who may do what with which jobs.

A policy is a class with the methods of `JobPolicy`; an extension replaces it by an entry point of the same name in the
group ``diracx_bridge.access_policies``. A policy sees facts (who asks, whose jobs they are) and does no I/O: the facts
come from the one statement that the route needs anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from diracx_bridge.core.errors import PermissionDenied
from diracx_bridge.core.models.search import ScalarSearchOperator, ScalarSearchSpec
from diracx_bridge.core.properties import (
    GENERIC_PILOT,
    JOB_ADMINISTRATOR,
    JOB_MONITOR,
    JOB_SHARING,
    NORMAL_USER,
    OPERATOR,
)
from diracx_bridge.core.settings import Settings
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.vo_boundaries import VOBoundaries


class Right(StrEnum):
    """What can be done with a job that exists, by DIRAC's names for it (``JobPolicy``).

    ``FIND`` is our own: that searches show it.
    """

    READ = "GetInfo"
    FIND = "Find"
    KILL = "Kill"
    DELETE = "Delete"
    RESCHEDULE = "Reschedule"
    SUBMIT = "Submit"


class OwnedJob(Protocol):
    """What a policy has to know of a job."""

    @property
    def owner(self) -> str:
        """DIRAC name of the user."""

    @property
    def owner_group(self) -> str:
        """DIRAC group with which it was submitted."""

    @property
    def vo(self) -> str:
        """VO of the job."""


class JobPolicy:
    """The rules of DiracX's policy ``wms``, with VO boundaries that hold.

    | action | allowed |
    | --- | --- |
    | submit jobs | users |
    | kill, delete, remove | job administrators: jobs of their VO; users: their own; JobSharing: those of the group |
    | reschedule | the same, and pilots: jobs of their VO |
    | confirm | users: their own; JobSharing: those of the group |
    | read | as kill, job monitors and pilots: jobs of their VO; others' jobs only if ``GlobalJobsInfo`` is on |
    | change jobs | pilots, operators, job administrators: jobs of their VO; users: their own; JobSharing: the group's |
    | force a status | job administrators, within their VO |
    | search | as read, but for JobSharing, which adds nothing |
    """

    def __init__(self, settings: Settings) -> None:
        self._everywhere = VOBoundaries(settings).everywhere

    def may_submit(self, user: Principal) -> None:
        """Return if ``user`` may submit jobs.

        Raises:
            PermissionDenied: his group lacks the property.
        """
        if not user.has(NORMAL_USER):
            raise PermissionDenied(f"Group {user.group} may not submit jobs: it lacks the property {NORMAL_USER}")

    def may_change(self, user: Principal, jobs: Mapping[int, OwnedJob], missing: set[int], *, force: bool) -> None:
        """Return if ``user`` may change all of ``jobs``; ``missing`` are ids that do not exist.

        Raises:
            PermissionDenied: the message names the jobs.
        """
        if force and not user.has(JOB_ADMINISTRATOR):
            raise PermissionDenied(f"Only a member of a group with {JOB_ADMINISTRATOR} may force a status")
        if user.has(GENERIC_PILOT, JOB_ADMINISTRATOR, OPERATOR):
            self._within_vo(user, jobs)
            return
        if not user.has(NORMAL_USER):
            raise PermissionDenied(f"Group {user.group} has none of the properties that allow to change jobs")
        foreign = {j for j, job in jobs.items() if not (_is_own(user, job) or _is_shared(user, job))}
        if foreign or missing:
            raise PermissionDenied(f"Not your jobs: {_some(foreign | missing)}")

    def without(
        self, right: Right, user: Principal, jobs: Mapping[int, OwnedJob], *, global_jobs_info: bool = False
    ) -> set[int]:
        """The ids of those of ``jobs`` that ``user`` has no ``right`` to."""
        everywhere, privileged = self._everywhere(user), user.has(*PRIVILEGED[right])
        sees_all = right in (Right.READ, Right.FIND) and global_jobs_info and user.has(NORMAL_USER)
        shares = right is not Right.FIND
        return {
            job_id
            for job_id, job in jobs.items()
            if not (
                ((privileged or sees_all) and (everywhere or job.vo == user.vo))
                or _is_own(user, job)
                or (shares and _is_shared(user, job))
            )
        }

    def search_filters(self, user: Principal, *, global_jobs_info: bool) -> list[ScalarSearchSpec]:
        """The conditions that limit a search to what ``user`` may see.

        Raises:
            PermissionDenied: not even his own jobs.
        """
        privileged = user.has(*PRIVILEGED[Right.FIND])
        if not (privileged or user.has(NORMAL_USER)):
            raise PermissionDenied(f"Group {user.group} has none of the properties that allow to search jobs")
        filters = [] if self._everywhere(user) else [_equals("VO", user.vo)]
        if not (privileged or global_jobs_info):
            filters.append(_equals("Owner", user.preferred_username))
        return filters

    def _within_vo(self, user: Principal, jobs: Mapping[int, OwnedJob]) -> None:
        if not self._everywhere(user) and (foreign := {j for j, job in jobs.items() if job.vo != user.vo}):
            raise PermissionDenied(f"Jobs of another VO: {_some(foreign)}")


PRIVILEGED: Final = {
    Right.READ: (JOB_ADMINISTRATOR, JOB_MONITOR, GENERIC_PILOT),
    Right.FIND: (JOB_ADMINISTRATOR, JOB_MONITOR, GENERIC_PILOT),
    Right.KILL: (JOB_ADMINISTRATOR,),
    Right.DELETE: (JOB_ADMINISTRATOR,),
    Right.RESCHEDULE: (JOB_ADMINISTRATOR, GENERIC_PILOT),
    Right.SUBMIT: (),
}
"""The properties that give a right to the jobs of others in the VO."""


def _is_own(user: Principal, job: OwnedJob) -> bool:
    return job.vo == user.vo and job.owner == user.preferred_username and user.has(NORMAL_USER)


def _is_shared(user: Principal, job: OwnedJob) -> bool:
    return job.vo == user.vo and job.owner_group == user.group and user.has(JOB_SHARING)


def _equals(column: str, value: str) -> ScalarSearchSpec:
    return ScalarSearchSpec(parameter=column, operator=ScalarSearchOperator.EQUAL, value=value)


def _some(job_ids: set[int]) -> str:
    return ", ".join(map(str, sorted(job_ids)[:10])) + (" ..." if len(job_ids) > 10 else "")
