"""Job ids on the command line and on standard input."""

from __future__ import annotations

import io
import json

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.cli.ids import job_ids


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["17"], [17]),
        (["17", "18"], [17, 18]),
        (["17,18,", "17"], [17, 18]),
        (["3-6", "5"], [3, 4, 5, 6]),
    ],
)
def test_ids_are_taken_in_every_form(words: list[str], ids: list[int]) -> None:
    assert job_ids(words) == ids


@pytest.mark.parametrize("words", [["x"], ["-5"], ["6-3"], ["1-99999999"], ["1.5"], ["１x"]])
def test_what_is_no_id_is_named(words: list[str]) -> None:
    with pytest.raises(typer.BadParameter, match=words[0]):
        job_ids(words)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("17 18\n19\n", [17, 18, 19]),
        ("[17, 18]", [17, 18]),
        ('[{"JobID": 17, "Status": "Done"}, {"JobID": 18}]', [17, 18]),
        ('{"success": [], "17": {"Status": "Done"}}', [17]),
    ],
)
def test_ids_are_read_from_standard_input(text: str, ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert job_ids(["-"]) == ids


@pytest.mark.parametrize("text", ["", "[]", "[1,", "one"])
def test_standard_input_without_ids_is_wrong_usage(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(typer.BadParameter):
        job_ids(["-"])


@given(st.lists(st.integers(1, 2**32 - 1), min_size=1, unique=True))
def test_ids_that_one_command_prints_another_reads(ids: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(json.dumps([{"JobID": number} for number in ids])))
        assert job_ids(None) == ids
