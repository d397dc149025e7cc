"""The table DeviceFlows: logins that a browser does for a command line, found by either of their two codes."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from diracx_bridge.db.sql.auth.flow_age import FRESH, FRESH_SQLITE
from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.transaction import Transaction

_TABLE = "{AuthDB}.DeviceFlows"
_ADD_TEXT = (
    f"INSERT INTO {_TABLE} (UserCode, Status, ClientID, Scope, DeviceCode) "
    "VALUES (:user_code, 'PENDING', :client_id, :scope, :device_hash) "
)
_ADD = Statement(_ADD_TEXT + "ON DUPLICATE KEY UPDATE UserCode = UserCode", sqlite=_ADD_TEXT + "ON CONFLICT DO NOTHING")
_OWNER = Statement(f"SELECT DeviceCode FROM {_TABLE} WHERE UserCode = :user_code")
_READ_TEXT = f"SELECT UserCode, Status, ClientID, Scope, IDToken, {{fresh}} FROM {_TABLE} WHERE "
_READ_HERE, _READ_SQLITE = _READ_TEXT.replace("{fresh}", FRESH), _READ_TEXT.replace("{fresh}", FRESH_SQLITE)
_BY_USER_CODE = "UserCode = :user_code"
_READ = Statement(_READ_HERE + _BY_USER_CODE, sqlite=_READ_SQLITE + _BY_USER_CODE)
_LOCK = Statement(_READ_HERE + _BY_USER_CODE + " FOR UPDATE", sqlite=_READ_SQLITE + _BY_USER_CODE)
_BY_DEVICE_CODE = "DeviceCode = :device_hash"  # unique, so one row is locked
_POLL = Statement(_READ_HERE + _BY_DEVICE_CODE, sqlite=_READ_SQLITE + _BY_DEVICE_CODE)
_READY = Statement(f"UPDATE {_TABLE} SET Status = 'READY', IDToken = :claims WHERE UserCode = :user_code")
_END = Statement(f"UPDATE {_TABLE} SET Status = :status WHERE UserCode = :user_code")


class DeviceFlow(NamedTuple):
    """One login; ``fresh`` tells whether it is younger than allowed."""

    user_code: str
    status: str
    client_id: str
    scope: str
    id_token: dict[str, Any]
    fresh: bool


class DeviceFlows:
    """What is done with DeviceFlows. Device codes come as their SHA-256 in hex."""

    async def add_device_flow(
        self, tx: Transaction, user_code: str, device_hash: str, *, client_id: str, scope: str
    ) -> bool:
        """Record a login that is about to begin; False if another one has this user code."""
        await tx.execute(_ADD, user_code=user_code, device_hash=device_hash, client_id=client_id, scope=scope)
        rows = await tx.execute(_OWNER, user_code=user_code)
        return bool(rows) and rows[0][0] == device_hash

    async def device_flow(
        self, tx: Transaction, user_code: str, *, max_age: int, lock: bool = False
    ) -> DeviceFlow | None:
        """The login with this user code, if ``lock`` locked until the transaction ends; ``max_age`` in seconds."""
        return _flow(await tx.execute(_LOCK if lock else _READ, user_code=user_code, seconds=max_age))

    async def polled_flow(self, tx: Transaction, device_hash: str, *, max_age: int) -> DeviceFlow | None:
        """The login with this device code, not locked: most polls only see that the user is not ready."""
        return _flow(await tx.execute(_POLL, device_hash=device_hash, seconds=max_age))

    async def device_ready(self, tx: Transaction, user_code: str, claims: dict[str, Any]) -> None:
        """The user has logged in: let the device code be exchanged."""
        await tx.execute(_READY, user_code=user_code, claims=orjson.dumps(claims).decode())

    async def end_device_flow(self, tx: Transaction, user_code: str, status: str) -> None:
        """Let nothing more be done with the login: "DONE", or "ERROR" if it failed."""
        await tx.execute(_END, user_code=user_code, status=status)


def _flow(rows: Any) -> DeviceFlow | None:
    if not rows:
        return None
    *values, id_token, fresh = rows[0]
    return DeviceFlow._make([*values, orjson.loads(id_token or "{}"), bool(fresh)])
