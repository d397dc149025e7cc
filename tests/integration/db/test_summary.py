from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import SummaryParams
from diracx_bridge.db.sql.job.schema import jobs
from diracx_bridge.db.sql.search import Page
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.summary import index_order, summary

from .conftest import job_rows


async def count(server: Server, grouping: list[str], *conditions: dict[str, Any]) -> Page:
    params = SummaryParams.model_validate({"grouping": grouping, "search": list(conditions)})
    return await server.read(lambda tx: summary(tx, jobs, params.grouping, params.search))


async def test_groups_are_counted_in_the_order_of_the_table(job_server: Server) -> None:
    page = await count(job_server, ["Status", "Site"])
    assert page.columns == ("Site", "Status", "count")
    expected = Counter((row["Site"], row["Status"]) for row in job_rows())
    assert {(row[0], row[1]): row[2] for row in page.rows} == expected


async def test_groups_that_no_row_fits_are_absent(job_server: Server) -> None:
    page = await count(job_server, ["Status"], {"parameter": "Status", "operator": "eq", "value": "Done"})
    assert [tuple(row) for row in page.rows] == [("Done", 9)]


async def test_no_grouping_means_all_columns(job_server: Server) -> None:
    page = await count(job_server, [])
    assert page.columns == (*jobs.columns.keys(), "count")
    assert [row[-1] for row in page.rows] == [1] * 36


async def test_missing_values_are_a_group(job_server: Server) -> None:
    page = await count(job_server, ["ApplicationStatus"])
    assert {row[0]: row[1] for row in page.rows}[None] == 6


async def test_an_unknown_column_is_refused(job_server: Server) -> None:
    with pytest.raises(InvalidQuery, match=r"^Unrecognised parameters requested \{'Color'\}$"):
        await count(job_server, ["Color"])


def test_columns_are_grouped_in_the_order_of_their_index_when_there_is_one() -> None:
    assert [column.name for column in index_order(jobs, [jobs.c.Site, jobs.c.Status])] == ["Status", "Site"]
    assert [column.name for column in index_order(jobs, [jobs.c.Owner, jobs.c.Site])] == ["Owner", "Site"]
