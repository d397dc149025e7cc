"""Claims of access tokens beyond those that every one has: constant ones, and those of extensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.core.extensions import load
from diracx_bridge.services.auth.tokens import Identity

OURS: Final = frozenset(
    {
        "jti",
        "iat",
        "exp",
        "iss",
        "sub",
        "vo",
        "dirac_group",
        "dirac_properties",
        "dirac_policies",
        "preferred_username",
    }
)
"""Claims that nobody may set otherwise."""


def more_claims(constant: Mapping[str, Any]) -> Callable[[Identity], Mapping[str, Any]]:
    """What gives the further claims of a user: ``constant`` ones, and those of the group ``diracx_bridge.claims``.

    Each of its entry points is a function that gets an `Identity` and returns a dictionary.

    Raises:
        SettingsError: a constant claim is one that every token has.
    """
    if taken := OURS & constant.keys():
        raise SettingsError(f"DIRACX_BRIDGE_ACCESS_TOKEN_CLAIMS may not set {', '.join(sorted(taken))}")
    makers = tuple(load("diracx_bridge.claims", {}).values())

    def claims(identity: Identity) -> Mapping[str, Any]:
        found = dict(constant)
        for maker in makers:
            found |= maker(identity)
        return found

    return claims
