"""Who may do what with which pilots."""

from __future__ import annotations

from collections.abc import Collection

from diracx_bridge.core.errors import PermissionDenied
from diracx_bridge.core.models.search import ScalarSearchOperator, ScalarSearchSpec
from diracx_bridge.core.properties import GENERIC_PILOT, SERVICE_ADMINISTRATOR
from diracx_bridge.core.settings import Settings
from diracx_bridge.services.auth.tokens import Principal
from diracx_bridge.services.vo_boundaries import VOBoundaries


class PilotPolicy:
    """The rules of DiracX's policy ``pilot``.

    An extension replaces it by the entry point ``pilot`` of the group ``diracx_bridge.access_policies``.

    | action | allowed |
    | --- | --- |
    | register, change | service administrators: pilots of every VO; pilots: one at a time, of their VO |
    | search | everybody but pilots: pilots of the VO; service administrators: of every VO |
    """

    def __init__(self, settings: Settings) -> None:
        self._boundaries = VOBoundaries(settings)

    def may_change(self, user: Principal, pilots: Collection[tuple[str, str]]) -> None:
        """Return if ``user`` may register or change ``pilots``, each a stamp and its VO.

        Raises:
            PermissionDenied: he may not; the message names the pilots.
        """
        if user.has(SERVICE_ADMINISTRATOR):
            return
        if not user.has(GENERIC_PILOT):
            raise PermissionDenied(
                f"Group {user.group} may not change pilots: it has neither {SERVICE_ADMINISTRATOR} nor {GENERIC_PILOT}"
            )
        if foreign := sorted(stamp for stamp, vo in pilots if not self._boundaries.reach(user, vo)):
            raise PermissionDenied(f"Pilots of another VO: {', '.join(foreign[:10])}")
        if len({stamp for stamp, _ in pilots}) > 1:
            raise PermissionDenied("A pilot may change one pilot per request")

    def search_filters(self, user: Principal) -> list[ScalarSearchSpec]:
        """The conditions that limit a search to what ``user`` may see.

        Raises:
            PermissionDenied: nothing.
        """
        if user.has(SERVICE_ADMINISTRATOR):
            return []
        if user.has(GENERIC_PILOT):
            raise PermissionDenied("Pilots may not search pilots")
        return [ScalarSearchSpec(parameter="VO", operator=ScalarSearchOperator.EQUAL, value=user.vo)]
