"""The table of rules is complete and fits the typed configuration."""

from __future__ import annotations

from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.matching import Matcher
from diracx_bridge.cs_sync.rules import RULES, Action, Rule
from diracx_bridge.cs_sync.values import MEANINGS, READERS

# Where the rules leave a field of the schema alone, and why
WITHOUT_RULE = {
    "Systems": "may hold passwords",
    "WebApp": "for DIRAC's web application",
    "LocalSite": "for one worker node",
    "LogLevel": "for one process",
    "MCTestingDestination": "no reader",
    "Registry/*/Users/*/PreferedUsername": "made from the name of the section",
}


def typed_paths(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Every path of the schema, `*` for the keys of a mapping."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        hint: Any = field.annotation
        values = get_args(hint)
        inside = values[1] if values and "Mapping" in str(get_origin(hint)) else None
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            found += typed_paths(hint, f"{path}/")
        elif isinstance(inside, type) and issubclass(inside, BaseModel):
            found += typed_paths(inside, f"{path}/*/")
        else:
            found.append(path)
    return found


def shape(target: str) -> str:
    """A target as `typed_paths` writes it."""
    names = ["*" if name.startswith("{") else name for name in target.split("/")]
    return "/".join(names).removesuffix("/**").removesuffix("OSCompatibility/*") or target


TARGETS = {
    shape(rule.target) + ("OSCompatibility" if "OSCompatibility" in rule.target else "")
    for rule in RULES
    if rule.action is Action.CONVERT
}


def test_every_field_of_the_schema_has_a_rule_or_a_reason() -> None:
    assert TARGETS | set(WITHOUT_RULE) == set(typed_paths(Config))


def test_no_two_rules_have_the_same_pattern() -> None:
    patterns = [rule.pattern for rule in RULES]
    assert len(set(patterns)) == len(patterns)


def test_every_rule_says_what_its_action_needs() -> None:
    for rule in RULES:
        assert rule.pattern.startswith("/")
        assert bool(rule.target) == (rule.action is not Action.DROP), rule
        assert bool(rule.type) == (rule.action is Action.CONVERT), rule
        assert rule.reason or rule.action is Action.CONVERT, rule


def test_every_type_is_used_and_explained() -> None:
    assert {rule.type for rule in RULES if rule.type} == set(READERS) == set(MEANINGS)


def find(rules: list[Rule], path: str) -> str:
    """The pattern that a path matches, or an empty text."""
    *sections, option = path.split("/")
    place = Matcher(rules).root
    for name in sections:
        place = place.below(name)
    matched = place.match(option)
    return matched[0].pattern if matched else ""


MADE_UP = [
    Rule(pattern, Action.DROP, reason="x")
    for pattern in ("/A/B", "/A/{x}", "/A/**", "/A/B/C/**", "/{y}/D/E", "/F/{z}/G")
]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("A/B", "/A/B"),
        ("A/other", "/A/{x}"),
        ("A/other/deep/er", "/A/**"),
        ("A/B/C/D", "/A/B/C/**"),
        ("A/B/other", "/A/**"),
        ("A/D/E", "/{y}/D/E"),
        ("A/D/other", "/A/**"),
        ("Z/D/E", "/{y}/D/E"),
        ("F/any/G", "/F/{z}/G"),
        ("F/any/H", ""),
        ("F", ""),
    ],
)
def test_the_most_specific_rule_wins(path: str, pattern: str) -> None:
    assert find(MADE_UP, path) == pattern


def test_the_names_of_a_pattern_are_known() -> None:
    place = Matcher(MADE_UP).root.below("F").below("any")
    matched = place.match("G")
    assert matched is not None
    assert matched[1] == {"z": "any"}
