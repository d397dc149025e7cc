"""BridgeDB: the answers to requests that clients may repeat, and the job parameters on their way to their store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from diracx_bridge.db.sql.failures import is_duplicate
from diracx_bridge.db.sql.statement import IDS, WANTED, RowSet, Statement, id_rows
from diracx_bridge.db.sql.times import from_database, to_database
from diracx_bridge.db.sql.transaction import Transaction

CLAIM: Final = Statement(
    "INSERT INTO {BridgeDB}.AnsweredRequests (RequestKey, Sub, Operation, ClientRequestID, CreationTime) "
    "VALUES (:key, :sub, :operation, :client_request_id, :now)"
)
ANSWERED: Final = Statement("SELECT Status, Body FROM {BridgeDB}.AnsweredRequests WHERE RequestKey = :key")
ANSWER: Final = Statement(
    "UPDATE {BridgeDB}.AnsweredRequests SET Status = :status, Body = :body WHERE RequestKey = :key"
)
FORGET: Final = Statement(
    "DELETE FROM {BridgeDB}.AnsweredRequests WHERE CreationTime < :before ORDER BY CreationTime LIMIT :most",
    sqlite="DELETE FROM {BridgeDB}.AnsweredRequests WHERE RequestKey IN (SELECT RequestKey "
    "FROM {BridgeDB}.AnsweredRequests WHERE CreationTime < :before ORDER BY CreationTime LIMIT :most)",
)
PUT: Final = Statement(
    "INSERT INTO {BridgeDB}.JobParametersOutbox (JobID, VO, Document, CreationTime) "
    "SELECT documents.JobID, {documents.VO}, {documents.Document}, :now FROM {documents}",
    documents=RowSet(JobID="BIGINT UNSIGNED", VO="VARCHAR(64)", Document="LONGTEXT"),
)
_NOTED: Final = (
    "SELECT o.ID, o.JobID, o.VO, o.Document FROM {ids} JOIN {BridgeDB}.JobParametersOutbox o "
    "ON o.JobID = ids.id WHERE o.Problem IS NULL ORDER BY o.JobID, o.ID"
)
NOTED: Final = Statement(_NOTED.replace("{ids} JOIN", "{ids} STRAIGHT_JOIN"), sqlite=_NOTED, ids=IDS)
WAITING: Final = Statement(
    f"SELECT o.ID, o.JobID, o.VO, o.Document FROM {WANTED} STRAIGHT_JOIN {{BridgeDB}}.JobParametersOutbox o "
    "ON o.JobID = wanted.id WHERE o.Problem IS NULL ORDER BY o.JobID, o.ID FOR UPDATE",
    sqlite=_NOTED,
    ids=IDS,
)
OLDEST: Final = Statement(
    "SELECT DISTINCT oldest.JobID FROM (SELECT JobID FROM {BridgeDB}.JobParametersOutbox WHERE Problem IS NULL "
    "ORDER BY ID LIMIT :most) AS oldest"
)
REMOVE: Final = Statement(
    "DELETE o FROM {ids} STRAIGHT_JOIN {BridgeDB}.JobParametersOutbox o ON o.ID = ids.id",
    sqlite="DELETE FROM {BridgeDB}.JobParametersOutbox WHERE ID IN (SELECT id FROM {ids})",
    ids=IDS,
)
PARK: Final = Statement(
    "UPDATE {problems} STRAIGHT_JOIN {BridgeDB}.JobParametersOutbox o ON o.ID = problems.id "
    "SET o.Problem = problems.why",
    sqlite="UPDATE {BridgeDB}.JobParametersOutbox AS o SET Problem = problems.why FROM {problems} "
    "WHERE o.ID = problems.id",
    problems=RowSet(id="BIGINT UNSIGNED", why="TEXT"),
)
BACKLOG: Final = Statement(
    "SELECT COUNT(*) - COUNT(Problem), COUNT(Problem), MIN(CASE WHEN Problem IS NULL THEN CreationTime END) "
    "FROM {BridgeDB}.JobParametersOutbox"
)
REFUSED: Final = Statement(
    "SELECT JobID, Problem FROM {BridgeDB}.JobParametersOutbox WHERE Problem IS NOT NULL ORDER BY ID LIMIT :most"
)


class OutboxRow(NamedTuple):
    """Parameters of a job that are still to be written; ``document`` is JSON."""

    id: int
    job_id: int
    vo: str
    document: str


class Backlog(NamedTuple):
    """How many documents wait (the oldest since ``since``), and how many were refused for good."""

    waiting: int
    refused: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What makes a request the same as an earlier one: ``digest`` (64 hex digits); the others are for the reader."""

    digest: str
    sub: str
    operation: str
    client_request_id: str


class BridgeDB:
    """What is done with the tables of BridgeDB."""

    async def claim(self, tx: Transaction, key: RequestKey, now: datetime) -> tuple[int, bytes] | None:
        """None if this is the first request with ``key``, else status and body of the answer that the first one got.

        While another transaction with the same key is open, this waits for its end.
        """
        try:
            await tx.execute(
                CLAIM,
                key=key.digest,
                sub=key.sub,
                operation=key.operation,
                client_request_id=key.client_request_id,
                now=to_database(now, tx.dialect),
            )
        except Exception as error:
            if not is_duplicate(error):
                raise
            ((status, body),) = await tx.execute(ANSWERED, key=key.digest)
            return status, body.encode()
        return None

    async def keep_answer(self, tx: Transaction, key: RequestKey, status: int, body: bytes) -> None:
        """Keep the answer to the request that has the claim, for those that repeat it."""
        tx.enqueue(ANSWER, key=key.digest, status=status, body=body.decode())

    async def forget_answers(self, tx: Transaction, before: datetime, *, most: int) -> None:
        """Remove up to ``most`` answers from before this time, the oldest first."""
        await tx.execute(FORGET, before=to_database(before, tx.dialect), most=most)

    async def put_parameters(
        self, tx: Transaction, documents: Mapping[int, bytes], vos: Mapping[int, str], now: datetime
    ) -> None:
        """Note documents (JSON, by job) that are to be written after the commit.

        The rows of these jobs must be locked, so that what is noted later has a greater ``ID``.
        """
        rows = [(job, vos[job], documents[job].decode()) for job in sorted(documents)]
        tx.enqueue(PUT, documents=rows, now=to_database(now, tx.dialect))

    async def waiting_parameters(self, tx: Transaction, job_ids: Iterable[int]) -> list[OutboxRow]:
        """What is to be written of these jobs, by job and in order, locked: nobody else writes them meanwhile."""
        return [OutboxRow(*row) for row in await tx.execute(WAITING, ids=id_rows(job_ids))]

    async def noted_parameters(self, tx: Transaction, job_ids: Iterable[int]) -> list[OutboxRow]:
        """The same to look at: not locked, and not waited for while they are written."""
        return [OutboxRow(*row) for row in await tx.execute(NOTED, ids=id_rows(job_ids))]

    async def oldest_jobs(self, tx: Transaction, *, most: int) -> list[int]:
        """The jobs of up to ``most`` waiting documents, those that wait longest."""
        return [row[0] for row in await tx.execute(OLDEST, most=most)]

    async def remove_parameters(self, tx: Transaction, row_ids: Sequence[int]) -> None:
        """Remove rows that were written."""
        tx.enqueue(REMOVE, ids=[(row_id,) for row_id in sorted(row_ids)])

    async def park_parameters(self, tx: Transaction, problems: Mapping[int, str]) -> None:
        """Keep rows (by ``ID``) that the store refuses for good, with the reason; they wait no longer."""
        tx.enqueue(PARK, problems=sorted(problems.items()))

    async def backlog(self, tx: Transaction) -> Backlog:
        """What is in the outbox."""
        ((waiting, refused, since),) = await tx.execute(BACKLOG)
        return Backlog(int(waiting), int(refused), from_database(since))

    async def refused_parameters(self, tx: Transaction, *, most: int) -> list[tuple[int, str]]:
        """(job id, reason) of up to ``most`` documents that the store refused, the oldest first."""
        return [(row[0], row[1]) for row in await tx.execute(REFUSED, most=most)]
