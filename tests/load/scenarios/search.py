"""`POST /api/jobs/search`: pages of different sizes, with filters of different selectivity."""

from __future__ import annotations

from typing import Any

from tests.load.scenarios import Case, always
from tests.load.target import Target

BY_ID = [{"parameter": "JobID", "direction": "desc"}]
BY_TIME = [{"parameter": "LastUpdateTime", "direction": "desc"}]
SIZES = (10, 100, 1000, 10_000)
MINE = " VO='bench'"  # what the policy adds for a normal user


def cases(target: Target) -> list[Case]:
    """The newest jobs, and 100 of a state, of an owner at a site, by id, and from the middle of everything."""
    first = target.jobs // 2
    ids = list(range(first, first + 100))
    found = [
        _case(target, f"page-{size}", {"sort": BY_ID}, "*", MINE, "JobID DESC", size=size)
        for size in SIZES
        if size <= target.jobs
    ]
    waiting = {"search": [_equals("Status", "Waiting")], "sort": BY_TIME}
    owned = {"search": [_equals("Owner", "user7"), _equals("Site", "LCG.Site57")], "sort": BY_ID}
    by_id = {
        "parameters": ["JobID", "Status"],
        "search": [{"parameter": "JobID", "operator": "in", "values": ids}],
        "sort": BY_ID,
    }
    middle = {"parameters": ["JobID", "Status", "Site"], "sort": BY_ID}
    listed = ",".join(map(str, ids))
    return [
        *found,
        _case(
            target, "status-by-time", waiting, "*", f"{MINE} AND Status='Waiting'", "LastUpdateTime DESC, JobID DESC",
            same_answer=False,  # the official server leaves the order of jobs of the same second to the database
        ),
        _case(target, "owner-site", owned, "*", f"{MINE} AND Owner='user7' AND Site='LCG.Site57'", "JobID DESC"),
        _case(target, "ids-100", by_id, "JobID,Status", f"{MINE} AND JobID IN ({listed})", "JobID DESC", count=False),
        _case(target, "deep-page", middle, "JobID,Status,Site", MINE, "JobID DESC", page=target.jobs // 200),
    ]  # fmt: skip


def _case(
    target: Target, name: str, body: dict[str, Any], columns: str, where: str, order: str, *,
    size: int = 100, page: int = 1, count: bool = True, same_answer: bool = True,
) -> Case:  # fmt: skip
    request = target.request("POST", f"/api/jobs/search?page={page}&per_page={size}", body)
    rows = f"SELECT {columns} FROM {{JobDB}}.Jobs WHERE{where} ORDER BY {order} LIMIT {size} OFFSET {(page - 1) * size}"
    total = [f"SELECT COUNT(*) FROM {{JobDB}}.Jobs WHERE{where}"] if count else []
    return Case(
        f"search/{name}",
        always(request),
        most=600,
        ok=(200, 206),
        warmup=1,
        raw=lambda _turn: [*total, rows],
        same_answer=same_answer,
    )


def _equals(name: str, value: str) -> dict[str, str]:
    return {"parameter": name, "operator": "eq", "value": value}
