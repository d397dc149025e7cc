"""`POST /api/pilots/search` and `/summary`."""

from __future__ import annotations

from tests.load.scenarios import Case, always
from tests.load.target import Target

BY_ID = [{"parameter": "PilotID", "direction": "asc"}]


def cases(target: Target) -> list[Case]:
    """The first 100 pilots, the running ones, those with some stamps, and how many there are of each status."""
    table, where = "FROM {PilotAgentsDB}.PilotAgents", "WHERE VO='bench'"
    stamps = [f"stamp{n}" for n in range(100, 200)]
    listed = ",".join(map(repr, stamps))
    running = [{"parameter": "Status", "operator": "eq", "value": "Running"}]
    by_stamp = [{"parameter": "PilotStamp", "operator": "in", "values": stamps}]
    searches = {
        "page-100": ([], "", True),
        "running-100": (running, " AND Status='Running'", True),
        "stamps-100": (by_stamp, f" AND PilotStamp IN ({listed})", False),
    }
    found = []
    for name, (search, also, count) in searches.items():
        rows = f"SELECT * {table} {where}{also} ORDER BY PilotID LIMIT 100"
        total = [f"SELECT COUNT(*) {table} {where}{also}"] if count else []
        found.append(
            Case(
                f"pilots/{name}",
                always(target.request("POST", "/api/pilots/search", {"search": search, "sort": BY_ID})),
                most=400,
                ok=(200, 206),
                warmup=1,
                raw=lambda _turn, statements=[*total, rows]: statements,  # type: ignore[misc]
                same_answer=True,
            )
        )
    return [
        *found,
        Case(
            "pilots/summary-status",
            always(target.request("POST", "/api/pilots/summary", {"grouping": ["Status"], "search": []})),
            most=400,
            warmup=1,
            raw=lambda _turn: [f"SELECT Status,COUNT(*) {table} {where} GROUP BY Status"],
            same_answer=True,
            any_order=True,
        ),
    ]
