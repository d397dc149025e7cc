"""Reads a policy from a YAML file, and single choices from the command line.

The file::


    findings:
      unknown-option: fail
      user-suspended: drop
      property-unknown:
        "/Registry/Groups/lab_*": keep
    rules:
      - legacy: /Operations/{layer}/HomeGrown/**
        action: map
        typed: Operations/{layer}/Pilot/HomeGrown/**
        type: free
        reason: read by our pilots
      - legacy: /Registry/Users/{user}/Phone
        action: drop
        reason: not needed
    values:
      "/Registry/Groups/*/Properties": {NormalUsr: NormalUser}
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from diracx_bridge.core.errors import SettingsError, SetupError
from diracx_bridge.cs_sync.finding_kinds import KINDS
from diracx_bridge.cs_sync.policy import Choice, Policy, choices_of
from diracx_bridge.cs_sync.rules import Action, Rule
from diracx_bridge.cs_sync.values import READERS

__all__ = ["parse_choice", "read_policy"]


def parse_choice(text: str) -> tuple[str, str, Choice]:
    """A choice as on the command line: ``CODE=CHOICE`` or ``CODE@PATTERN=CHOICE``.

    Raises:
        SettingsError: no such code, or no such choice for it.
    """
    named, sign, chosen = text.rpartition("=")
    code, _, pattern = named.partition("@")
    if not sign:
        raise SettingsError(f"{text!r} is no choice: write CODE=fail, CODE=drop or CODE=keep")
    return _choice(code, pattern or "*", chosen)


def _choice(code: str, pattern: str, chosen: object) -> tuple[str, str, Choice]:
    if code not in KINDS:
        raise SettingsError(f"There is no finding {code!r}: `cs findings` lists them")
    possible = choices_of(code)
    if chosen not in possible:
        raise SettingsError(f"{code} = {chosen}: possible is {' or '.join(possible)}")
    return code, pattern, Choice(str(chosen))


def read_policy(path: Path) -> Policy:
    """The policy in the YAML file ``path``.

    Raises:
        SetupError: the file can't be read.
        SettingsError: it says something that is not possible; the message names it.
    """
    try:
        raw = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise SetupError(f"{path} can't be read: {error.strerror or error}") from error
    except (yaml.YAMLError, ValueError, RecursionError):
        raise SettingsError(f"{path} is no YAML") from None
    try:
        return _policy({} if raw is None else raw)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None


def _policy(raw: object) -> Policy:
    parts = _mapping(raw, "the policy")
    if unknown := set(parts) - {"findings", "rules", "values"}:
        raise SettingsError(f"{', '.join(sorted(map(str, unknown)))}: possible are findings, rules and values")
    choices: list[tuple[str, str, Choice]] = []
    for code, chosen in _mapping(parts.get("findings"), "findings").items():
        patterns = chosen if isinstance(chosen, dict) else {"*": chosen}
        choices += [_choice(str(code), str(pattern), choice) for pattern, choice in patterns.items()]
    listed = parts.get("rules") or []
    if not isinstance(listed, list):
        raise SettingsError("rules has to be a list")
    values = [
        (str(path), _mapping(pairs, str(path))) for path, pairs in _mapping(parts.get("values"), "values").items()
    ]
    return Policy(
        tuple(choices),
        tuple(_rule(rule) for rule in listed),
        tuple(
            (str(path), {str(old): str(new) for old, new in _mapping(pairs, str(path)).items()})
            for path, pairs in values
        ),
    )


def _mapping(raw: object, what: str) -> Mapping[Any, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise SettingsError(f"{what} has to be a mapping")
    return raw


def _rule(raw: object) -> Rule:
    given = {str(key): str(value) for key, value in _mapping(raw, "a rule").items()}
    pattern, target, kind = given.get("legacy", ""), given.get("typed", ""), given.get("type", "free")
    reason = given.get("reason", "")
    if unknown := set(given) - {"legacy", "action", "typed", "type", "reason"}:
        raise SettingsError(f"rule {pattern}: {', '.join(sorted(unknown))} means nothing here")
    if not pattern.startswith("/") or not pattern.strip("/"):
        raise SettingsError("a rule needs `legacy`, a path that starts with a slash")
    if given.get("action") == "drop":
        return Rule(pattern, Action.DROP, reason=reason or "left out by the policy")
    if given.get("action") != "map" or not target:
        raise SettingsError(f"rule {pattern}: action is drop, or map with `typed`")
    if kind not in READERS:
        raise SettingsError(f"rule {pattern}: there is no type {kind!r}; possible are {', '.join(sorted(READERS))}")
    if (target.endswith("/**") or target == "**") != pattern.endswith("/**"):
        raise SettingsError(f"rule {pattern}: `legacy` and `typed` both end in `/**`, or neither does")
    if unknown := _names(target) - _names(pattern) - {"{vo}", "{subject}"}:
        raise SettingsError(f"rule {pattern}: {', '.join(sorted(unknown))} in `typed` is not known in `legacy`")
    if "{subject}" in target and "{user}" not in pattern:
        raise SettingsError(f"rule {pattern}: {{subject}} in `typed` needs {{user}} in `legacy`")
    return Rule(pattern, Action.CONVERT, target.strip("/"), kind, reason)


def _names(path: str) -> set[str]:
    return {name for name in path.split("/") if name.startswith("{")}
