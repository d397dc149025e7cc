"""`GET /api/rss/...`: the status of storage elements and sites, from memory; 304 for those who have it."""

from __future__ import annotations

from tests.load.scenarios import Case, always
from tests.load.target import Target


def cases(target: Target) -> list[Case]:
    """The statuses of 200 storage elements and of 300 sites, and nothing new."""
    tag = target.get("/api/rss/storage").headers["ETag"]
    return [
        Case("rss/storage", always(target.request("GET", "/api/rss/storage")), same_answer=True),
        Case("rss/site", always(target.request("GET", "/api/rss/site")), same_answer=True),
        Case("rss/304", always(target.request("GET", "/api/rss/storage", if_none_match=tag)), ok=(304,)),
    ]
