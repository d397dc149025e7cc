"""The rules in force: of the routing section, DIRAC's own switches, disabled VOs, the local file, the kill switch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.rules import Said, Section, ServiceRules, parse_rules
from diracx_bridge.core.routing.stages import Stage
from diracx_bridge.core.spellings import SWITCHES, truth

BRIDGE: Final = "/DiracX/Bridge"
DISABLED: Final = "/DiracX/DisabledVOs"
KILL_SWITCH: Final = "DIRACX_BRIDGE_KILL_SWITCH"
OVERRIDE_FILE: Final = "DIRACX_BRIDGE_ROUTING_FILE"
VARIABLES: Final = {
    KILL_SWITCH: "`yes`, or services (`System/Service`, commas between them) that go to legacy whatever else is said.",
    OVERRIDE_FILE: "A file in the format of `dirac.cfg`. Its sections `<System>/<Service>` come before everything that "
    "the CS says of these services; default: `etc/diracx-bridge-routing.cfg` below the root of DIRAC.",
}
"""The environment variables of the doors."""


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """What a process knows about the routing of one service.

    ``section`` is ``/DiracX/Bridge/<System>/<Service>``; ``switches`` maps the paths of DIRAC's own options to their
    texts; ``override`` is the section of the local file ``override_path``; ``kill_switch`` the text of the variable.
    """

    section: Section = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)
    disabled_vos: Sequence[str] = ()
    override: Section | None = None
    override_path: str = ""
    kill_switch: str = ""


def switch_paths(service: str) -> list[str]:
    """The options of DIRAC's own switch of ``service``, the present name first."""
    return [f"/DiracX/{name}/{service}" for name in SWITCHES]


def killed(text: str, service: str) -> bool:
    """Whether the kill switch takes ``service`` back to legacy.

    Any text is taken for yes, unless it says no or is a list of other services: who reaches for it is in a hurry.
    """
    if truth(text) is False or not text.strip():
        return False
    listed = [name.strip() for name in text.split(",")]
    return service in listed or not all("/" in name for name in listed)


def effective_rules(service: str, facts: RoutingFacts, *, methods: Collection[str] = ()) -> ServiceRules:
    """The rules in force for ``service``.

    The kill switch comes first, then the local override file, then the CS, where DIRAC's own switch means ``live``. A
    VO without tokens (``DisabledVOs``) stays with legacy.

    Raises:
        ConfigurationError: options are misspelled or contradict each other; the message names them all.
    """
    if killed(facts.kill_switch, service):
        return ServiceRules(service, {(None, None): Said("", Stage.LEGACY, option=f"${KILL_SWITCH}")})
    if facts.override is not None:
        return parse_rules(service, facts.override, f"{facts.override_path}:{service}", methods=methods)
    rules = parse_rules(service, facts.section, f"{BRIDGE}/{service}", methods=methods)
    return _with_disabled(_with_switch(rules, facts.switches), facts.disabled_vos)


def switched_on(switches: Mapping[str, str]) -> str | None:
    """The option that switches the service to DiracX, or ``None``.

    Raises:
        ConfigurationError: a text is neither yes nor no, or the two names of the option contradict each other.
    """
    said: dict[str, bool] = {}
    for path, text in switches.items():
        if not text.strip():
            continue
        value = truth(text)
        if value is None:
            raise ConfigurationError(
                f"{path} = {text!r} is neither yes nor no: write yes (y, true, 1) or no (n, false, 0)"
            )
        said[path] = value
    if len(set(said.values())) > 1:
        spelled = " and ".join(f"{path} = {'yes' if value else 'no'}" for path, value in said.items())
        raise ConfigurationError(f"{spelled} contradict each other: remove the second one")
    return next((path for path, value in said.items() if value), None)


def _with_switch(rules: ServiceRules, switches: Mapping[str, str]) -> ServiceRules:
    option = switched_on(switches)
    if option is None:
        return rules
    for said in rules.said.values():
        if said.stage is not None and said.stage.position < Stage.LIVE.position:
            raise ConfigurationError(
                f"{option} = yes sends every call of every client to DiracX and contradicts {said.path}/Stage = "
                f"{said.stage}: remove the first one, clients with diracx-bridge follow the second"
            )
    base = rules.said.get((None, None), Said(""))
    if base.stage is not None:
        return rules
    live = replace(base, option=option, stage=Stage.LIVE)
    return ServiceRules(rules.service, {**rules.said, (None, None): live})


def _with_disabled(rules: ServiceRules, disabled_vos: Sequence[str]) -> ServiceRules:
    if not disabled_vos or rules.all_legacy:
        return rules
    said = dict(rules.said)
    for vo in disabled_vos:
        for (named, _), here in rules.said.items():
            if named == vo and here.stage not in (None, Stage.LEGACY):
                raise ConfigurationError(
                    f"{DISABLED} names {vo}, so its users have no tokens, and contradicts {here.path}/Stage = "
                    f"{here.stage}: remove one of the two"
                )
        here = said.get((vo, None), Said(DISABLED))
        said[vo, None] = replace(here, option=DISABLED, stage=Stage.LEGACY)
    return ServiceRules(rules.service, said)
