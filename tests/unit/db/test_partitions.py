from __future__ import annotations

from datetime import datetime
from uuid import UUID

from diracx_bridge.db.sql.auth.partitions import lower_bound, monthly


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
