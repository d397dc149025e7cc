"""What a change brings in is the same whether the change alone is looked at, or the whole text is converted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from diraccfg import CFG
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.cs_sync import rereading
from diracx_bridge.cs_sync.convert import Result, convert_source
from diracx_bridge.cs_sync.follow import baseline
from diracx_bridge.cs_sync.follow.source import Text
from diracx_bridge.cs_sync.follow.verify import Verifier, introduced
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.policy import Choice, Policy
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.source import decoded
from tests.load.cs.generator import configuration
from tests.unit.cs_sync.configurations import cfg, changed, convert, minimal, put, with_biolab
from tests.unit.cs_sync.examples import EXAMPLES
from tests.unit.cs_sync.variants import variant

POLICIES = [
    Options(),
    Options(strict=True),
    Options(personal_data=False),
    Options(policy=Policy((("unknown-option", "*", Choice.KEEP), ("secret-not-written", "*", Choice.FAIL)))),
    Options(policy=Policy((("user-no-dn", "*", Choice.DROP), ("not-in-diracx", "/Registry/Users/*", Choice.KEEP)))),
]


@pytest.fixture(scope="module", autouse=True)
def small_sections_are_compared_too() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rereading, "_SMALL", 10)
        patch.setattr(baseline, "_SHELL", 3)
        yield


class Bridge:
    """A text in force, and how another one is verified against it."""

    def __init__(self, text: str, options: Options) -> None:
        self.options, self.previous = options, NOTHING
        self.before = self.convert(Text(text.encode(), "CS.cfg"))
        self.previous = Previous(self.before.content, "") if self.before.content else NOTHING
        self.verifier = Verifier(self.convert, lambda: self.previous, options)
        self.verifier.is_now(self.before)

    def convert(self, text: Text) -> Result:
        source, findings = decoded(text.name, text.data)
        findings.policy = self.options.policy
        return convert_source(source, findings, replace(self.options, previous=self.previous))

    def answer(self, text: str) -> dict[str, Any]:
        """The answer of the verifier, which must be that of a conversion of the whole text."""
        given = self.verifier.report(text.encode())
        after = self.convert(Text(text.encode(), "<verify>"))
        new = introduced(self.before.findings, after.findings)
        assert given == {
            "ok": not after.refused and not any(finding.severity == "error" for finding in new),
            "refused": after.refused,
            "whole": given["whole"],
            "findings": [finding.as_dict() for finding in new],
            "known": len(after.findings) - len(new),
        }
        return given


LARGE = configuration(60, 8)
FAULTY = cfg(put(with_biolab(changed(Registry__Users__bob__mobile="1", Systems__WMS__Databases__Password="s3")),
                 "Registry/Groups/gridlab_user/Users", "alice, bob, ghost, carol"))  # fmt: skip


def written_by_dirac(text: str) -> str:
    return str(CFG().loadFromBuffer(text))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32), st.sampled_from([LARGE, FAULTY]), st.sampled_from(POLICIES))
def test_changes_as_people_make_them(seed: int, text: str, options: Options) -> None:
    bridge, random = Bridge(text, options), Random(seed)
    for _ in range(4):
        bridge.answer(variant(text, random))


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(sorted(EXAMPLES)), st.sampled_from(sorted(EXAMPLES)), st.sampled_from(POLICIES))
def test_from_one_fault_to_another(before: str, after: str, options: Options) -> None:
    bridge = Bridge(cfg(EXAMPLES[before]()), options)
    bridge.answer(cfg(EXAMPLES[after]()))
    bridge.answer(cfg(minimal()))


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_a_fault_that_is_brought_in_and_mended(code: str) -> None:
    faulty = cfg(EXAMPLES[code]())
    found = Bridge(cfg(minimal()), Options()).answer(faulty)
    assert {code, "default-group-unknown"} & {finding["code"] for finding in found["findings"]}
    assert Bridge(faulty, Options()).answer(cfg(with_biolab()))["refused"] is False


@pytest.mark.parametrize("kind", ["real", "synthetic", "edge"])
def test_configurations_of_installations(cases: Path, kind: str) -> None:
    folder = cases / "cs" / kind
    random, compared = Random(7), 0
    for file in sorted(folder.glob("*.cfg")):
        try:
            text = written_by_dirac(file.read_text())
        except Exception:  # DIRAC can't read some of them
            continue
        bridge = Bridge(text, Options())
        for _ in range(3):
            compared += not bridge.answer(variant(text, random))["whole"]
    assert compared > 0


def test_ordinary_changes_need_no_conversion_of_the_whole() -> None:
    bridge = Bridge(LARGE, Options())
    assert bridge.answer(LARGE)["whole"] is False
    mail = bridge.answer(LARGE.replace("user00003@mail.example.org", "nobody"))
    assert (mail["whole"], [found["code"] for found in mail["findings"]]) == (False, ["email-invalid"])
    assert bridge.answer(LARGE.replace("MoUTierLevel = 2", "Password = x7Gh2", 1))["findings"][0]["line"] > 500
    gone = bridge.answer(LARGE.replace("    user00005\n", "    user00005x\n", 1))
    assert gone["whole"] is False
    assert {"subject-dangling", "member-unknown"} <= {found["code"] for found in gone["findings"]}
    assert bridge.answer(LARGE + "Broken\n{\n")["whole"] is True


def test_only_what_a_change_brings_in_is_reported() -> None:
    before, same, worse = (
        convert(changed(Registry__Groups__gridlab_user__JobShare=share)) for share in ("0.5", "0.5", "0.7")
    )
    assert introduced(before.findings, same.findings) == []
    assert len(introduced(before.findings, worse.findings)) == 1


def test_an_old_fault_is_not_new_because_lines_before_it_moved() -> None:
    twice = "DIRAC\n{\n  NoSetup = y\n  NoSetup = y\n}\n"
    assert introduced(_read(twice), _read("#comment\n" + twice)) == []


def _read(text: str) -> Any:
    return convert_source(decoded("x", text.encode())[0]).findings
