"""The parameters of jobs: documents of named values, in OpenSearch or, for embedded installations, in SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Documents = Mapping[int, Mapping[str, Any]]
"""Job id -> parameter name -> JSON value."""


class JobParametersDB(Protocol):
    """What both stores do, in the same way."""

    async def write(self, documents: Mapping[str, Documents]) -> dict[int, str]:
        """Merge documents, by the VO of their jobs, into what is stored; one bulk request.

        The answer says, by job, why a document was refused (a value that does not fit the type of its parameter); the
        others are written.

        Raises:
            Unavailable: the store does not answer.
        """

    async def read(self, vo: str, job_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """The stored documents of these jobs; jobs without one are absent.

        Raises:
            Unavailable: the store does not answer.
        """

    async def ping(self) -> None:
        """Return if the store answers.

        Raises:
            Unavailable: it doesn't.
        """

    async def close(self) -> None:
        """Close all connections."""
