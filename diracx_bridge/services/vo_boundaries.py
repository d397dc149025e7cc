"""Who acts beyond his VO: with boundaries, only job administrators and pilots of the VOs that the operator lists."""

from __future__ import annotations

from diracx_bridge.core.properties import GENERIC_PILOT, JOB_ADMINISTRATOR
from diracx_bridge.core.settings import Settings
from diracx_bridge.services.auth.tokens import Principal


class VOBoundaries:
    """The boundaries that ``DIRACX_BRIDGE_VO_BOUNDARIES`` and ``DIRACX_BRIDGE_ADMIN_VOS`` draw."""

    def __init__(self, settings: Settings) -> None:
        self._on = settings.bridge_vo_boundaries
        self._admin_vos = frozenset(settings.bridge_admin_vos)

    def reach(self, user: Principal, vo: str) -> bool:
        """Whether ``user``, given the right properties, acts in ``vo``."""
        return user.vo == vo or self.everywhere(user)

    def everywhere(self, user: Principal) -> bool:
        """Whether ``user``, given the right properties, acts in every VO."""
        return not self._on or (user.vo in self._admin_vos and user.has(JOB_ADMINISTRATOR, GENERIC_PILOT))
