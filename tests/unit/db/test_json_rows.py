from __future__ import annotations

from datetime import datetime
from typing import Any

from diracx_bridge.db.sql.job.schema import jobs
from diracx_bridge.db.sql.json_rows import row_objects, rows_as_json
from diracx_bridge.db.sql.search import Page


def page(**values: Any) -> Page:
    return Page([tuple(values.values())], 0, 1, tuple(values))  # type: ignore[list-item]


async def test_flags_become_booleans_and_failed_stays_text() -> None:
    assert await row_objects(jobs, page(VerifiedFlag="False", AccountedFlag="True")) == [
        {"VerifiedFlag": False, "AccountedFlag": True}
    ]
    assert await row_objects(jobs, page(AccountedFlag="Failed")) == [{"AccountedFlag": "Failed"}]


async def test_zero_dates_become_null() -> None:
    assert await row_objects(jobs, page(EndExecTime="0000-00-00 00:00:00")) == [{"EndExecTime": None}]


async def test_a_count_beside_the_columns_stays_as_it_is() -> None:
    assert await row_objects(jobs, page(Status="Done", count=3)) == [{"Status": "Done", "count": 3}]


def test_times_are_written_as_utc() -> None:
    rows = [{"whole": datetime(2026, 2, 3, 4, 5, 6), "part": datetime(2026, 2, 3, 4, 5, 6, 7)}]
    assert rows_as_json(rows) == b'[{"whole":"2026-02-03T04:05:06Z","part":"2026-02-03T04:05:06.000007Z"}]'
    assert rows_as_json(rows[:1], zulu=False).startswith(b'[{"whole":"2026-02-03T04:05:06+00:00"')
