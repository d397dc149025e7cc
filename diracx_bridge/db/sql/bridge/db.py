"""BridgeDB: the answers to requests that clients may repeat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from diracx_bridge.db.sql.failures import is_duplicate
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.times import to_database
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
        await tx.execute(ANSWER, key=key.digest, status=status, body=body.decode())

    async def forget_answers(self, tx: Transaction, before: datetime, *, most: int) -> None:
        """Remove up to ``most`` answers from before this time, the oldest first."""
        await tx.execute(FORGET, before=to_database(before, tx.dialect), most=most)
