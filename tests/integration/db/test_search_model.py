"""Every filter against a model of what it means, written in Python."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diracx_bridge.core.models.search import SearchParams
from diracx_bridge.db.sql.job.schema import jobs
from diracx_bridge.db.sql.search import search
from diracx_bridge.db.sql.server import Server

from .conftest import job_rows

ROWS = job_rows()
TEXTS = ["JobType", "JobGroup", "Site", "JobName", "Owner", "VO", "Status", "ApplicationStatus"]
NUMBERS = ["JobID", "UserPriority", "RescheduleCounter"]
TIMES = ["SubmissionTime", "LastUpdateTime", "StartExecTime", "EndExecTime"]
FORMATS = ["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d %H", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def present(columns: list[str]) -> list[Any]:
    return sorted({row[name] for row in ROWS for name in columns if row[name] is not None})


letters = st.text("abcnsRDW019.-", min_size=1, max_size=6)
texts = st.one_of(st.sampled_from(present(TEXTS)), st.sampled_from(present(TEXTS)).map(str.swapcase), letters)
# MariaDB sorts [ \\ ] ^ _ ` after the letters, SQLite before them
in_order = texts.filter(lambda text: not set(text) & set("[\\]^_`"))
likes = st.lists(st.one_of(st.sampled_from(["%", "_", "\\%", "\\_", "\\\\"]), letters), max_size=4).map("".join)
regexes = st.sampled_from(["^a", "n$", "a.b", "[0-9]+", "a|b", "^$", "ER", "s.*1", "(an|en)", "c{2}", "x?"])
numbers = st.integers(-3, 140)
times = st.one_of(st.sampled_from(present(TIMES)), st.datetimes(datetime(2021, 1, 1), datetime(2026, 1, 1)))


@st.composite
def text_conditions(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(["eq", "neq", "gt", "lt", "like", "not like", "regex", "in", "not in"]))
    values = likes if "like" in operator else in_order if operator in ("gt", "lt") else texts
    column = draw(st.sampled_from(TEXTS if operator not in ("gt", "lt") else [t for t in TEXTS if t != "JobName"]))
    return with_value(draw, column, operator, values)


@st.composite
def number_conditions(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(["eq", "neq", "gt", "lt", "in", "not in"]))
    form = draw(st.sampled_from([str, int]))
    return with_value(draw, draw(st.sampled_from(NUMBERS)), operator, numbers.map(form))


@st.composite
def time_conditions(draw: st.DrawFn) -> dict[str, Any]:
    operator = draw(st.sampled_from(["eq", "neq", "gt", "lt", "in", "not in"]))
    form = draw(st.sampled_from(FORMATS))
    return with_value(draw, draw(st.sampled_from(TIMES)), operator, times.map(lambda time: time.strftime(form)))


def with_value(draw: st.DrawFn, column: str, operator: str, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    condition = {"parameter": column, "operator": operator}
    if operator == "regex":
        return {**condition, "value": draw(regexes)}
    if operator in ("in", "not in"):
        return {**condition, "values": draw(st.lists(values, max_size=4))}
    return {**condition, "value": draw(values)}


def fits(row: dict[str, Any], condition: dict[str, Any]) -> bool:
    stored, operator = row[condition["parameter"]], condition["operator"]
    values = condition["values"] if "values" in condition else [condition["value"]]
    if operator == "not in" and not values:
        return True
    if stored is None:
        return False
    if operator in ("like", "not like"):
        return like(values[0], stored) == (operator == "like")
    if operator == "regex":
        return re.search(values[0], stored, re.IGNORECASE) is not None
    return compare(*comparable(stored, values), operator)


def compare(stored: Any, values: list[Any], operator: str) -> bool:
    if operator in ("eq", "in"):
        return stored in values
    if operator in ("neq", "not in"):
        return stored not in values
    return bool(stored > values[0]) if operator == "gt" else bool(stored < values[0])


def comparable(stored: Any, values: list[Any]) -> tuple[Any, list[Any]]:
    """A time is cut to the length of the text it is compared with: text of equal length sorts as time does."""
    if isinstance(stored, datetime):
        length = len(values[0]) if values else 0
        return stored.isoformat(" ")[:length], [value.replace("T", " ") for value in values]
    if isinstance(stored, str):
        return stored.lower(), [value.lower() for value in values]
    return stored, [int(value) for value in values]


def like(pattern: str, stored: str) -> bool:
    parts = re.findall(r"\\.|.", pattern)
    wild = {"%": ".*", "_": "."}
    return (
        re.fullmatch("".join(wild.get(p) or re.escape(p[-1]) for p in parts), stored, re.IGNORECASE | re.DOTALL)
        is not None
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conditions=st.lists(st.one_of(text_conditions(), number_conditions(), time_conditions()), max_size=3))
async def test_a_search_finds_the_rows_that_the_model_finds(
    job_server: Server, conditions: list[dict[str, Any]]
) -> None:
    params = SearchParams.model_validate({"parameters": ["JobID"], "search": conditions})
    found = await job_server.read(lambda tx: search(tx, jobs, params))
    expected = [row["JobID"] for row in ROWS if all(fits(row, condition) for condition in conditions)]
    assert [row[0] for row in found.rows] == expected


ORDERS = ["JobID", "Owner", "SubmissionTime", "StartExecTime", "UserPriority", "ApplicationStatus", "Status"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.lists(st.tuples(st.sampled_from(ORDERS), st.sampled_from(["asc", "desc"])), max_size=3),
    page=st.integers(1, 8),
    per_page=st.integers(1, 40),
)
async def test_a_page_is_the_slice_of_all_rows_in_the_order_asked_for(
    job_server: Server, sort: list[tuple[str, str]], page: int, per_page: int
) -> None:
    params = SearchParams.model_validate(
        {"parameters": ["JobID"], "sort": [{"parameter": name, "direction": direction} for name, direction in sort]}
    )
    found = await job_server.read(lambda tx: search(tx, jobs, params, page=page, per_page=per_page))
    rows = sorted(ROWS, key=lambda row: row["JobID"], reverse=bool(sort) and last_direction(sort) == "desc")
    for name, direction in reversed(first_of_each(sort)):
        rows = sorted(rows, key=lambda row: sort_key(row[name]), reverse=direction == "desc")
    first = (page - 1) * per_page
    assert [row[0] for row in found.rows] == [row["JobID"] for row in rows[first : first + per_page]]
    assert (found.first, found.total) == (first, 36)


def first_of_each(sort: list[tuple[str, str]]) -> list[tuple[str, str]]:
    keys: dict[str, str] = {}
    for name, direction in sort:
        keys.setdefault(name, direction)
    return list(keys.items())


def last_direction(sort: list[tuple[str, str]]) -> str:
    return first_of_each(sort)[-1][1]


def sort_key(value: Any) -> tuple[bool, Any]:
    return value is not None, value.lower() if isinstance(value, str) else value or 0
