"""Makes ``docs/reference/conversion-rules.md`` from the rules, the readers of values and the kinds of findings."""

from __future__ import annotations

from collections.abc import Iterable

from diracx_bridge.cs_sync.finding_kinds import KINDS
from diracx_bridge.cs_sync.policy import STRICT, choices_of
from diracx_bridge.cs_sync.rules import RULES, Action, Rule
from diracx_bridge.cs_sync.values import MEANINGS

__all__ = ["conversion_rules_page"]

_TITLES = {
    Action.CONVERT: ("Converted", "The value goes to the typed path, read as the type says."),
    Action.NAME: ("Names", "The value is part of the typed path."),
    Action.DROP: ("Dropped", "The option has no place in the configuration of DiracX."),
}


def conversion_rules_page() -> str:
    """The page as Markdown; a test compares it with the file."""
    parts = [
        "# Conversion rules",
        "",
        "<!-- Made from diracx_bridge/cs_sync by `python -m diracx_bridge.cs_sync.reference_page`; not edited. -->",
        "",
        "What `diracx-bridge cs convert` makes of every option of a legacy configuration. `{name}` stands for one "
        "name, `**` for everything below; a literal name is stronger than `{name}`, and either is stronger than "
        "`**`. An option that no rule matches is *unknown*: it is left out and reported. "
        "Converted, dropped and unknown options add up to all options of the file.",
        "",
        "`{vo}` in a typed path is each VO that the option concerns, `{subject}` the user's subject there, `{layer}` "
        "`Defaults` or a VO.",
    ]
    for action, (title, text) in _TITLES.items():
        parts += ["", f"## {title}", "", text, "", *_rule_table(rule for rule in RULES if rule.action is action)]
    parts += ["", "## Types", "", *_table(("type", "meaning"), MEANINGS.items())]
    kinds = (
        (
            f"[`{kind.code}`](../how-to/findings.md#{kind.code})",
            f"{kind.severity}, *strict*" if kind.code in STRICT else kind.severity,
            kind.meaning,
            kind.effect,
            kind.remedy,
            ", ".join(choices_of(kind.code)),
        )
        for kind in KINDS.values()
    )
    parts += ["", "## Findings", ""]
    parts += [
        "With `--strict` a file with errors is refused, or with what upstream's converter fails on (marked *strict*). "
        "A policy may choose something else than the effect. "
        "[Findings, one by one](../how-to/findings.md) says more about each.",
        "",
    ]
    parts += _table(("code", "severity", "meaning", "effect", "what to do", "choices"), kinds)
    return "\n".join(parts) + "\n"


def _rule_table(rules: Iterable[Rule]) -> list[str]:
    rows = [(f"`{rule.pattern}`", f"`{rule.target}`" if rule.target else "", rule.type, rule.reason) for rule in rules]
    columns = [index for index in range(4) if any(row[index] for row in rows)]
    titles = ("legacy path", "typed path", "type", "why")
    return _table([titles[index] for index in columns], ([row[index] for index in columns] for row in rows))


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    head = list(titles)
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


if __name__ == "__main__":
    import sys

    sys.stdout.write(conversion_rules_page())
