"""The parameters of jobs: documents of named values, in OpenSearch or, for embedded installations, in SQLite."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from diracx_bridge.core.models.search import SearchParams
from diracx_bridge.core.turns import in_turns
from diracx_bridge.db.os.mapping import as_stored
from diracx_bridge.db.pages import PageOf

Documents = Mapping[int, Mapping[str, Any]]
"""Job id -> parameter name -> JSON value."""

MOST_AMONG: Final = 65_536


async def fit_documents(documents: Mapping[str, Documents]) -> tuple[list[tuple[str, int, bytes]], dict[int, str]]:
    """(VO, job id, JSON) of each document that can be stored, and by job why another one can't."""
    accepted, refused = [], {}
    async for vo, job_id in in_turns((vo, job) for vo, jobs in documents.items() for job in jobs):
        try:
            accepted.append((vo, job_id, as_stored(job_id, documents[vo][job_id])))
        except ValueError as error:
            refused[job_id] = str(error)
    return accepted, refused


Document = dict[str, Any]
"""The parameters of a job by name, JobID and timestamp."""


def chosen(document: Mapping[str, Any], names: Collection[str] | None) -> dict[str, Any]:
    """The parameters ``names`` of a document, and JobID; all of them if no name is given."""
    return {n: v for n, v in document.items() if n in names or n == "JobID"} if names else dict(document)


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

    async def search(
        self, vo: str | None, params: SearchParams, *, page: int, per_page: int, among: Sequence[int] | None = None
    ) -> PageOf[Document]:
        """One page of the documents of a VO (None: of all) that fit ``params``.

        ``among`` limits it to these jobs, `MOST_AMONG` at most. What can be asked for says `db.os.conditions`. With
        OpenSearch, what was written within a second may not be found yet.

        Raises:
            InvalidQuery: a parameter can't be searched, or an operator or value does not fit it.
            Unavailable: the store does not answer.
        """

    async def ping(self) -> None:
        """Return if the store answers.

        Raises:
            Unavailable: it doesn't.
        """

    async def close(self) -> None:
        """Close all connections."""
