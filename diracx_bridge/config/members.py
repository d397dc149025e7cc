"""What of the configuration is for the members of a VO: no personal data, and little of the other VOs."""

from __future__ import annotations

__all__ = ["for_members"]

from diracx_bridge.config.registry import RegistryConfig
from diracx_bridge.config.schema import Config


def for_members(config: Config, vo: str) -> Config:
    """``config`` as members of ``vo`` may see it; DiracX reads it like the whole one.

    Of users their names stay, without certificate subjects and e-mail addresses. Of other VOs there stays what logins
    need, and everybody may know: provider, help, and the groups with their properties. `Systems`, which nothing of
    DiracX reads, is left out.
    """
    registry = {
        name: _without_addresses(of) if name == vo else _without_users(of) for name, of in config.registry.items()
    }
    operations = {name: of if name == vo else type(of).model_validate({}) for name, of in config.operations.items()}
    return config.model_copy(update={"registry": registry, "operations": operations, "systems": None})


def _without_addresses(of: RegistryConfig) -> RegistryConfig:
    users = {subject: user.model_copy(update={"dns": [], "email": None}) for subject, user in of.users.items()}
    return of.model_copy(update={"users": users})


def _without_users(of: RegistryConfig) -> RegistryConfig:
    groups = {name: group.model_copy(update={"users": type(group.users)()}) for name, group in of.groups.items()}
    return of.model_copy(update={"users": {}, "groups": groups})
