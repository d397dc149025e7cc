"""Users by name: the registry of the configuration, if the environment names it, knows their subjects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from diracx_bridge.cli.environment import services_environment

if TYPE_CHECKING:
    from diracx_bridge.config.schema import Config

VARIABLE = "DIRACX_CONFIG_BACKEND_URL"


async def registry() -> Config | None:
    """The configuration of now; None if the environment names none."""
    url = services_environment().get(VARIABLE)
    if not url:
        return None
    from diracx_bridge.config.source import ConfigSource

    source = ConfigSource(url)
    try:
        await source.start()
        return source.current.config
    finally:
        await source.stop()


def names_of(config: Config | None) -> Mapping[str, str]:
    """User names by the owner of a token (`<vo>:<subject>`)."""
    if config is None:
        return {}
    return {
        f"{vo}:{subject}": user.prefered_username
        for vo, registered in config.registry.items()
        for subject, user in registered.users.items()
    }


def owners(user: str, vo: str | None, names: Mapping[str, str]) -> list[str]:
    """Whose tokens are meant by `<vo>:<subject>`, or by the name of a user, who may be in several VOs.

    Raises:
        NotFound: no VO has this user.
        SettingsError: a name, but no configuration to look it up; or a subject of another VO.
    """
    from diracx_bridge.core.errors import NotFound, SettingsError

    if ":" in user:
        if vo not in (None, user.partition(":")[0]):
            raise SettingsError(f"{user} is not of VO {vo}")
        return [user]
    if not names:
        raise SettingsError(f"To find {user} by name, set {VARIABLE}, as for the services; or give <vo>:<subject>")
    found = [owner for owner, name in names.items() if name == user and vo in (None, owner.partition(":")[0])]
    if not found:
        raise NotFound(f"VO {vo} has no user {user}" if vo else f"No VO has a user {user}")
    return found
