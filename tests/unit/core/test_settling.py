"""Which members of a row lost a race, by what the log says."""

from __future__ import annotations

import pytest

from diracx_bridge.core.settling import Written, corrections

OURS = (20.0, "ours")
FIRST = Written(1, 1.0, "JobManager", ("Received", "Job accepted", "Unknown"))


def written(number: int, order: float, source: str, status: str = "idem", application: str = "idem") -> Written:
    return Written(number, order, source, (status, "idem", application))


def row(status: str = "Received", application: str = "Unknown") -> dict[str, str | None]:
    return {"Status": status, "MinorStatus": "Job accepted", "ApplicationStatus": application}


def test_an_older_change_that_was_written_over_ours_is_undone() -> None:
    log = [FIRST, written(2, 20.0, "ours", application="new"), written(3, 10.0, "legacy", application="old")]
    assert corrections(row(application="old"), log, OURS) == {"ApplicationStatus": "new"}


def test_a_newer_change_that_ours_was_written_over_is_restored() -> None:
    log = [FIRST, written(2, 20.0, "ours", "Running"), written(3, 30.0, "legacy", "Completing")]
    assert corrections(row("Running"), log, OURS) == {"Status": "Completing"}


def test_a_newer_change_that_was_logged_just_before_ours_is_restored() -> None:
    log = [FIRST, written(2, 30.0, "legacy", "Completing"), written(3, 20.0, "ours", "Running")]
    assert corrections(row("Running"), log, OURS) == {"Status": "Completing"}


@pytest.mark.parametrize(
    "log",
    [
        [FIRST, written(2, 20.0, "ours", "Running", "a")],
        [FIRST, written(2, 20.0, "ours", "Running", "a"), written(3, 10.0, "legacy", "Matched", "old")],
        [FIRST, written(2, 10.0, "legacy", "Matched", "old"), written(3, 20.0, "ours", "Running", "a")],
        [FIRST, written(2, 20.0, "ours", "Running", "a"), written(3, 30.0, "legacy")],
    ],
)
def test_nothing_is_corrected_when_the_newest_is_in_the_row(log: list[Written]) -> None:
    assert corrections(row("Running", "a"), log, OURS) == {}


def test_a_value_that_no_racing_record_has_is_left_alone() -> None:
    log = [FIRST, written(2, 20.0, "ours", "Running"), written(3, 30.0, "legacy", "Completing")]
    assert corrections(row("Done"), log, OURS) == {}


def test_a_value_from_before_our_record_is_left_alone() -> None:
    log = [FIRST, written(2, 20.0, "ours", "Running"), written(3, 30.0, "legacy", "Completing")]
    assert corrections(row("Received"), log, OURS) == {}


def test_nothing_is_corrected_when_our_record_is_not_there() -> None:
    log = [FIRST, written(2, 10.0, "legacy", "Running"), written(3, 30.0, "legacy", "Completing")]
    assert corrections(row("Running"), log, OURS) == {}
