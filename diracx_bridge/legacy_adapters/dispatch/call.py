"""A legacy call as the doors see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diracx_bridge.core.routing.sticky import jobs_in
from diracx_bridge.legacy_adapters.contract import Method, ServiceContract

Answer = dict[str, Any]
"""S_OK or S_ERROR."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls; ``vo`` is empty for hosts."""

    user: str = ""
    group: str = ""
    vo: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """``method`` of the legacy service ``service`` (``System/Service``) with its arguments."""

    service: str
    method: str
    caller: Caller
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def key(self, method: Method | None) -> object:
        """What decides for the canary's share: a job where the call is about jobs, else the caller."""
        jobs = self.jobs(method) if method else []
        return min(jobs) if jobs else f"{self.caller.user}@{self.caller.group}"

    def jobs(self, method: Method) -> list[int]:
        """The jobs that the call is about."""
        return jobs_in(self._about(method))

    def _about(self, method: Method) -> Any:
        for position, argument in enumerate(method.arguments):
            if argument.jobs:
                if position < len(self.arguments):
                    return self.arguments[position]
                return self.keywords.get(argument.name)
        return None


def method_of(contract: ServiceContract | None, name: str) -> Method | None:
    """The method ``name`` of the contract, if it is there."""
    methods = contract.methods if contract else ()
    return next((method for method in methods if method.name == name), None)
