"""Who may see the status of resources."""

from __future__ import annotations

from diracx_bridge.core.settings import Settings
from diracx_bridge.services.auth.tokens import Principal


class ResourceStatusPolicy:
    """The rules of DiracX's policy ``rss``: everybody with a token sees what holds for his VO.

    An extension replaces it by the entry point ``rss`` of the group ``diracx_bridge.access_policies``.
    """

    def __init__(self, settings: Settings) -> None:
        pass

    def vo_for(self, user: Principal) -> str:
        """The VO whose view ``user`` gets.

        Raises:
            PermissionDenied: none. (Not here; a policy of an extension may.)
        """
        return user.vo
