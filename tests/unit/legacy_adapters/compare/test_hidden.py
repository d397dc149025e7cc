"""What hidden jobs explain of two answers."""

from __future__ import annotations

from typing import Any

import pytest

from diracx_bridge.legacy_adapters.compare.hidden import missing_from, read_without, refuses
from diracx_bridge.legacy_adapters.compare.verdict import answer_diffs

SEEN, HIDDEN = 1, 2


def ok(value: Any) -> dict[str, Any]:
    return {"OK": True, "Value": value}


def failed(message: str) -> dict[str, Any]:
    return {"OK": False, "Errno": 0, "Message": message}


def explained(asked: list[int], legacy: Any, diracx: Any) -> bool:
    return not answer_diffs(*read_without({HIDDEN}, asked, legacy, diracx))


@pytest.mark.parametrize(
    ("asked", "legacy", "diracx"),
    [
        ([], ok(["1", "2"]), ok(["1"])),
        ([1, 2], ok({1: {"Site": "x"}, 2: {"Site": "y"}}), ok({1: {"Site": "x"}})),
        ([1, 2], ok({"1": {"a": 1}, "2": {"a": 2}}), ok({1: {"a": 1}, 2: {}})),
        ([2], ok({2: {"Site": "y"}}), ok({})),
        ([2], ok({"JobID": 2, "Site": "y"}), ok({})),
        ([2], ok("y"), ok(None)),
        ([2], ok([("Received", "m")]), failed("No Logging information for job 2")),
        ([2], ok("[ Executable ]"), ok([])),
    ],
)
def test_hidden_job_that_is_treated_as_no_job_is_explained(asked: list[int], legacy: Any, diracx: Any) -> None:
    assert explained(asked, legacy, diracx)


@pytest.mark.parametrize(
    ("asked", "legacy", "diracx"),
    [
        ([], ok(["1", "2"]), ok([])),
        ([], ok(["1", "2"]), ok(["1", "3"])),
        ([1, 2], ok({1: {"Site": "x"}, 2: {"Site": "y"}}), ok({1: {"Site": "z"}})),
        ([1, 2], ok({1: {"Site": "x"}, 2: {"Site": "y"}}), ok({})),
        ([1, 2], ok({1: {"Site": "x"}, 2: {"Site": "y"}}), ok({1: {"Site": "x"}, 2: {"Site": "z"}})),
        ([1, 2], ok({1: {"Site": "x"}, 2: {"Site": "y"}}), failed("500")),
        ([2], ok({"JobID": 2, "Site": "y"}), ok({"JobID": 2, "Site": "z"})),
        ([2], ok("y"), failed("Unknown job attribute: Site")),
        ([1], ok("y"), ok(None)),
    ],
)
def test_nothing_else_is_explained(asked: list[int], legacy: Any, diracx: Any) -> None:
    assert not explained(asked, legacy, diracx)


def test_jobs_that_may_be_hidden_are_those_asked_for_or_those_that_only_legacy_lists() -> None:
    assert missing_from([3, 1], ok({}), ok({})) == [1, 3]
    assert missing_from([], ok(["1", "2"]), ok(["1", "5"])) == [2]
    assert missing_from([], ok(["1"]), failed("no")) == []


@pytest.mark.parametrize(
    ("diracx", "expected"),
    [
        (failed("Not authorized to modify job 2"), True),
        (failed("Not authorized to modify job 1"), False),
        (failed("No Matching Job"), False),
        (ok("No Matching Job"), True),
        (ok(None), False),
    ],
)
def test_a_write_is_explained_by_the_refusal_of_a_hidden_job(diracx: Any, expected: bool) -> None:
    assert refuses({HIDDEN}, diracx) is expected
    assert not refuses(set(), diracx)
