"""Conditional requests: when a client may keep what it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.config.conditional import http_date, not_modified

HASH = "8f3c" * 10
MODIFIED = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


def decide(if_none_match: str | None = None, if_modified_since: str | None = None) -> bool:
    return not_modified(
        tags=(HASH, f"{HASH}-gzip"),
        modified=MODIFIED,
        if_none_match=if_none_match,
        if_modified_since=if_modified_since,
    )


@pytest.mark.parametrize(
    "header",
    [
        f'"{HASH}"',
        f'"{HASH}-gzip"',
        f'W/"{HASH}"',
        HASH,
        "*",
        f'"other", "{HASH}"',
        f'"a,b",W/"{HASH}-gzip"',
        f"other, {HASH}",
    ],
)
def test_a_known_tag_is_not_modified(header: str) -> None:
    assert decide(header)


@pytest.mark.parametrize("header", ['"other"', "other", f'"{HASH[:-1]}"', f'"x{HASH}"', '"*"x', f'"a,{HASH},b"'])
def test_another_tag_is_modified(header: str) -> None:
    assert not decide(header)


@pytest.mark.parametrize(
    "header",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:38 GMT",
    ],
)
def test_the_same_second_or_a_later_one_is_not_modified(header: str) -> None:
    assert decide(if_modified_since=header)


@pytest.mark.parametrize("header", ["Sun, 06 Nov 1994 08:49:36 GMT", "yesterday", "", "Sun, 99 Nov 1994 08:49:37 GMT"])
def test_an_earlier_date_or_none_is_modified(header: str) -> None:
    assert not decide(if_modified_since=header)


def test_nothing_is_kept_without_headers() -> None:
    assert not decide()


def test_a_tag_that_does_not_match_wins_over_a_later_date() -> None:
    assert not decide('"other"', "Mon, 07 Nov 1994 08:49:37 GMT")


def test_a_tag_that_matches_wins_over_an_earlier_date() -> None:
    assert decide(f'"{HASH}"', "Sat, 05 Nov 1994 08:49:37 GMT")


@pytest.mark.parametrize("header", ["", " ", ","])
def test_a_header_without_tags_leaves_the_decision_to_the_date(header: str) -> None:
    assert decide(header, http_date(MODIFIED))


def test_the_date_is_in_gmt_whatever_the_zone() -> None:
    east = MODIFIED.astimezone(timezone(timedelta(hours=9)))
    assert http_date(east) == "Sun, 06 Nov 1994 08:49:37 GMT"


@given(st.text(), st.text())
def test_no_header_is_an_error(tag: str, date: str) -> None:
    assert decide(tag, date) in (True, False)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9990, 1, 1), timezones=st.just(UTC)))
def test_the_date_we_send_is_answered_by_not_modified(moment: datetime) -> None:
    assert not_modified(tags=(), modified=moment, if_modified_since=http_date(moment))
