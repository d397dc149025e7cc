"""Regular expressions for whole values find what Python's search finds."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.db.os.regexp import for_whole_values

ACCEPTED = [
    "", "a", "^a", "a$", "^a$", "a|b", "^a|b$", "a.b", "a*", "^a+$", "ab?", "[abc]", "[^abc]", "[a-c1-3]", r"\d+",
    r"[\d.]+", r"\.", r"\\", r"\$", "(ab)+", "(?:ab|c){2}", "a{2}", "a{2,}", "a{,2}b", "a{1,2}", "[.]", "[]a]",
    "#", "@", "&&", "<1-5>", "~a", '"a"', r"\w\s\w", "(a|)b", "x-y", "[a-]", r"a\-b", "é", r"\n",
]  # fmt: skip
REFUSED = [
    r"[1-\d]",
    r"[\w-a]",
    "(", ")", "[", "*a", "a**", "a+?", "a*+", "(?=a)", "(?i)a", r"\b", r"\1", r"\A", "a^b", "a$b", "($)", "{2}", "a{x}",
    "\\", "[z-a]", "a{3,2}", "x" * 1001,
]  # fmt: skip
VALUES = [
    "",
    "a",
    "b",
    "ab",
    "abab",
    "a.b",
    "axb",
    "aab",
    "c3",
    "12",
    "1.5",
    "<1-5>",
    "~a",
    '"a"',
    "#",
    "@",
    "&&",
    "x-y",
]
VALUES += ["a b", "\\", "$", "]", "-", "é", "a\nb", "cab", "bbb", "a-b", "A"]


@pytest.mark.parametrize("pattern", ACCEPTED)
def test_a_pattern_finds_what_python_finds(pattern: str) -> None:
    whole = regex.compile(for_whole_values(pattern), regex.ASCII | regex.DOTALL)
    for value in VALUES:
        # to Python, $ is before a line end at the very end, too
        expected = re.search(pattern.replace("$", r"\Z") if pattern[-1:] == "$" and pattern[-2:] != r"\$" else pattern,
                             value, re.ASCII | re.DOTALL)  # fmt: skip
        assert bool(whole.fullmatch(value)) == bool(expected), (pattern, value)


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_one_of_them_lacks_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        for_whole_values(pattern)


@pytest.mark.filterwarnings("ignore:Possible:FutureWarning")  # what a later Python may make of "[[" or "||"
@settings(max_examples=1000)
@given(st.text(r"ab1.*+?{}()[]|^$\-,d", max_size=12), st.text("ab1.-", max_size=6))
def test_any_pattern_is_refused_or_finds_what_python_finds(pattern: str, value: str) -> None:
    try:
        whole = for_whole_values(pattern)
    except ValueError:
        return
    found = regex.fullmatch(whole, value, regex.ASCII | regex.DOTALL)
    assert bool(found) == bool(re.search(pattern, value, re.ASCII | re.DOTALL))
