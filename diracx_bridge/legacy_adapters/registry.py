"""Which legacy services have an adapter; packages add theirs by the entry point group ``diracx_bridge.adapters``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from diracx_bridge.core.extensions import load
from diracx_bridge.legacy_adapters.contract import ServiceContract

GROUP: Final = "diracx_bridge.adapters"


@dataclass(frozen=True, slots=True)
class Adapted:
    """A service with an adapter: ``package`` is a module that has ``Adapter`` (a class) and ``CONTRACT``.

    Nothing is imported before it is needed.
    """

    package: str

    @property
    def adapter(self) -> type[Any]:
        """The adapter class; it is made with a ``SyncDiracxClient``."""
        chosen: type[Any] = import_module(self.package).Adapter
        return chosen

    @property
    def contract(self) -> ServiceContract:
        chosen: ServiceContract = import_module(self.package).CONTRACT
        return chosen


BUILT_IN: Final = {
    "WorkloadManagement/JobMonitoring": Adapted("diracx_bridge.legacy_adapters.job_monitoring"),
    "WorkloadManagement/JobStateUpdate": Adapted("diracx_bridge.legacy_adapters.job_state_update"),
}


@cache
def adapted_services() -> Mapping[str, Adapted]:
    """Every adapted service of this installation by its logical name (``System/Service``)."""
    return load(GROUP, BUILT_IN)
