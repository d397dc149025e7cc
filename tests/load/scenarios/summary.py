"""`POST /api/jobs/summary`: how many jobs there are of each kind."""

from __future__ import annotations

from tests.load.scenarios import Case, always
from tests.load.target import Target

KINDS = {
    "status": (["Status"], None),
    "status-site": (["Status", "Site"], None),
    "owner-minor-of-failed": (["Owner", "MinorStatus"], "Failed"),
}
"""Name -> (grouping, only jobs of this status)."""


def cases(target: Target) -> list[Case]:
    """A small and a big grouping of all jobs, and one of a part of them."""
    found = []
    for name, (grouping, status) in KINDS.items():
        search = [{"parameter": "Status", "operator": "eq", "value": status}] if status else []
        where = "VO='bench'" + (f" AND Status='{status}'" if status else "")
        columns = ",".join(grouping)
        sql = f"SELECT {columns},COUNT(*) AS count FROM {{JobDB}}.Jobs WHERE {where} GROUP BY {columns}"
        request = target.request("POST", "/api/jobs/summary", {"grouping": grouping, "search": search})
        found.append(
            Case(
                f"summary/{name}",
                always(request),
                most=400,
                warmup=1,
                raw=lambda _turn, sql=sql: [sql],  # type: ignore[misc]
                same_answer=True,
                any_order=True,
            )
        )
    return found
