"""What comparing comes to: equal, a deliberate difference, a mismatch, or a race."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from diracx_bridge.legacy_adapters.compare.effects import Moment
from diracx_bridge.legacy_adapters.compare.noise import NOISE, same_form
from diracx_bridge.legacy_adapters.compare.verdict import judge_read, judge_write
from diracx_bridge.legacy_adapters.differences import DIFFERENCES
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison

GIVEN = "2030-01-01 12:00:00"
NOW = "2026-11-25 10:00:00"
ARGUMENTS = (1, {GIVEN: {"Status": "Checking", "MinorStatus": "m", "Source": "me"}})
MOMENT = Moment.of(ARGUMENTS, datetime.fromisoformat(NOW), datetime.fromisoformat(NOW))
OK = {"OK": True, "Value": (["MinorStatus"], ["m"])}
JOB = {
    "Status": "Received", "MinorStatus": "Job accepted", "ApplicationStatus": "Unknown", "Site": "ANY",
    "StartExecTime": None, "EndExecTime": None, "HeartBeatTime": None, "LastUpdateTime": "2026-11-25 09:00:00",
}  # fmt: skip


def log(number: int, time: str = GIVEN, **changed: Any) -> dict[str, Any]:
    row = {
        "SeqNum": number, "Status": "Checking", "MinorStatus": "m", "ApplicationStatus": "idem", "StatusTime": time,
        "StatusTimeOrder": 623505600.0, "StatusSource": "me",
    }  # fmt: skip
    return {**row, **changed}


def rows(*records: dict[str, Any], **job: Any) -> dict[str, Any]:
    return {
        "Jobs": [{**JOB, **job}],
        "LoggingInfo": [log(1, "2026-11-25 09:00:00", StatusSource="JobManager"), *records],
        "JobCommands": [],
        "HeartBeatLoggingInfo": [],
    }


AFTER = rows(log(2), Status="Checking", MinorStatus="m", LastUpdateTime=NOW)


def rehearsal(after: Any = AFTER, parameters: Any = None) -> dict[str, Any]:
    return {
        "before": {"1": rows()},
        "after": {"1": deepcopy(after)},
        "parameters": {"1": parameters or {}},
        "stored": {"1": {"HostName": "old"}},
    }


def state(after: Any = AFTER, **parameters: Any) -> dict[str, Any]:
    return {"rows": {"1": deepcopy(after)}, "parameters": {"1": {"HostName": "old", **parameters}}}


def judge(predicted: Any = None, actual: Any = None, method: str = "setJobStatusBulk", **more: Any) -> Any:
    results = [predicted or rehearsal()]
    return judge_write(method, more.get("legacy", OK), more.get("diracx", OK), results, actual or state(), MOMENT)


def test_equal_effects_are_equal_also_when_now_is_a_second_later() -> None:
    later = rows(log(2), Status="Checking", MinorStatus="m", LastUpdateTime="2026-11-25 10:00:01")
    assert judge(actual=state(later)).comparison is Comparison.EQUAL


def test_tuples_and_lists_and_kinds_of_keys_are_the_same_answer() -> None:
    assert judge(legacy={"OK": True, "Value": [["MinorStatus"], ["m"]]}).comparison is Comparison.EQUAL
    assert same_form({1: (1, 2)}) == same_form({"1": [1, 2]})
    assert same_form([2, 1], ordered=False) == same_form((1, 2), ordered=False)
    assert same_form([2, 1]) != same_form([1, 2])


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (rows(log(2), Status="Checking", MinorStatus="wrong", LastUpdateTime=NOW), "Jobs.MinorStatus"),
        (rows(log(2, "2030-01-01 12:00:01"), **AFTER["Jobs"][0]), "LoggingInfo.StatusTime"),
        (rows(log(2, StatusTimeOrder=623505601.0), **AFTER["Jobs"][0]), "LoggingInfo.StatusTimeOrder"),
        (rows(log(2), log(3), **AFTER["Jobs"][0]), "LoggingInfo rows"),
        (rows(**AFTER["Jobs"][0]), "LoggingInfo rows"),
        (rows(log(2, StatusSource="Unknown"), **AFTER["Jobs"][0]), "LoggingInfo.StatusSource"),
    ],
)
def test_wrong_rows_are_a_mismatch_that_names_the_column(fault: Any, what: str) -> None:
    verdict = judge(rehearsal(fault))
    assert verdict.comparison is Comparison.MISMATCH
    assert [diff.what for diff in verdict.mismatches] == [what]


def test_refusal_where_legacy_agrees_is_a_mismatch() -> None:
    refused = {"OK": False, "Errno": 0, "Message": "Not authorized to modify job 1"}
    verdict = judge_write("setJobSite", {"OK": True, "Value": 1}, refused, [], None, MOMENT)
    (diff,) = verdict.mismatches
    assert (verdict.comparison, diff.what) == (Comparison.MISMATCH, "answer")


def test_lost_parameter_is_a_mismatch() -> None:
    verdict = judge(actual=state(Memory="12"), method="setJobParameter")
    assert [diff.what for diff in verdict.mismatches] == ["JobParameters.Memory"]


def test_parameter_that_both_write_is_equal_and_numbers_are_a_difference() -> None:
    same = rehearsal(parameters={"Memory": "12", "timestamp": 1})
    assert judge(same, state(Memory="12"), "setJobParameter").comparison is Comparison.EQUAL
    number = rehearsal(parameters={"CPUNormalizationFactor": 10})
    actual = state(CPUNormalizationFactor="10")
    assert judge(number, actual, "setJobParameter").comparison is Comparison.DIFFERENCE


@pytest.mark.parametrize(
    "foreign",
    [
        rows(log(2), log(3, StatusSource="Matcher", MinorStatus="Assigned"), **AFTER["Jobs"][0]),
        rows(log(2), log(3, "2030-01-01 12:00:05"), **AFTER["Jobs"][0]),
        rows(log(2), Status="Checking", MinorStatus="of somebody else", LastUpdateTime=NOW),
    ],
)
def test_change_by_somebody_else_is_a_race_and_no_mismatch(foreign: Any) -> None:
    verdict = judge(actual=state(foreign))
    assert (verdict.comparison, verdict.mismatches) == (Comparison.RACE, ())


def test_call_that_was_disturbed_is_a_race() -> None:
    fault = rows(log(2), Status="Checking", MinorStatus="wrong", LastUpdateTime=NOW)
    verdict = judge_write("setJobStatusBulk", OK, OK, [rehearsal(fault)], state(), MOMENT, disturbed=True)
    assert verdict.comparison is Comparison.RACE


def test_deliberate_difference_is_told_apart() -> None:
    ours = {**AFTER["Jobs"][0], "StartExecTime": GIVEN}
    theirs = {**AFTER["Jobs"][0], "StartExecTime": NOW}
    verdict = judge(rehearsal(rows(log(2), **ours)), state(rows(log(2), **theirs)))
    assert (verdict.comparison, verdict.mismatches) == (Comparison.DIFFERENCE, ())


ROW = {"Status": "Checking", "MinorStatus": "m", "LastUpdateTime": NOW}
STARTED = rows(log(2), **ROW, StartExecTime=NOW)
STARTED_WITH_BEAT = rows(log(2), **ROW, StartExecTime=NOW, HeartBeatTime=NOW)
BEAT = log(2, StatusSource="Heartbeat")


@pytest.mark.parametrize(
    ("theirs", "ours", "comparison"),
    [
        # legacy sets the heartbeat with the start, and only then
        (
            rows(log(2), **ROW, StartExecTime=NOW, HeartBeatTime=NOW),
            rows(log(2), **ROW, StartExecTime=NOW),
            "difference",
        ),
        (rows(log(2), **ROW, HeartBeatTime=NOW), rows(log(2), **ROW), "mismatch"),
        # an update whose source is a heartbeat sets the time of it
        (rows(BEAT, **ROW), rows(BEAT, **ROW, HeartBeatTime=GIVEN), "difference"),
        (rows(BEAT, **ROW), rows(BEAT, **ROW, HeartBeatTime="2030-01-01 12:00:09"), "mismatch"),
        (rows(log(2), **ROW), rows(log(2), **ROW, HeartBeatTime=GIVEN), "mismatch"),
        # an end, or a start, that is the time of an update
        (rows(log(2), **ROW), rows(log(2), **ROW, EndExecTime=GIVEN), "difference"),
        (rows(log(2), **ROW), rows(log(2), **ROW, StartExecTime=GIVEN), "difference"),
        (rows(log(2), **ROW), rows(log(2), **ROW, EndExecTime="2030-01-01 12:00:09"), "mismatch"),
    ],
)
def test_difference_is_known_by_what_stands_beside_it(theirs: Any, ours: Any, comparison: str) -> None:
    assert judge(rehearsal(ours), state(theirs)).comparison == comparison


COMMAND = {"Command": "Peek", "Arguments": "", "Status": "Received"}
NO_LOG = {"OK": False, "Errno": 0, "Message": "No Logging Info for job 1"}
LONG = {"OK": False, "Errno": 1131, "Message": "MySQL Error ( 1131 : Data too long for column 'MinorStatus' ))"}
REFUSED = {"OK": False, "Errno": 1131, "Message": "MySQL Error ( 1131 : Job 1: MinorStatus is longer than 128 ))"}


@pytest.mark.parametrize(
    ("legacy", "diracx", "theirs", "ours", "left"),
    [
        (NO_LOG, OK, rows(), AFTER, []),
        (
            NO_LOG,
            OK,
            {**rows(), "JobCommands": [COMMAND]},
            AFTER,
            ["JobCommands rows"],
        ),
        (LONG, REFUSED, rows(Status="Checking", LastUpdateTime=NOW), rows(), []),
        (LONG, REFUSED, rows(Status="Checking", Site="me"), rows(), ["Jobs.Site"]),
        (LONG, OK, rows(Status="Checking"), rows(), ["answer", "Jobs.Status"]),
    ],
)
def test_rows_are_explained_with_an_answer_as_far_as_it_explains_them(
    legacy: Any, diracx: Any, theirs: Any, ours: Any, left: list[str]
) -> None:
    verdict = judge(rehearsal(ours), state(theirs), legacy=legacy, diracx=diracx)
    assert [diff.what for diff in verdict.mismatches] == left


@pytest.mark.parametrize(
    ("name", "value", "comparison"),
    [("CPUConsumed", "1.5", "mismatch"), ("CPUConsumed", "much", "difference"), ("Nonsense", "1", "difference")],
)
def test_item_of_a_heartbeat_is_missed_if_the_route_has_a_place_for_it(name: str, value: str, comparison: str) -> None:
    beat = {"Name": name, "Value": value, "HeartBeatTime": NOW}
    assert (
        judge(actual=state({**AFTER, "HeartBeatLoggingInfo": [beat]}), method="sendHeartBeat").comparison == comparison
    )


def test_every_rule_of_noise_is_a_difference_that_is_documented() -> None:
    assert {noise.difference for noise in NOISE} <= {difference.id for difference in DIFFERENCES}


def test_two_requests_of_one_call_are_taken_together() -> None:
    first = rehearsal(rows(HeartBeatTime=NOW))
    second = rehearsal(rows(Site="LCG.A.b"), parameters={"Memory": "12"})
    actual = state(rows(HeartBeatTime=NOW, Site="LCG.A.b"), Memory="12")
    assert judge_write("sendHeartBeat", OK, OK, [first, second], actual, MOMENT).comparison is Comparison.EQUAL


@pytest.mark.parametrize(("race", "comparison"), [(False, Comparison.MISMATCH), (True, Comparison.RACE)])
def test_read_that_differs_is_a_race_when_something_is_known_to_have_changed(
    race: bool, comparison: Comparison
) -> None:
    legacy, diracx = {"OK": True, "Value": {1: "Running"}}, {"OK": True, "Value": {"1": "Done"}}
    assert judge_read("getJobsStatus", legacy, diracx, ordered=True, race=race).comparison is comparison
