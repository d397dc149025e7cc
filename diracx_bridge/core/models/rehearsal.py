"""What is rehearsed, and what would come of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Rows = dict[str, list[dict[str, Any]]]
"""Table -> rows."""


class RehearsedRequest(BaseModel):
    """A request of one of the routes that change jobs."""

    method: Literal["PATCH"] = "PATCH"
    path: Literal["/api/jobs/status", "/api/jobs/heartbeat", "/api/jobs/metadata", "/api/bridge/jobs/attributes"]
    query: Annotated[str, Field(max_length=200)] = ""
    body: dict[int, Any]


class RehearsalResult(BaseModel):
    """The answer that the request would get, and the rows of its jobs before and after it.

    There are no rows of jobs that do not exist, or of any job if the caller may not change one of them. ``parameters``
    are those that would be written, ``stored`` those that are there, by job; ``None`` if the store does not answer, or
    if the route writes none.
    """

    status: int
    body: Any = None
    before: dict[int, Rows] = {}
    after: dict[int, Rows] = {}
    parameters: dict[int, dict[str, Any]] = {}
    stored: dict[int, dict[str, Any]] | None = None


class JobsState(BaseModel):
    """The rows of jobs, and their parameters, as they are."""

    rows: dict[int, Rows]
    parameters: dict[int, dict[str, Any]] | None
