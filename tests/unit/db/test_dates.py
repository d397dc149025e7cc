from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.db.sql.dates import parse_period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", datetime(2024, 1, 1), datetime(2025, 1, 1)),
        ("2024-12", datetime(2024, 12, 1), datetime(2025, 1, 1)),
        ("2024-02", datetime(2024, 2, 1), datetime(2024, 3, 1)),
        ("2024-02-29", datetime(2024, 2, 29), datetime(2024, 3, 1)),
        ("2024-02-29 23", datetime(2024, 2, 29, 23), datetime(2024, 3, 1)),
        ("2024-02-29T10:11", datetime(2024, 2, 29, 10, 11), datetime(2024, 2, 29, 10, 12)),
        ("2024-02-29T10:11:12", datetime(2024, 2, 29, 10, 11, 12), datetime(2024, 2, 29, 10, 11, 13)),
        ("2024-02-29T10:11:12Z", datetime(2024, 2, 29, 10, 11, 12), datetime(2024, 2, 29, 10, 11, 13)),
        ("2024-02-29 10:11:12.5", datetime(2024, 2, 29, 10, 11, 12), datetime(2024, 2, 29, 10, 11, 13)),
        ("2024-02-29T10:11:12.123Z", datetime(2024, 2, 29, 10, 11, 12), datetime(2024, 2, 29, 10, 11, 13)),
        ("2024-02-29T10:11:12.123456Z", datetime(2024, 2, 29, 10, 11, 12), datetime(2024, 2, 29, 10, 11, 13)),
    ],
)
def test_a_partial_date_is_the_period_it_names(text: str, start: datetime, end: datetime) -> None:
    period = parse_period(text)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31", "9999-12-31 23:59:59"])
def test_a_period_has_no_end_when_it_reaches_the_end_of_the_calendar(text: str) -> None:
    assert parse_period(text).end is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-2-3",
        "2024-02-29Z",
        "2024-02-29T10:11:12+00:00",
        "2024-02-29T10:11:12.1234567",
        "2024-02-29T10:11:12.",
        " 2024",
        "2024\n",
        "yesterday",
        "٢٠٢٤",
    ],
)
def test_the_accepted_formats_are_named_when_the_text_has_another(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date like"):
        parse_period(text)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13", "2024-00", "0000", "2024-01-01 24", "2024-01-01 10:60"])
def test_a_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such date"):
        parse_period(text)


FORMATS = ["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d %H", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ"]


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9998, 12, 31)), st.sampled_from(FORMATS))
def test_a_time_lies_inside_its_own_period_and_the_next_period_starts_where_it_ends(time: datetime, form: str) -> None:
    period = parse_period(time.strftime(form))
    assert period.end is not None
    assert period.start <= time < period.end
    following = parse_period(period.end.strftime(form))
    assert following.start == period.end
    assert parse_period((period.end - timedelta(microseconds=1)).strftime(form)) == period
