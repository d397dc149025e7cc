"""The typed configuration that DiracX services read: the content of ``default.yml``.

Paths, types and defaults are those of diracx-core 0.7.0, so that either software reads what the other one wrote.
What upstream's converter does to CFG text while validating (environment variable
``DIRAC_COMPAT_ENABLE_CS_CONVERSION``) is not here: `cs_sync` converts before it validates.

`diracx_bridge.config.schema` exports every section class; the classes live in files named after their part of the
configuration.
"""

from __future__ import annotations

__all__ = [
    "KEEP_DEFAULTS",
    "Config",
    "DIRACConfig",
    "GroupConfig",
    "IdpConfig",
    "InputDataPolicyConfig",
    "InputDataPolicyProtocolsConfig",
    "JobDescriptionConfig",
    "JobMonitoringConfig",
    "JobSchedulingConfig",
    "OperationsConfig",
    "RegistryConfig",
    "ResourcesComputingConfig",
    "ResourcesConfig",
    "Section",
    "ServicesConfig",
    "SortedSet",
    "SupportInfo",
    "UserConfig",
]

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from diracx_bridge.config.operations import (
    InputDataPolicyConfig,
    InputDataPolicyProtocolsConfig,
    JobDescriptionConfig,
    JobMonitoringConfig,
    JobSchedulingConfig,
    OperationsConfig,
    ServicesConfig,
    merge_defaults,
)
from diracx_bridge.config.registry import GroupConfig, IdpConfig, RegistryConfig, SupportInfo, UserConfig
from diracx_bridge.config.section import Section, SortedSet

KEEP_DEFAULTS: Mapping[str, Any] = MappingProxyType({"keep_operations_defaults": True})
"""Validation context for writers: ``Config.model_validate(raw, context=dict(KEEP_DEFAULTS))`` leaves
`Operations/Defaults` a section of its own, as it stands in the file."""


class DIRACConfig(Section):
    """`DIRAC`: the installation."""

    no_setup: bool = Field(False, alias="NoSetup")
    """Whether the installation has no setups."""


class ResourcesComputingConfig(Section):
    """`Resources/Computing`. Further keys are ignored."""

    model_config = ConfigDict(extra="ignore")

    os_compatibility: Mapping[str, SortedSet[str]] = Field({}, alias="OSCompatibility")
    """Platform -> platforms whose software runs on it; each platform is compatible with itself."""

    @field_validator("os_compatibility")
    @classmethod
    def _compatible_with_itself(cls, platforms: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
        return {platform: compatible | {platform} for platform, compatible in platforms.items()}


class ResourcesConfig(Section):
    """`Resources`. Further keys are ignored."""

    model_config = ConfigDict(extra="ignore")

    computing: ResourcesComputingConfig = Field(ResourcesComputingConfig(), alias="Computing")
    """Computing resources."""


class Config(Section):
    """The whole configuration.

    An extension subclasses it (and the sections on the way to what it changes) and names the subclass in the
    entry point group ``diracx_bridge.config``.
    """

    dirac: DIRACConfig = Field(alias="DIRAC")
    """The installation."""
    operations: Mapping[str, OperationsConfig] = Field(alias="Operations")
    """VO -> how it works. Every VO of the registry has an entry."""
    registry: Mapping[str, RegistryConfig] = Field(alias="Registry")
    """VO -> identity provider, users, groups."""
    resources: ResourcesConfig = Field(ResourcesConfig(), alias="Resources")
    """Resources."""

    local_site: Any = Field(None, alias="LocalSite")
    """Passed through."""
    log_level: Any = Field(None, alias="LogLevel")
    """Passed through."""
    mc_testing_destination: Any = Field(None, alias="MCTestingDestination")
    """Passed through."""
    systems: Any = Field(None, alias="Systems")
    """Passed through. Whatever stands here reaches every holder of a token."""
    web_app: Any = Field(None, alias="WebApp")
    """Passed through."""

    @model_validator(mode="before")
    @classmethod
    def _operations_for_every_vo(cls, raw: Any, info: ValidationInfo) -> Any:
        if not isinstance(raw, dict):
            return raw
        # Both spellings of a section at once stay as they are: the field names are then refused as extra keys.
        aliases = {name: field.alias for name, field in cls.model_fields.items() if field.alias not in raw}
        sections = {aliases.get(key) or key: value for key, value in raw.items()}
        operations, registry = sections.get("Operations", {}), sections.get("Registry", {})
        if isinstance(operations, dict) and isinstance(registry, dict):
            if (info.context or {}).get("keep_operations_defaults"):
                sections["Operations"] = operations | {vo: operations.get(vo) or {} for vo in registry}
            else:
                sections["Operations"] = merge_defaults(operations, registry)
        return sections
