"""The table AuthorizationFlows: logins of web applications, from the request to the exchange of the code.

Rows are found by their primary key only. Our codes carry it; a code that an upstream server made is found by its hash,
which has no index, without a lock, and the row then locked by its key.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import orjson

from diracx_bridge.db.sql.auth.flow_age import FRESH, FRESH_SQLITE
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction

_TABLE = "{AuthDB}.AuthorizationFlows"
_ADD = Statement(
    f"INSERT INTO {_TABLE} (UUID, Status, ClientID, Scope, CodeChallenge, CodeChallengeMethod, RedirectURI) "
    "VALUES (:uuid, 'PENDING', :client_id, :scope, :challenge, 'S256', :redirect_uri)"
)
_READ_TEXT = (
    f"SELECT Status, ClientID, Scope, CodeChallenge, RedirectURI, Code, IDToken, {{fresh}} FROM {_TABLE} "
    "WHERE UUID = :uuid"
)
_READ = Statement(_READ_TEXT.replace("{fresh}", FRESH), sqlite=_READ_TEXT.replace("{fresh}", FRESH_SQLITE))
_LOCK = Statement(
    _READ_TEXT.replace("{fresh}", FRESH) + " FOR UPDATE", sqlite=_READ_TEXT.replace("{fresh}", FRESH_SQLITE)
)
_FIND = Statement(f"SELECT UUID FROM {_TABLE} WHERE Code = :code_hash AND Status = 'READY'")
_READY = Statement(f"UPDATE {_TABLE} SET Status = 'READY', Code = :code_hash, IDToken = :claims WHERE UUID = :uuid")
_END = Statement(f"UPDATE {_TABLE} SET Status = :status WHERE UUID = :uuid")


class AuthorizationFlow(NamedTuple):
    """One login; ``code_hash`` is the SHA-256 of the code in hex, ``fresh`` whether it is younger than allowed."""

    status: str
    client_id: str
    scope: str
    challenge: str
    redirect_uri: str
    code_hash: str | None
    id_token: dict[str, Any]
    fresh: bool


class AuthorizationFlows:
    """What is done with AuthorizationFlows."""

    async def add_authorization_flow(
        self, tx: Transaction, uuid: UUID, *, client_id: str, scope: str, challenge: str, redirect_uri: str
    ) -> None:
        """Record a login that is about to begin."""
        await tx.execute(
            _ADD, uuid=uuid.hex, client_id=client_id, scope=scope, challenge=challenge, redirect_uri=redirect_uri
        )

    async def authorization_flow(
        self, tx: Transaction, uuid: UUID, *, max_age: int, lock: bool = False
    ) -> AuthorizationFlow | None:
        """The login, if ``lock`` locked until the transaction ends; ``max_age`` in seconds. None if there is none."""
        rows = await tx.execute(_LOCK if lock else _READ, uuid=uuid.hex, seconds=max_age)
        if not rows:
            return None
        *values, id_token, fresh = rows[0]
        return AuthorizationFlow._make([*values, orjson.loads(id_token or "{}"), bool(fresh)])

    async def flow_of_code(self, tx: Transaction, code_hash: str) -> UUID | None:
        """The login that waits for this code, found without an index."""
        rows = await tx.execute(_FIND, code_hash=code_hash)
        return UUID(str(rows[0][0])) if rows else None

    async def authorization_ready(self, tx: Transaction, uuid: UUID, code_hash: str, claims: dict[str, Any]) -> None:
        """The user has logged in: let the code with this hash be exchanged."""
        await tx.execute(_READY, uuid=uuid.hex, code_hash=code_hash, claims=orjson.dumps(claims).decode())

    async def end_authorization(self, tx: Transaction, uuid: UUID, status: str) -> None:
        """Let nothing more be done with the login: "DONE", or "ERROR" if it failed."""
        await tx.execute(_END, uuid=uuid.hex, status=status)
