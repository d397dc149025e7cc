"""An anonymised configuration has the same findings on the same lines, and nothing private."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from diracx_bridge.cs_sync.anonymise import anonymise
from diracx_bridge.cs_sync.convert import Result

from .configurations import cfg, convert_text, minimal, put, with_biolab
from .examples import EXAMPLES
from .test_account import configurations


def places(result: Result) -> Counter[tuple[str, int]]:
    return Counter((found.code, found.line) for found in result.findings)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_of_each_code_gives_rise_to_it_still(code: str) -> None:
    text = cfg(EXAMPLES[code]())
    assert places(convert_text(anonymise(text))) == places(convert_text(text))


@settings(deadline=None, max_examples=50)
@given(configurations())
def test_any_configuration_has_the_same_findings_afterwards(text: str) -> None:
    assert places(convert_text(anonymise(text))) == places(convert_text(text))


PRIVATE = """\
#@@-jsmith@grid_admin - 2026-01-01 00:00:00
Registry
{
  Users
  {
    jsmith
    {
      DN = /DC=ch/DC=cern/OU=Users/CN=jsmith/CN=John Smithé
      Email = john.smith@physics.university.ac.uk
      mobile = +41754113456
    }
  }
}
Systems
{
  WorkloadManagement
  {
    Services
    {
      JobManager
      {
        Host = vobox42.physics.university.ac.uk
        Address = 137.138.10.20
        Password = correct horse battery 99887766
        Url = mysql://jsmith:sesame@db.physics.university.ac.uk/db
        Token = eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl
      }
    }
  }
}
"""


def test_nothing_private_is_left() -> None:
    text = anonymise(PRIVATE)
    names = ("jsmith", "smith", "physics", "university", "vobox", "grid_admin", "cern", "137.138", "41754113456")
    secrets = ("horse", "9988", "sesame", "oijiuzi1", "c2lnb")
    assert [word for word in (*names, *secrets) if word in text.lower()] == []


def test_what_helps_to_understand_stays() -> None:
    text = anonymise(PRIVATE)
    for word in ("Registry", "WorkloadManagement", "JobManager", "Password", "mysql://", "/OU=Users/CN=", "2026-01-01"):
        assert word in text, word
    assert text.count("\n") == PRIVATE.count("\n")


def test_one_word_becomes_one_word_everywhere() -> None:
    result = convert_text(anonymise(cfg(with_biolab())))
    assert result.content is not None
    assert [len(vo["Users"]) for vo in result.content["Registry"].values()] == [2, 2]
    assert list(result.findings) == []


def test_spellings_that_differ_in_capitals_differ_still() -> None:
    tree = put(minimal(), "Operations/GridLab/Pilot/Version", "1")
    assert [found.code for found in convert_text(anonymise(cfg(tree))).findings] == ["vo-name-case"]


def test_the_same_text_gives_the_same_result() -> None:
    assert anonymise(PRIVATE) == anonymise(PRIVATE)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    text = cfg(minimal()).replace("\n", end)
    assert anonymise(text).count(end) == text.count(end)
