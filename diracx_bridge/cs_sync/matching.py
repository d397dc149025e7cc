"""Finds the rule of a legacy path while the tree is walked: one dictionary look-up per level and candidate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from diracx_bridge.cs_sync.rules import Action, Rule

__all__ = ["Matcher", "Place"]

Names = Mapping[str, str]


@dataclass(slots=True, eq=False)
class _Step:
    """What may follow after the patterns' names so far."""

    literal: dict[str, _Step] = field(default_factory=dict)
    variable: dict[str, _Step] = field(default_factory=dict)
    rule: Rule | None = None
    tail: Rule | None = None


@dataclass(frozen=True, slots=True)
class _Tail:
    """A ``**`` rule in force, the names it knows, and what it matched so far."""

    rule: Rule
    names: Names
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A section of the tree as the rules see it."""

    steps: tuple[tuple[_Step, Names], ...]
    tail: _Tail | None = None

    def below(self, name: str) -> Place:
        """The place of the section ``name`` in this one."""
        steps: list[tuple[_Step, Names]] = []
        for step, names in self.steps:
            if name in step.literal:
                steps.append((step.literal[name], names))
        for step, names in self.steps:
            steps += [(follower, {**names, variable: name}) for variable, follower in step.variable.items()]
        tail = self.tail and _Tail(self.tail.rule, self.tail.names, (*self.tail.rest, name))
        for step, names in reversed(steps):
            if step.tail:
                tail = _Tail(step.tail, names, ())
        return Place(tuple(steps), tail)

    def match(self, name: str) -> tuple[Rule, Names, tuple[str, ...]] | None:
        """The rule of option ``name`` here, the names its pattern knows, and what its ``**`` matched; None: unknown."""
        for step, names in self.steps:
            found = step.literal.get(name)
            if found and found.rule:
                return found.rule, names, ()
        for step, names in self.steps:
            for variable, found in step.variable.items():
                if found.rule:
                    return found.rule, {**names, variable: name}, ()
        if self.tail:
            return self.tail.rule, self.tail.names, (*self.tail.rest, name)
        return None

    @property
    def known(self) -> bool:
        """Whether any rule matches here or below."""
        return bool(self.steps) or self.tail is not None

    def is_option(self) -> bool:
        """Whether the rules want an option here, and nothing but an option."""
        return not self.tail and any(step.rule for step, _ in self.steps) and not self._goes_on()

    def is_section(self) -> bool:
        """Whether the rules want a section here."""
        return self._goes_on() or any(step.tail for step, _ in self.steps)

    def goes_nowhere(self) -> bool:
        """Whether everything below is left out for one reason."""
        return self.tail is not None and not self.steps and self.tail.rule.action is Action.DROP

    def _goes_on(self) -> bool:
        return any(step.literal or step.variable for step, _ in self.steps)

    def names(self) -> list[str]:
        """The literal names that rules know here, for suggestions."""
        return sorted({name for step, _ in self.steps for name in step.literal})


class Matcher:
    """The rules, ready for walking; ``root`` is the place of the tree's root."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        start = _Step()
        for rule in rules:
            *path, last = rule.pattern.strip("/").split("/")
            step = start
            for name in path:
                step = _follow(step, name)
            if last == "**":
                step.tail = rule
            else:
                _follow(step, last).rule = rule
        self.root = Place(((start, {}),))


def _follow(step: _Step, name: str) -> _Step:
    if name.startswith("{"):
        return step.variable.setdefault(name.strip("{}"), _Step())
    return step.literal.setdefault(name, _Step())
