"""The routing section of a service: read from the configuration, checked as a whole, asked per VO and method.

/DiracX/Bridge/<System>/<Service>
{
  Stage = canary
  Percent = 10
  Fallback = yes
  Methods { <method> { Stage = legacy } }
  VOs { <vo> { Percent = 50  Methods { <method> { ... } } } }
}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, TypeAlias, TypeVar

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.core.routing.stages import NOT_ROUTED, ORDER, Route, Stage
from diracx_bridge.core.spellings import truth

Section: TypeAlias = "Mapping[str, str | Section]"
Place = tuple[str | None, str | None]
"""A VO and a method; ``None`` for all of them."""

T = TypeVar("T")
OPTIONS: Final = ("Stage", "Percent", "Fallback")


@dataclass(frozen=True, slots=True)
class Said:
    """What one section says; ``None`` where it says nothing. ``option`` gave the stage, if it is not the section's."""

    path: str
    stage: Stage | None = None
    percent: float | None = None
    fallback: bool | None = None
    option: str = ""

    @property
    def decided_by(self) -> str:
        """The option that gave the stage."""
        return self.option or f"{self.path}/Stage"


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """All that is said about ``service``, by place."""

    service: str
    said: Mapping[Place, Said] = field(default_factory=dict)

    def route(self, vo: str | None, method: str | None) -> Route:
        """The route of a call; each of stage, percent and fallback comes from the most specific place that says it.

        A method of a VO comes before the VO and the method, these before the service. Where the VO and the method both
        say something, neither is more specific, and the more cautious word counts: the earlier stage, the lower
        percentage, the fallback.
        """
        levels = [[self.said[p] for p in level if p in self.said] for level in levels_of(vo, method)]
        stages = _most_specific([[(s.stage.position, s) for s in level if s.stage is not None] for level in levels])
        percents = _most_specific([[s.percent for s in level if s.percent is not None] for level in levels])
        fallbacks = _most_specific([[s.fallback for s in level if s.fallback is not None] for level in levels])
        said = min(stages, key=lambda one: one[0])[1] if stages else None
        return Route(
            said.stage if said and said.stage else NOT_ROUTED.stage,
            min(percents, default=None),
            max(fallbacks, default=NOT_ROUTED.fallback),
            said.decided_by if said else NOT_ROUTED.decided_by,
        )

    def places(self) -> list[Place]:
        """Every place for which a route may differ, the service itself first."""
        vos = sorted({vo for vo, _ in self.said if vo is not None})
        methods = sorted({method for _, method in self.said if method is not None})
        return [(vo, method) for vo in (None, *vos) for method in (None, *methods)]

    @property
    def silent(self) -> bool:
        """Whether nobody has given the service a stage, not even legacy."""
        return all(said.stage is None for said in self.said.values())

    @property
    def all_legacy(self) -> bool:
        """Whether no call of the service is anything but legacy."""
        return all(said.stage in (None, Stage.LEGACY) for said in self.said.values())


def levels_of(vo: str | None, method: str | None) -> list[list[Place]]:
    """The places that matter for a call, the most specific level first."""
    in_between: list[Place] = [*([(vo, None)] if vo else ()), *([(None, method)] if method else ())]
    return [[(vo, method)] if vo and method else [], in_between, [(None, None)]]


def parse_rules(service: str, section: Section, path: str, *, methods: Collection[str] = ()) -> ServiceRules:
    """The rules in ``section``, which stands at ``path``; ``methods`` are the ones that the service has.

    Raises:
        ConfigurationError: something there is unknown, misspelled or incomplete; everything is named.
    """
    problems: list[str] = []
    said = dict(_walk(section, path, (None, None), methods, problems))
    rules = ServiceRules(service, said)
    for vo, method in rules.places():
        route = rules.route(vo, method)
        if route.stage is Stage.CANARY and route.percent is None:
            problems.append(f"{route.decided_by} = canary needs a Percent beside it")
    if problems:
        raise ConfigurationError("; ".join(dict.fromkeys(problems)))
    return rules


def _walk(
    section: Section, path: str, place: Place, methods: Collection[str], problems: list[str]
) -> Iterator[tuple[Place, Said]]:
    vo, method = place
    inner = [] if method else ["Methods"] if vo else ["VOs", "Methods"]
    options: dict[str, str] = {}
    for name, value in section.items():
        at = f"{path}/{name}"
        if isinstance(value, str):
            if name in OPTIONS:
                options[name] = value
            else:
                problems.append(f"{at} is no option of the routing: {_meant(name, OPTIONS)}")
        elif name not in inner:
            problems.append(f"{at} is no section of the routing here: {_meant(name, inner)}")
        else:
            yield from _members(name, value, at, place, methods, problems)
    yield place, _said(options, path, problems)


def _members(
    name: str, section: Section, path: str, place: Place, methods: Collection[str], problems: list[str]
) -> Iterator[tuple[Place, Said]]:
    for member, inside in section.items():
        at = f"{path}/{member}"
        if isinstance(inside, str):
            problems.append(f"{at} has to be a section with {', '.join(OPTIONS)}")
        elif name == "Methods" and methods and member not in methods:
            problems.append(f"{at}: the service has no such method: {_meant(member, sorted(methods))}")
        else:
            inner = (member, None) if name == "VOs" else (place[0], member)
            yield from _walk(inside, at, inner, methods, problems)


def _said(options: Mapping[str, str], path: str, problems: list[str]) -> Said:
    stage = percent = fallback = None
    if (text := options.get("Stage")) is not None:
        stage = next((known for known in ORDER if known == text.strip().lower()), None)
        if stage is None:
            problems.append(f"{path}/Stage = {text!r} is no stage: write one of {', '.join(ORDER)}")
    if (text := options.get("Percent")) is not None:
        percent = _percent(text)
        if percent is None:
            problems.append(f"{path}/Percent = {text!r} is no percentage: write a number from 0 to 100")
    if (text := options.get("Fallback")) is not None:
        fallback = truth(text)
        if fallback is None:
            problems.append(f"{path}/Fallback = {text!r} is neither yes nor no")
    return Said(path, stage, percent, fallback)


def _percent(text: str) -> float | None:
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        return None
    return number if 0 <= number <= 100 else None


def _most_specific(levels: list[list[T]]) -> list[T]:
    return next((found for found in levels if found), [])


def _meant(name: str, possible: Collection[str]) -> str:
    close = get_close_matches(name, possible, 1, 0.5)
    return f"did you mean {close[0]}?" if close else f"possible are {', '.join(possible) or 'options only'}"
