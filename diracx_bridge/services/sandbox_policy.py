"""Who may do what with which sandboxes."""

from __future__ import annotations

from diracx_bridge.core.errors import PermissionDenied
from diracx_bridge.core.properties import GENERIC_PILOT, JOB_ADMINISTRATOR, NORMAL_USER
from diracx_bridge.core.sandbox_pfn import SandboxPFN
from diracx_bridge.core.settings import Settings
from diracx_bridge.db.sql.sandbox_metadata.db import Owner
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.vo_boundaries import VOBoundaries


class SandboxPolicy:
    """The rules of DiracX's policy ``sandbox``, with VO boundaries that hold.

    An extension replaces it by the entry point ``sandbox`` of the group ``diracx_bridge.access_policies``.

    | action | allowed |
    | --- | --- |
    | upload | users |
    | download | users: what they uploaded as members of the group of their token; job administrators: of their VO |
    | list the sandboxes of a job | users: of their own jobs; job administrators: of their VO |
    | let a job use a sandbox | who may change the job, if the sandbox is of the job's VO; users: their own sandboxes |
    """

    def __init__(self, settings: Settings) -> None:
        self._boundaries = VOBoundaries(settings)

    def may_upload(self, user: Principal) -> None:
        """Return if ``user`` may upload sandboxes.

        Raises:
            PermissionDenied: he may not.
        """
        if not user.has(NORMAL_USER):
            raise PermissionDenied(f"Group {user.group} may not upload sandboxes: it lacks the property {NORMAL_USER}")

    def may_download(self, user: Principal, pfn: SandboxPFN, owner: Owner | None) -> None:
        """Return if ``user`` may fetch the sandbox ``pfn``; ``owner`` is who registered it, None if nobody did.

        Raises:
            PermissionDenied: he may not.
        """
        named = Owner(pfn.user, pfn.group, pfn.vo)
        if user.has(JOB_ADMINISTRATOR):
            allowed = self._boundaries.reach(user, pfn.vo)
        elif user.has(NORMAL_USER):
            allowed = named == Owner(user.preferred_username, user.group, user.vo)
        else:
            allowed = False
        if not allowed or owner not in (None, named):
            raise PermissionDenied(f"Not your sandbox: {pfn.short}")

    def may_list(self, user: Principal, job: int, owner: str | None, vo: str | None) -> None:
        """Return if ``user`` may see which sandboxes the ``job`` of ``owner`` in ``vo`` has; both None: there is none.

        Raises:
            PermissionDenied: he may not.
        """
        if user.has(JOB_ADMINISTRATOR):
            allowed = vo is None or self._boundaries.reach(user, vo)
        else:
            allowed = user.has(NORMAL_USER) and (owner, vo) == (user.preferred_username, user.vo)
        if not allowed:
            raise PermissionDenied(f"Not your job: {job}")

    def may_use(self, user: Principal, sandbox: str, owner: Owner | None, *, job_vo: str) -> None:
        """Return if ``user`` may let a job of ``job_vo``, which he may change, use the ``sandbox`` of ``owner``.

        Raises:
            PermissionDenied: he may not.
        """
        allowed = owner is not None and owner.vo == job_vo
        if not user.has(JOB_ADMINISTRATOR, GENERIC_PILOT):
            allowed = allowed and owner is not None and owner.user == user.preferred_username
        if not allowed:
            raise PermissionDenied(f"Not a sandbox of yours, or not of the job's VO: {sandbox}")
