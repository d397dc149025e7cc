from __future__ import annotations

from datetime import datetime
from uuid import UUID

from diracx_bridge.db.sql.auth.partitions import due_changes, lower_bound, monthly, months_later, time_of


def test_two_years_of_months_follow_each_other_from_the_month_given() -> None:
    bounds = monthly(datetime(2026, 11, 23, 22, 30))
    assert list(bounds)[:3] == ["p_2026_11", "p_2026_12", "p_2027_1"]
    assert list(bounds)[-1] == "p_2028_10"
    assert len(bounds) == 24


def test_the_bound_of_a_month_is_the_first_identifier_of_the_next_one() -> None:
    bound = monthly(datetime(2026, 11, 23))["p_2026_11"]
    assert bound == lower_bound(datetime(2026, 12, 1))
    # measured on an AuthDB that DiracX 0.7.0 created
    assert UUID(bound) == UUID("01a22ee6-b000-7000-8000-000000000000")


def test_bounds_are_identifiers_of_version_7() -> None:
    assert UUID(lower_bound(datetime(2026, 1, 1))).version == 7


def test_months_are_dropped_that_ended_before_the_ones_to_keep() -> None:
    bounds = monthly(datetime(2026, 1, 1), 24)
    due = due_changes(bounds, now=datetime(2026, 11, 25), keep_months=6, months_ahead=12)
    assert (due.add, due.drop) == ({}, ("p_2026_1", "p_2026_2", "p_2026_3", "p_2026_4"))


def test_months_are_added_without_a_gap_when_maintenance_was_late() -> None:
    bounds = monthly(datetime(2026, 1, 1), 2)
    due = due_changes(bounds, now=datetime(2026, 11, 25), keep_months=60, months_ahead=1)
    assert list(due.add) == [f"p_2026_{number}" for number in range(3, 13)]
    assert {**bounds, **due.add} == monthly(datetime(2026, 1, 1), 12)


def test_without_any_month_they_begin_with_this_one() -> None:
    due = due_changes({}, now=datetime(2026, 12, 31, 23, 59), keep_months=6, months_ahead=1)
    assert list(due.add) == ["p_2026_12", "p_2027_1"]


def test_a_bound_tells_its_time() -> None:
    assert time_of(lower_bound(datetime(2027, 3, 1))) == datetime(2027, 3, 1)


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert months_later(datetime(2026, 11, 25, 7), 2) == datetime(2027, 1, 1)
    assert months_later(datetime(2026, 1, 31), -13) == datetime(2024, 12, 1)
