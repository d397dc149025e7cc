"""Findings: complete kinds, one line each, the page that lists them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import diracx_bridge.cs_sync
from diracx_bridge.cs_sync.finding_kinds import KINDS, Effect, Severity
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.policy import STRICT, Policy, choices_of
from diracx_bridge.cs_sync.policy_file import parse_choice, read_policy
from diracx_bridge.cs_sync.reference_page import conversion_rules_page
from diracx_bridge.cs_sync.report import as_json, as_text, finding_lines, summary
from diracx_bridge.cs_sync.rules import RULES
from diracx_bridge.cs_sync.tree import Part

from .configurations import changed, convert, put

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "how-to" / "findings.md"
HOW_TO = ROOT / "docs" / "how-to" / "convert-configuration.md"
PAGE = ROOT / "docs" / "reference" / "conversion-rules.md"


def test_the_reference_page_is_current() -> None:
    assert PAGE.read_text() == conversion_rules_page(), (
        "write it again: python -m diracx_bridge.cs_sync.reference_page > docs/reference/conversion-rules.md"
    )


def test_the_reference_page_names_every_rule_and_code() -> None:
    page = conversion_rules_page()
    assert all(f"| `{rule.pattern}` |" in page for rule in RULES)
    assert all(f"| [`{code}`](../how-to/findings.md#{code}) |" in page for code in KINDS)


def test_every_code_has_a_section_with_a_remedy_in_the_order_of_the_codes() -> None:
    sections = re.split(r"^### `(.+)`$", GUIDE.read_text(), flags=re.MULTILINE)
    assert sections[1::2] == list(KINDS)
    for code, text in zip(sections[1::2], sections[2::2], strict=True):
        assert len(re.split(r"^## ", text, flags=re.MULTILINE)[0].split()) > 10, code


def test_choices_that_the_guide_shows_are_possible() -> None:
    shown = re.findall(r"--policy \"?([a-z0-9-]+)(?:@[^=]+)?=([a-z]+)", GUIDE.read_text() + HOW_TO.read_text())
    assert len(shown) > 8
    assert all(choice in choices_of(code) for code, choice in shown)


def test_the_policy_of_the_guide_is_read(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text(), flags=re.DOTALL)
    (tmp_path / "policy.yaml").write_text(text)
    policy = read_policy(tmp_path / "policy.yaml")
    assert (len(policy.choices), len(policy.rules), len(policy.values)) == (3, 2, 1)


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


def test_strict_refuses_errors_and_what_upstream_fails_on() -> None:
    tree = changed(Registry__Groups__gridlab_user__JobShare="0.5")
    assert not convert(tree).refused
    assert convert(tree, strict=True).refused
    assert convert(changed(DiracX__DisabledVO="x"), strict=True).refused
    assert not convert(changed(Registry__Users__bob__DN="/O=Foo, Inc/CN=Bob"), strict=True).refused
    assert set(KINDS) >= STRICT


def test_strict_leaves_to_the_policy_what_that_has_decided() -> None:
    policy = Policy((parse_choice("unknown-option@/DiracX/*=keep"),))
    assert not convert(changed(DiracX__DisabledVO="x"), strict=True, policy=policy).refused
    assert convert(changed(DIRAC__Own="x"), strict=True, policy=policy).refused
