"""The routing rules that are in force in this process, as of the last refresh of the CS."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any, Final

from DIRAC import gLogger, rootPath
from DIRAC.ConfigurationSystem.Client.ConfigurationData import gConfigurationData
from DIRAC.Core.Utilities import List

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.effective import (
    BRIDGE,
    DISABLED,
    KILL_SWITCH,
    OVERRIDE_FILE,
    RoutingFacts,
    effective_rules,
    switch_paths,
)
from diracx_bridge.core.routing.rules import Section, ServiceRules
from diracx_bridge.legacy_adapters.registry import adapted_services

LOOK: Final = 1.0
"""Seconds between looks at the override file."""
COMPLAIN: Final = 60.0
"""Seconds between complaints about rules that are refused."""

log = gLogger.getSubLogger("DiracxBridge")
_lock = threading.Lock()
_good: dict[str, tuple[RoutingFacts, ServiceRules]] = {}
_complained: dict[str, float] = {}


def rules_for(service: str) -> ServiceRules:
    """The rules of ``service`` (``System/Service``).

    Rules that are refused change nothing: the last good ones stay in force, with a complaint in the log.

    Raises:
        ConfigurationError: they are refused and this process has seen no good ones.
    """
    facts = facts_of(service)
    known = _good.get(service)
    if known is not None and known[0] == facts:
        return known[1]
    # the contract is imported for services that are routed only
    adapted = adapted_services().get(service) if facts.section or facts.override else None
    methods = [method.name for method in adapted.contract.methods] if adapted else []
    try:
        rules = effective_rules(service, facts, methods=methods)
    except ConfigurationError as error:
        if known is None:
            raise
        _complain(service, str(error))
        return known[1]
    if known is not None and known[1] != rules:
        log.notice(f"The routing of {service} changed", str(rules.route(None, None)))
    _good[service] = (facts, rules)
    return rules


def forget() -> None:
    """Forget which rules were good."""
    _good.clear()


def override_path() -> Path:
    """The local file whose sections come before those of the CS."""
    return Path(os.environ.get(OVERRIDE_FILE) or Path(rootPath) / "etc" / "diracx-bridge-routing.cfg")


def facts_of(service: str) -> RoutingFacts:
    """What the CS, the override file and the environment say about ``service`` now."""
    read = gConfigurationData.extractOptionFromCFG
    path = override_path()
    return RoutingFacts(
        section=_tree(gConfigurationData.mergedCFG, f"{BRIDGE}/{service}"),
        switches={option: text for option in switch_paths(service) if (text := read(option))},
        disabled_vos=tuple(vo for vo in List.fromChar(read(DISABLED) or "") if vo != "None"),
        override=_overrides.section(path, service),
        override_path=str(path),
        kill_switch=os.environ.get(KILL_SWITCH, ""),
    )


def _tree(cfg: Any, path: str) -> Section:
    found: Section = cfg.getAsDict(path)
    return found


def _complain(service: str, message: str) -> None:
    now = time.monotonic()
    if now - _complained.get(service, -COMPLAIN) >= COMPLAIN:
        _complained[service] = now
        log.error(f"The routing of {service} is refused, the last good one stays in force", message)


class _Overrides:
    """The content of the override file, read again when it has changed."""

    def __init__(self) -> None:
        self._looked = float("-inf")
        self._seen: object = None
        self._content: dict[str, Any] = {}

    def section(self, path: Path, service: str) -> Section | None:
        if time.monotonic() - self._looked >= LOOK:
            with _lock:
                self._look(path)
                self._looked = time.monotonic()
        system, _, name = service.partition("/")
        found: Section | None = self._content.get(system, {}).get(name)
        return found

    def _look(self, path: Path) -> None:
        try:
            status = path.stat()
            seen: object = (path, status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            self._seen, self._content = None, {}
            return
        if seen == self._seen:
            return
        from diraccfg import CFG

        content = CFG()
        try:
            content.loadFromBuffer(path.read_text())
        except (OSError, ValueError) as error:
            _complain(str(path), f"{path} can't be read: {error}")
            return
        self._seen, self._content = seen, content.getAsDict()


_overrides = _Overrides()
