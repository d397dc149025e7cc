"""The rules of status changes, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.job_status import (
    ENDED,
    IDEM,
    JobState,
    StatusChange,
    log_order,
    may_become,
    plan_status,
    problem_with,
    transitions,
)

NOW = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
STATES = sorted(transitions())


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_an_allowed_transition_is_planned_and_logged() -> None:
    plan = plan_status(JobState("Waiting"), {at(1): StatusChange("Matched", "Assigned", source="Matcher")}, now=NOW)
    assert (plan.status, plan.minor_status, plan.last_update_time) == ("Matched", "Assigned", NOW)
    (record,) = plan.log
    assert (record.status, record.minor_status, record.application_status, record.source) == (
        "Matched",
        "Assigned",
        IDEM,
        "Matcher",
    )
    assert not plan.refused


def test_a_refused_transition_keeps_the_status_gives_no_end_time_and_is_reported() -> None:
    plan = plan_status(JobState("Waiting"), {at(1): StatusChange("Done", "minor", source="me")}, now=NOW)
    assert plan.status == "Waiting"
    assert plan.end_exec_time is None
    assert plan.minor_status == "minor"
    assert plan.log[0].status == "Waiting"
    assert plan.log[0].source == "me(SM)"
    assert "Waiting can't become Done" in plan.refused[0]


def test_force_skips_the_state_machine() -> None:
    plan = plan_status(JobState("Done"), {at(1): StatusChange("Running")}, now=NOW, force=True)
    assert plan.status == "Running"
    assert not plan.refused


def test_a_stalled_job_counts_as_running() -> None:
    plan = plan_status(JobState("Stalled"), {at(1): StatusChange("Completing")}, now=NOW)
    assert plan.status == "Completing"
    assert plan_status(JobState("Stalled"), {at(1): StatusChange(minor_status="m")}, now=NOW).status == "Running"


def test_an_update_older_than_the_log_is_only_logged() -> None:
    job = JobState("Running", last_logged=log_order(at(10)))
    plan = plan_status(job, {at(5): StatusChange("Matched", "late")}, now=NOW)
    assert (plan.status, plan.minor_status, plan.last_update_time) == (None, None, None)
    assert plan.log[0].status == "Matched"


def test_an_update_within_the_millisecond_of_the_newest_record_is_on_time() -> None:
    time = NOW.replace(microsecond=123600)
    job = JobState("Waiting", last_logged=log_order(time))
    assert plan_status(job, {time.replace(microsecond=123800): StatusChange("Matched")}, now=NOW).status == "Matched"


def test_only_the_updates_on_time_go_through_the_state_machine() -> None:
    job = JobState("Waiting", last_logged=log_order(at(10)))
    plan = plan_status(job, {at(5): StatusChange("Done"), at(11): StatusChange("Matched")}, now=NOW)
    assert plan.status == "Matched"
    assert [record.status for record in plan.log] == ["Done", "Matched"]
    assert not plan.refused


def test_start_and_end_are_the_times_of_the_updates_that_bring_them() -> None:
    changes = {at(1): StatusChange("Running"), at(9): StatusChange("Completing"), at(10): StatusChange("Done")}
    plan = plan_status(JobState("Matched"), changes, now=NOW)
    assert (plan.start_exec_time, plan.end_exec_time) == (at(1), at(10))


def test_start_and_end_stay_when_they_are_known() -> None:
    job = JobState("Running", start_exec_time=at(-9), end_exec_time=at(-8))
    plan = plan_status(job, {at(1): StatusChange("Done")}, now=NOW)
    assert (plan.start_exec_time, plan.end_exec_time) == (None, None)


@pytest.mark.parametrize(("source", "moves"), [("JobWrapper", True), ("Heartbeat", True), ("Matcher", False)])
def test_sources_of_running_jobs_move_the_heartbeat(source: str, moves: bool) -> None:
    plan = plan_status(JobState("Running"), {at(1): StatusChange("Running", source=source)}, now=NOW)
    assert plan.heart_beat_time == (at(1) if moves else None)


@pytest.mark.parametrize("status", ["Killed", "Deleted"])
def test_a_job_that_is_killed_or_deleted_stops(status: str) -> None:
    assert plan_status(JobState("Waiting"), {at(1): StatusChange(status)}, now=NOW).stops


def test_a_refused_kill_stops_nothing() -> None:
    assert not plan_status(JobState("Done"), {at(1): StatusChange("Killed")}, now=NOW).stops


def test_texts_are_cut_to_the_columns_of_the_log() -> None:
    plan = plan_status(JobState("Running"), {at(1): StatusChange(source="S" * 40)}, now=NOW)
    assert plan.log[0].source == "S" * 32


def test_no_update_and_text_that_does_not_fit_are_problems() -> None:
    assert "No status update" in str(problem_with({}))
    assert "MinorStatus" in str(problem_with({NOW: StatusChange(minor_status="x" * 129)}))
    assert "ApplicationStatus" in str(problem_with({NOW: StatusChange(application_status="x" * 256)}))
    assert problem_with({NOW: StatusChange(minor_status="x" * 128)}) is None


changes = st.dictionaries(
    st.integers(-100, 100).map(lambda s: at(s / 7)),
    st.builds(
        StatusChange,
        st.none() | st.sampled_from(STATES),
        st.none() | st.just("m"),
        st.none() | st.just("a"),
        st.sampled_from(["Unknown", "JobWrapper", "Heartbeat", ""]),
    ),
    min_size=1,
    max_size=6,
)


@given(st.sampled_from(STATES), changes, st.none() | st.integers(-100, 100).map(float))
def test_a_job_only_walks_allowed_paths_and_everything_is_logged_in_order(
    status: str, wanted: dict[datetime, StatusChange], last: float | None
) -> None:
    job = JobState(status, last_logged=None if last is None else log_order(at(last / 7)))
    plan = plan_status(job, wanted, now=NOW)
    assert [record.time for record in plan.log] == sorted(wanted)
    assert all(record.status == IDEM or record.status in STATES for record in plan.log)
    reached = {"Running" if status == "Stalled" else status}
    for record in plan.log:
        if plan.status and record.status != IDEM and not record.source.endswith("(SM)"):
            reached |= {record.status} if any(may_become(r, record.status) for r in reached) else set()
    assert plan.status is None or plan.status in reached
    if plan.end_exec_time is not None:
        ending = wanted[plan.end_exec_time].status or status
        assert ending in ENDED
    if plan.stops:
        assert plan.status in {"Killed", "Deleted"}
