"""Findings: complete kinds, one line each, the page that lists them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import diracx_bridge.cs_sync
from diracx_bridge.cs_sync.finding_kinds import KINDS, Effect, Severity
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.reference_page import conversion_rules_page
from diracx_bridge.cs_sync.report import as_json, as_text, finding_lines, summary
from diracx_bridge.cs_sync.rules import RULES
from diracx_bridge.cs_sync.tree import Part

from .configurations import changed, convert, put

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "conversion-rules.md"


def test_the_reference_page_is_current() -> None:
    assert PAGE.read_text() == conversion_rules_page(), (
        "write it again: python -m diracx_bridge.cs_sync.reference_page > docs/reference/conversion-rules.md"
    )


def test_the_reference_page_names_every_rule_and_code() -> None:
    page = conversion_rules_page()
    assert all(f"| `{rule.pattern}` |" in page for rule in RULES)
    assert all(f"| `{code}` |" in page for code in KINDS)


def test_every_code_is_used_and_known() -> None:
    sources = [
        path for path in Path(diracx_bridge.cs_sync.__path__[0]).rglob("*.py") if not path.stem.endswith("_kinds")
    ]
    used = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', "".join(path.read_text() for path in sources)))
    assert set(KINDS) <= used


def test_what_refuses_a_file_is_an_error() -> None:
    assert all(kind.severity is Severity.ERROR for kind in KINDS.values() if kind.effect is Effect.REFUSED)


def test_findings_come_in_the_order_of_the_file() -> None:
    findings = Findings("x.cfg")
    for line in (3, 1, 2):
        findings.add("unknown-option", "m", at=Part("", line, 1))
    assert [found.line for found in findings] == [1, 2, 3]


def test_a_message_is_one_line_of_bounded_length() -> None:
    findings = Findings("x.cfg")
    findings.add("unknown-option", "a\n\x1b[31m\u2028" + "x" * 10_000)
    (found,) = findings
    assert found.message.isprintable()
    assert len(found.message) <= 400


def test_a_line_has_place_severity_code_message_and_remedy() -> None:
    result = convert(changed(DiracX__DisabledVO="x"))
    ((_, line),) = finding_lines(result)
    assert re.fullmatch(r"test\.cfg:\d+:\d+: warning unknown-option: .*\. Do you mean DisabledVOs\?", line)


def test_many_findings_of_one_code_are_shortened_unless_all_are_wanted() -> None:
    tree = changed()
    for number in range(25):
        put(tree, f"Operations/Defaults/Odd{number}", "1")
    result = convert(tree)
    assert len(list(finding_lines(result))) == 10
    assert "15 more of unknown-option: --all shows them" in list(summary(result))
    assert len(list(finding_lines(result, everything=True))) == 25
    assert as_text(result).count("warning unknown-option") == 25


def test_json_holds_everything() -> None:
    result = convert(changed(DiracX__DisabledVO="x"))
    report = json.loads(as_json(result, extra=1))
    assert report["extra"] == 1
    assert report["options"]["total"] == sum(report["options"][fate] for fate in ("converted", "dropped", "unknown"))
    assert report["vos"] == {"gridlab": {"users": 2, "groups": 1}}
    (found,) = report["findings"]
    assert found["code"] == "unknown-option"
    assert found["effect"] == Effect.OPTION


def test_strict_refuses_a_file_with_errors_and_only_that() -> None:
    tree = changed(Registry__Groups__gridlab_user__JobShare="0.5")
    assert not convert(tree).refused
    assert convert(tree, strict=True).refused
    assert not convert(changed(DiracX__DisabledVO="x"), strict=True).refused
