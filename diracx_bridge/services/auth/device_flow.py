"""The device flow (RFC 8628): a command line shows a code, a browser logs the user in, the command line gets tokens."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import (
    BridgeError,
    InvalidGrant,
    InvalidInput,
    NotAuthenticated,
    PermissionDenied,
    Unavailable,
)
from diracx_bridge.core.models.auth import InitiateDeviceFlowResponse
from diracx_bridge.db.sql.auth.device_flows import DeviceFlow
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.audit import WAITING, Attempt
from diracx_bridge.services.auth.idp.login import Challenge
from diracx_bridge.services.auth.issuing import Issued
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.scopes import identify, parse_scope
from diracx_bridge.services.auth.sealed_login import SealedLogin, send_to_provider, who_logged_in

ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Letters of user codes: no vowels, so no words."""
LENGTH: Final = 8
ATTEMPTS: Final = 5


async def begin(
    auth: AuthParts, config: Config, *, client_id: str, scope: str, here: str, attempt: Attempt
) -> InitiateDeviceFlowResponse:
    """The codes of a new login; ``here`` is the page where the user enters his.

    Raises:
        InvalidGrant: the client or the scope can't be accepted.
    """
    auth.check_client(client_id, "unauthorized_client")
    attempt.knows(vo=parse_scope(scope, config).vo)
    device_code = secrets.token_urlsafe(32)
    for _ in range(ATTEMPTS):
        user_code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if await _add(auth, user_code, device_code, client_id, scope):
            return InitiateDeviceFlowResponse(
                user_code=user_code,
                device_code=device_code,
                verification_uri=here,
                verification_uri_complete=f"{here}?user_code={user_code}",
                expires_in=auth.settings.device_flow_expiration_seconds,
            )
    raise Unavailable("No free user code was found; try again", retry_after=1)


async def _add(auth: AuthParts, user_code: str, device_code: str, client_id: str, scope: str) -> bool:
    return await auth.server.write(
        lambda tx: auth.database.add_device_flow(tx, user_code, _hash(device_code), client_id=client_id, scope=scope)
    )


async def log_in(auth: AuthParts, config: Config, *, user_code: str, callback: str, attempt: Attempt) -> str:
    """Where the browser of the user with this code goes to log in.

    Raises:
        InvalidInput: no login waits for this code.
        Unavailable, BadAnswer: the identity provider fails.
    """
    age = auth.settings.device_flow_expiration_seconds
    code = user_code.upper().replace("-", "").replace(" ", "")
    flow = _pending(await auth.server.read(lambda tx: auth.database.device_flow(tx, code, max_age=age)))
    attempt.knows(scope=flow.scope)
    login = SealedLogin("device", flow.user_code, parse_scope(flow.scope, config).vo, Challenge.new())
    return await send_to_provider(auth, config, login, callback)


async def complete(
    auth: AuthParts, config: Config, *, code: str, error: str, state: str, callback: str, attempt: Attempt
) -> None:
    """Let the command line get its tokens: the user has logged in.

    Raises:
        InvalidInput: the state is too old or not ours, or the login was finished before.
        NotAuthenticated: the provider refuses the code, or its ID token is not good.
        PermissionDenied: the user may not have what he asks for; the command line is told, too.
        Unavailable, BadAnswer: the provider fails; the login may go on.
    """
    age = auth.settings.device_flow_expiration_seconds
    login = SealedLogin.unseal(auth, "device", state, age)
    flow = _pending(await auth.server.read(lambda tx: auth.database.device_flow(tx, login.flow, max_age=age)))
    attempt.knows(vo=login.vo, scope=flow.scope)
    try:
        if error:
            attempt.knows(provider_error=error)
            raise PermissionDenied(f"The identity provider ended the login: {error!r:.60}")
        claims = await who_logged_in(auth, config, login, flow.scope, code=code, callback=callback)
    except (InvalidGrant, PermissionDenied):
        await auth.server.write(lambda tx: auth.database.end_device_flow(tx, login.flow, "ERROR"))
        raise
    attempt.knows(sub=f"{login.vo}:{claims['sub']}")

    async def ready(tx: Transaction) -> None:
        _pending(await auth.database.device_flow(tx, login.flow, max_age=age, lock=True))
        await auth.database.device_ready(tx, login.flow, claims)

    await auth.server.write(ready)


async def redeem(auth: AuthParts, config: Config, *, device_code: str, client_id: str, attempt: Attempt) -> Issued:
    """Tokens for a device code, once; the code is used up by that, whatever comes of it.

    Raises:
        InvalidGrant: "authorization_pending" while the user is on his way; "access_denied", or a code that is unknown
            or used.
        NotAuthenticated: the code is expired.
        PermissionDenied: the user may not have these rights any more.
    """
    age = auth.settings.device_flow_expiration_seconds
    hashed = _hash(device_code)
    flow = _ready(await auth.server.read(lambda tx: auth.database.polled_flow(tx, hashed, max_age=age)), client_id)
    attempt.knows(scope=flow.scope)

    async def exchange(tx: Transaction) -> Issued | BridgeError:
        try:
            _ready(await auth.database.device_flow(tx, flow.user_code, max_age=age, lock=True), client_id)
            await auth.database.end_device_flow(tx, flow.user_code, "DONE")
            parsed, sub = parse_scope(flow.scope, config), str(flow.id_token.get("sub"))
            attempt.knows(vo=parsed.vo, sub=f"{parsed.vo}:{sub}")
            identity = identify(parsed, sub, config)
        except (InvalidInput, NotAuthenticated, PermissionDenied) as error:
            return error
        return await auth.issuing.login(tx, identity, flow.scope)

    issued = await auth.settle(exchange)
    attempt.issued(issued)
    return issued


def _ready(flow: DeviceFlow | None, client_id: str) -> DeviceFlow:
    if flow is None:
        raise InvalidGrant("invalid_grant", "Unknown device code")
    if flow.client_id != client_id:
        raise InvalidGrant("invalid_grant", "Bad client_id: the device code was given to another client")
    if flow.status == "DONE":
        raise InvalidGrant("invalid_grant", "Code was already used")
    if flow.status == "ERROR":
        raise InvalidGrant("access_denied", "The login was refused; the browser shows why")
    if not flow.fresh:
        raise NotAuthenticated("Device code expired")
    if flow.status == "PENDING":
        raise InvalidGrant(WAITING, "The user has not logged in yet")
    return flow


def _pending(flow: DeviceFlow | None) -> DeviceFlow:
    if flow is None or not flow.fresh or flow.status != "PENDING":
        raise InvalidInput("No login waits for this code: it is mistyped, used or expired; start the login again")
    return flow


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
