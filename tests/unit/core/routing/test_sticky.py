"""Who belongs to the canary's share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.routing.stages import Route, Side, Stage
from diracx_bridge.core.routing.sticky import bucket, jobs_in, side_of

jobs = st.integers(1, 2**32 - 1)
percents = st.floats(0, 100).map(lambda number: round(number, 2))


def canary(percent: float) -> Route:
    return Route(Stage.CANARY, percent)


@given(jobs, percents, percents)
def test_raising_the_percentage_moves_no_job_back(job: int, first: float, second: float) -> None:
    low, high = sorted((first, second))
    if side_of(canary(low), job) is Side.DIRACX:
        assert side_of(canary(high), job) is Side.DIRACX


@given(jobs, percents)
def test_side_is_the_same_when_the_id_is_a_number_or_a_text(job: int, percent: float) -> None:
    assert side_of(canary(percent), job) is side_of(canary(percent), str(job))


@given(jobs)
def test_no_job_moves_at_0_percent_and_every_job_at_100(job: int) -> None:
    assert side_of(canary(0), job) is Side.LEGACY
    assert side_of(canary(100), job) is Side.DIRACX


@pytest.mark.parametrize("start", [1, 500_000, 871_973_000])
@pytest.mark.parametrize("percent", [1, 10, 50])
def test_share_is_near_the_percentage_when_ids_are_consecutive(start: int, percent: int) -> None:
    moved = sum(side_of(canary(percent), job) is Side.DIRACX for job in range(start, start + 20_000))
    assert abs(moved / 200 - percent) < 1


def test_buckets_are_what_they_were_when_releases_change() -> None:
    assert [bucket(job) for job in (1, 42, 4294967295)] == [3910, 1738, 7832]


@pytest.mark.parametrize(
    ("argument", "job"),
    [
        (7, 7), ("7", 7), ("9, 7", 7), ([9, "7"], 7), ((9,), 9), ({"9": ["a", "b"], 7: ["a", "b"]}, 7), ({9, 7}, 7),
        ("", None), ([], None), (None, None), ("abc", None), ([1, "x"], 1),
    ],
)  # fmt: skip
def test_smallest_job_decides_for_a_call(argument: object, job: int | None) -> None:
    assert min(jobs_in(argument), default=None) == job


@pytest.mark.parametrize(
    ("stage", "side"),
    [
        (Stage.LEGACY, Side.LEGACY), (Stage.COMPARE, Side.LEGACY),
        (Stage.LIVE, Side.DIRACX), (Stage.RETIRED, Side.DIRACX),
    ],
)  # fmt: skip
@given(job=jobs)
def test_all_jobs_are_on_one_side_when_the_stage_is_not_canary(stage: Stage, side: Side, job: int) -> None:
    assert side_of(Route(stage, 50), job) is side
