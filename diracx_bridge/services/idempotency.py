"""Requests that clients repeat, because an answer did not reach them: done once, answered each time as the first time.

The official client sends every try of a request with the same ``x-ms-client-request-id``. A route that must not act
twice runs its work through `once` with the `key_of` the request:

    key = await key_of(request, user)
    return (await once(app.jobs, key, work)).response()

The claim on the key is part of the transaction, so it is committed with the work or not at all, and of two equal
requests at the same time the second waits for the first. Requests are equal if caller (subject and group), operation,
path, query, body and id are; one that differs in anything is another request, because the id is meant for tracing, and
callers may use one id for several requests. Refused requests (exceptions) did nothing and are judged again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from fastapi import Request, Response

from diracx_bridge.db.sql.bridge.db import BridgeDB, RequestKey
from diracx_bridge.db.sql.server import Server
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.tokens import Principal

HEADER: Final = "x-ms-client-request-id"
KEPT: Final = timedelta(days=1)
"""How long answers are kept: clients repeat within minutes."""
LONGEST_ID: Final = 128


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, JSON in ``body`` (nothing for 204)."""

    body: bytes
    status: int = 200

    def response(self) -> Response:
        """It as a response."""
        return Response(self.body, self.status, media_type="application/json" if self.body else None)


async def key_of(request: Request, user: Principal) -> RequestKey | None:
    """What makes ``request`` the same as an earlier one of ``user``; None if the client gave it no id."""
    client_request_id = request.headers.get(HEADER, "")
    if not client_request_id:
        return None
    operation = f"{request.method} {request.url.path}"
    whose = (user.sub, user.group, operation, request.url.query, client_request_id)
    digest = hashlib.sha256("\n".join(f"{len(part)} {part}" for part in whose).encode(errors="surrogateescape"))
    digest.update(await request.body())
    return RequestKey(digest.hexdigest(), user.sub, operation[:LONGEST_ID], client_request_id[:LONGEST_ID])


class WithBridgeDB(Protocol):
    """A server, and BridgeDB on it."""

    @property
    def server(self) -> Server:
        """Runs the transactions."""

    @property
    def bridge(self) -> BridgeDB:
        """Keeps the answers."""


async def once(
    stores: WithBridgeDB, key: RequestKey | None, work: Callable[[Transaction], Awaitable[Answer]]
) -> Answer:
    """What ``work`` answers, committed; or the answer of the first request with ``key``, and ``work`` is not done.

    Without a key it is a plain unit of work, with no statement more.
    """

    async def claimed(tx: Transaction) -> Answer:
        if key is None:
            return await work(tx)
        earlier = await stores.bridge.claim(tx, key, datetime.now(UTC))
        if earlier is not None:
            status, body = earlier
            return Answer(body, status)
        answer = await work(tx)
        await stores.bridge.keep_answer(tx, key, answer.status, answer.body)
        return answer

    return await stores.server.write(claimed)
