from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import ScalarSearchOperator, ScalarSearchSpec, SearchParams
from diracx_bridge.db.sql import transaction
from diracx_bridge.db.sql.drivers import run_calls
from diracx_bridge.db.sql.job.schema import job_jdls, jobs
from diracx_bridge.db.sql.search import Page, search
from diracx_bridge.db.sql.server import Databases, Server
from diracx_bridge.db.sql.transaction import Transaction


async def find(server: Server, *conditions: dict[str, Any], page: int = 1, per_page: int = 100, **params: Any) -> Page:
    query = SearchParams.model_validate({"search": list(conditions), **params})
    return await server.read(lambda tx: search(tx, jobs, query, page=page, per_page=per_page))


async def ids(server: Server, parameter: str, operator: str, value: Any) -> list[int]:
    """Ids of the jobs that fit one condition, counted from 101 as 0."""
    key = "values" if isinstance(value, list) else "value"
    found = await find(server, {"parameter": parameter, "operator": operator, key: value}, parameters=["JobID"])
    return [row[0] - 101 for row in found.rows]


async def refusal(server: Server, parameter: str, operator: str, value: Any) -> str:
    with pytest.raises(InvalidQuery) as caught:
        await ids(server, parameter, operator, value)
    return str(caught.value)


async def test_numbers_may_come_as_text(job_server: Server) -> None:
    assert await ids(job_server, "JobID", "eq", "103") == [2]
    assert await ids(job_server, "JobID", "in", ["103", "110"]) == [2, 9]
    assert await ids(job_server, "UserPriority", "lt", "-1") == [0, 6, 12, 18, 24, 30]


async def test_a_number_is_refused_when_the_text_is_none(job_server: Server) -> None:
    assert await refusal(job_server, "JobID", "eq", "12a") == "JobID eq '12a': expected a whole number"
    assert "expected a whole number of at most" in await refusal(job_server, "JobID", "gt", 10**30)


async def test_text_is_compared_as_text_when_a_number_is_given(job_server: Server) -> None:
    assert await ids(job_server, "Owner", "eq", 0) == []
    assert await ids(job_server, "JobGroup", "eq", "00000000") == [0, 5, 10, 15, 20, 25, 30, 35]


async def test_text_ignores_case(job_server: Server) -> None:
    assert await ids(job_server, "Owner", "eq", "BOB") == await ids(job_server, "Owner", "in", ["bob"]) != []


async def test_like_works_on_numbers(job_server: Server) -> None:
    assert await ids(job_server, "JobID", "like", "%9") == [8, 18, 28]


async def test_like_takes_wildcards_literally_after_a_backslash(job_server: Server) -> None:
    assert await ids(job_server, "JobName", "like", "a\\%b") == [0, 6, 12, 18, 24, 30]
    assert await ids(job_server, "JobName", "like", "a\\_b") == [1, 7, 13, 19, 25, 31]
    assert await ids(job_server, "JobName", "like", "a\\\\b") == [2, 8, 14, 20, 26, 32]


@pytest.mark.parametrize("value", ["True", "true", 1, "1"])
async def test_flags_may_be_given_in_every_spelling_of_a_boolean(job_server: Server, value: Any) -> None:
    assert await ids(job_server, "VerifiedFlag", "eq", value) == list(range(0, 36, 2))


async def test_failed_is_a_value_of_the_accounted_flag_only(job_server: Server) -> None:
    assert await ids(job_server, "AccountedFlag", "in", ["Failed"]) == list(range(2, 36, 3))
    assert await refusal(job_server, "VerifiedFlag", "eq", "Failed") == (
        "VerifiedFlag eq 'Failed': expected one of True, False"
    )
    assert "a flag has no order" in await refusal(job_server, "VerifiedFlag", "gt", "True")


async def test_an_empty_list_fits_nothing_and_its_negation_everything(job_server: Server) -> None:
    for parameter in ("JobID", "Owner", "ApplicationStatus", "StartExecTime"):
        assert await ids(job_server, parameter, "in", []) == []
        assert len(await ids(job_server, parameter, "not in", [])) == 36


async def test_a_list_of_ten_thousand_ids_is_one_condition(job_server: Server) -> None:
    assert await ids(job_server, "JobID", "in", list(range(100, 40_100))) == list(range(36))


async def test_a_missing_value_fits_no_condition(job_server: Server) -> None:
    no_start = set(range(0, 36, 3))
    for operator in ("eq", "neq", "lt", "gt"):
        assert not no_start & set(await ids(job_server, "StartExecTime", operator, "2024"))
    assert not no_start & set(await ids(job_server, "StartExecTime", "not in", ["2023"]))


async def test_dates_are_refused_with_what_is_accepted(job_server: Server) -> None:
    assert (await refusal(job_server, "LastUpdateTime", "eq", "2024-02-29T10:11:12+00:00")).startswith(
        "LastUpdateTime eq '2024-02-29T10:11:12+00:00': expected a date like 2026, 2026-02"
    )
    assert "there is no such date" in await refusal(job_server, "LastUpdateTime", "gt", "2023-02-29")
    assert "LastUpdateTime eq 20240229: expected a date" in await refusal(job_server, "LastUpdateTime", "eq", 20240229)
    assert "times have no patterns" in await refusal(job_server, "LastUpdateTime", "like", "2024%")
    assert "same precision" in await refusal(job_server, "LastUpdateTime", "in", ["2024", "2024-01"])


async def test_unknown_columns_are_named_in_the_words_of_diracx(job_server: Server) -> None:
    assert await refusal(job_server, "Color", "eq", "red") == "Unknown column Color"
    with pytest.raises(InvalidQuery, match=r"^Unrecognised parameters requested \{'Color'\}$"):
        await find(job_server, parameters=["Color", "JobID"])
    with pytest.raises(InvalidQuery, match=r"^Cannot sort by Color: unknown column$"):
        await find(job_server, sort=[{"parameter": "Color", "direction": "asc"}])


@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "a{2,1}"])
async def test_a_bad_regular_expression_is_refused(job_server: Server, pattern: str) -> None:
    assert "expected a regular expression" in await refusal(job_server, "Owner", "regex", pattern)


async def test_a_regular_expression_that_backtracks_for_ever_ends_the_search_in_time(
    sqlite_urls: dict[str, str],
) -> None:
    databases = Databases(sqlite_urls)
    server = databases.server_of("JobDB")
    rows = [{"JobID": i, "JobName": "a" * 60 + "!"} for i in range(1, 40)]
    empty = {"JDL": "", "JobRequirements": "", "OriginalJDL": ""}

    async def fill(tx: Transaction) -> None:
        await tx.raw(insert(job_jdls).values([{"JobID": row["JobID"], **empty} for row in rows]))
        await tx.raw(insert(jobs).values(rows))

    await server.write(fill)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    try:
        # left alone this pattern takes longer than anybody waits: that there is an answer shows that it was stopped
        assert "quick to evaluate" in await refusal(server, "JobName", "regex", "(a|aa)+$")
        assert ticks > 20
    finally:
        ticking.cancel()
        await databases.close()


async def test_text_that_is_no_unicode_is_refused(job_server: Server) -> None:
    spec = ScalarSearchSpec.model_construct(parameter="Owner", operator=ScalarSearchOperator.EQUAL, value="\ud800")
    query = SearchParams.model_construct(search=[spec])
    with pytest.raises(InvalidQuery, match="valid Unicode"):
        await job_server.read(lambda tx: search(tx, jobs, query))


async def test_columns_come_in_the_order_of_the_table(job_server: Server) -> None:
    assert (await find(job_server, parameters=["Status", "JobID", "Owner"])).columns == ("JobID", "Owner", "Status")
    assert (await find(job_server, parameters=[])).columns == tuple(jobs.columns.keys())


@pytest.mark.parametrize("sort", [[], [{"parameter": "Status", "direction": "desc"}]])
async def test_pages_do_not_overlap_and_miss_nothing(job_server: Server, sort: list[dict[str, str]]) -> None:
    pages = [await find(job_server, page=n, per_page=7, parameters=["JobID"], sort=sort) for n in range(1, 7)]
    seen = [row[0] for page in pages for row in page.rows]
    assert sorted(seen) == list(range(101, 137))
    assert {page.total for page in pages} == {36}
    assert [page.first for page in pages] == [0, 7, 14, 21, 28, 35]


async def test_rows_are_sorted_by_id_when_nothing_else_is_asked_for(job_server: Server) -> None:
    found = await find(job_server, {"parameter": "Status", "operator": "in", "values": ["Done", "Failed"]})
    assert [row[0] for row in found.rows] == sorted(row[0] for row in found.rows)


async def test_a_page_beyond_the_end_is_empty_and_knows_the_total(job_server: Server) -> None:
    found = await find(job_server, page=10**25, per_page=10)
    assert (list(found.rows), found.total) == ([], 36)


async def test_distinct_counts_the_distinct_rows(job_server: Server) -> None:
    found = await find(job_server, parameters=["Owner", "VO"], distinct=True, per_page=4)
    assert (len(found.rows), found.total) == (4, 6)
    found = await find(
        job_server, parameters=["Owner"], distinct=True, sort=[{"parameter": "Owner", "direction": "desc"}]
    )
    assert [row[0] for row in found.rows] == ["carol", "Bob", "alice"]
    with pytest.raises(InvalidQuery, match="with distinct, sort by columns that are returned"):
        await find(job_server, parameters=["Owner"], distinct=True, sort=[{"parameter": "VO", "direction": "asc"}])


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the searches that are made."""
    seen: list[str] = []

    async def seeing(driver: Any, dialect: str, calls: Any) -> Any:
        seen.extend(text for text, _ in calls if text.startswith("SELECT"))
        return await run_calls(driver, dialect, calls)

    monkeypatch.setattr(transaction, "run_calls", seeing)
    return seen


async def test_no_row_is_counted_when_the_page_tells_the_total(job_server: Server, statements: list[str]) -> None:
    await find(job_server, {"parameter": "JobID", "operator": "eq", "value": 101}, per_page=1)
    await find(job_server, per_page=36)
    assert not [statement for statement in statements if "count(" in statement.lower()]
    await find(job_server, per_page=35)
    assert len([statement for statement in statements if "count(" in statement.lower()]) == 1


async def test_the_statement_is_the_same_for_any_number_of_ids(job_server: Server, statements: list[str]) -> None:
    await ids(job_server, "JobID", "in", [101])
    await ids(job_server, "JobID", "in", list(range(200)))
    assert len(statements) == 2
    assert len(set(statements)) == 1


async def test_the_seconds_next_to_a_period_are_outside_of_it(job_server: Server) -> None:
    second = "2024-02-28T23:59:58"
    inside = [i for i in range(36) if i % 2 == 0 and i % 3 == 1]
    after = [i for i in range(36) if i % 2 == 1 or i % 3 == 0]
    before = [i for i in range(36) if i % 2 == 0 and i % 3 == 2]
    assert await ids(job_server, "LastUpdateTime", "eq", second) == inside
    assert await ids(job_server, "LastUpdateTime", "in", [second]) == inside
    assert await ids(job_server, "LastUpdateTime", "neq", second) == sorted(before + after)
    assert await ids(job_server, "LastUpdateTime", "not in", [second]) == sorted(before + after)
    assert await ids(job_server, "LastUpdateTime", "gt", second) == after
    assert await ids(job_server, "LastUpdateTime", "lt", second) == before
