"""The routing options of a configuration, whatever it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.effective import (
    BRIDGE,
    DISABLED,
    RoutingFacts,
    effective_rules,
    switch_paths,
)
from diracx_bridge.core.routing.rules import Section, ServiceRules
from diracx_bridge.legacy_adapters.registry import adapted_services


@dataclass(frozen=True, slots=True)
class Configuration:
    """A legacy configuration as a tree of sections and texts; ``vos`` are the VOs of its groups."""

    tree: Mapping[str, Any]

    def section(self, path: str) -> Section:
        """The section at ``path``; empty if it is not there."""
        found: Any = self.tree
        for name in path.strip("/").split("/"):
            found = found.get(name, {}) if isinstance(found, Mapping) else {}
        return found if isinstance(found, Mapping) else {}

    def option(self, path: str) -> str:
        """The text of the option at ``path``; empty if it is not there."""
        above, _, name = path.rpartition("/")
        text = self.section(above).get(name, "")
        return text if isinstance(text, str) else ""

    @property
    def vos(self) -> Sequence[str]:
        """The VOs that have groups, in order."""
        groups = self.section("/Registry/Groups").values()
        return sorted({str(group["VO"]) for group in groups if isinstance(group, Mapping) and "VO" in group})

    def facts(self, service: str, section: Section | None = None) -> RoutingFacts:
        """What this configuration says about the routing of ``service``, or would say with another section."""
        return RoutingFacts(
            section=self.section(f"{BRIDGE}/{service}") if section is None else section,
            switches={path: text for path in switch_paths(service) if (text := self.option(path))},
            disabled_vos=tuple(
                vo for part in self.option(DISABLED).split(",") if (vo := part.strip()) and vo != "None"
            ),
        )

    def rules(self, service: str, section: Section | None = None) -> ServiceRules:
        """The rules of ``service`` here, or with another section in its place.

        Raises:
            ConfigurationError: they are refused.
        """
        contract = adapted_services()[service].contract
        names = [method.name for method in contract.methods]
        rules = effective_rules(service, self.facts(service, section), methods=names)
        known = self.vos
        unknown = sorted({vo for vo, _ in rules.said if vo is not None and known and vo not in known})
        if unknown:
            raise ConfigurationError(
                f"{BRIDGE}/{service}/VOs names {', '.join(unknown)}, where no group belongs to; the VOs are "
                f"{', '.join(known)}"
            )
        return rules


def services_of(names: Sequence[str]) -> list[str]:
    """The adapted services of these names, ``System/Service`` or ``Service``; all of them without names.

    Raises:
        ConfigurationError: one has no adapter.
    """
    known = sorted(adapted_services())
    chosen = []
    for name in names:
        fitting = [service for service in known if name in (service, service.partition("/")[2])]
        if not fitting:
            raise ConfigurationError(f"{name} has no adapter; services with one are {', '.join(known)}")
        chosen += fitting
    return chosen or known


def routes_as_rows(service: str, rules: ServiceRules) -> list[dict[str, Any]]:
    """One row for each place whose route may differ from that of the service."""
    rows = []
    for vo, method in rules.places():
        route = rules.route(vo, method)
        if (vo, method) != (None, None) and (vo, method) not in rules.said and route == rules.route(vo, None):
            continue
        rows.append(
            {
                "service": service,
                "vo": vo or "",
                "method": method or "",
                "stage": str(route.stage),
                "percent": route.percent if route.stage == "canary" else None,
                "fallback": route.may_fall_back,
                "decided by": route.decided_by,
            }
        )
    return rows
