"""The authorization code flow with PKCE (RFC 6749 section 4.1, RFC 7636), for web applications."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final
from urllib.parse import quote, urlencode
from uuid import UUID

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import BridgeError, InvalidGrant, InvalidInput, PermissionDenied
from diracx_bridge.db.sql.auth.authorization_flows import AuthorizationFlow
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.audit import Attempt
from diracx_bridge.services.auth.idp.login import Challenge, s256
from diracx_bridge.services.auth.issuing import Issued
from diracx_bridge.services.auth.jti import new_jti
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.scopes import identify, parse_scope
from diracx_bridge.services.auth.sealed_login import SealedLogin, send_to_provider, who_logged_in

LONGEST_STATE: Final = 2048
UPSTREAMS_LENGTH: Final = 43
"""Characters of a code that DiracX made: it has no key of a row."""
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_PASSED_ON: Final = frozenset({"access_denied", "login_required", "consent_required", "temporarily_unavailable"})
"""Errors of the identity provider that mean the same to the client."""


async def begin(
    auth: AuthParts,
    config: Config,
    *,
    client_id: str,
    redirect_uri: str,
    scope: str,
    state: str,
    code_challenge: str,
    callback: str,
    attempt: Attempt,
) -> str:
    """Where the browser goes to log in.

    Raises:
        InvalidGrant: the client, the redirect URI, the challenge, the state or the scope can't be accepted.
        Unavailable, BadAnswer: the identity provider fails.
    """
    auth.check_client(client_id, "unauthorized_client")
    if redirect_uri not in auth.settings.allowed_redirects:
        raise InvalidGrant(
            "invalid_request",
            f"Unrecognised redirect_uri {redirect_uri!r:.300}: it has to be listed, character for character, in "
            "DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS",
        )
    if not _CHALLENGE.fullmatch(code_challenge):
        raise InvalidGrant("invalid_request", "code_challenge is no SHA-256 in base64url, 43 characters (RFC 7636)")
    if len(state) > LONGEST_STATE:
        raise InvalidGrant("invalid_request", f"state is longer than {LONGEST_STATE} characters")
    vo = parse_scope(scope, config).vo
    attempt.knows(vo=vo)
    uuid, _ = new_jti()
    login = SealedLogin("authorization", uuid.hex, vo, Challenge.new(), state)
    location = await send_to_provider(auth, config, login, callback)
    await auth.server.write(
        lambda tx: auth.database.add_authorization_flow(
            tx, uuid, client_id=client_id, scope=scope, challenge=code_challenge, redirect_uri=redirect_uri
        )
    )
    return location


async def complete(
    auth: AuthParts, config: Config, *, code: str, error: str, state: str, callback: str, attempt: Attempt
) -> str:
    """Where the browser goes after the login at the provider: to the client, with a code or with an error.

    Raises:
        InvalidInput: the state is too old or not ours, or the login was finished before.
        NotAuthenticated: the provider refuses the code, or its ID token is not good.
        Unavailable, BadAnswer: the provider fails; the login may go on.
    """
    age = auth.settings.authorization_flow_expiration_seconds
    login = SealedLogin.unseal(auth, "authorization", state, age)
    uuid = UUID(login.flow)
    flow = _pending(await auth.server.read(lambda tx: auth.database.authorization_flow(tx, uuid, max_age=age)))
    attempt.knows(vo=login.vo, scope=flow.scope)
    back = {"state": login.client_state}
    if error:
        await auth.server.write(lambda tx: auth.database.end_authorization(tx, uuid, "ERROR"))
        attempt.knows(provider_error=error)
        return _with_query(flow.redirect_uri, {"error": error if error in _PASSED_ON else "server_error", **back})
    try:
        claims = await who_logged_in(auth, config, login, flow.scope, code=code, callback=callback)
    except (InvalidGrant, PermissionDenied) as refusal:
        await auth.server.write(lambda tx: auth.database.end_authorization(tx, uuid, "ERROR"))
        attempt.knows(denied=str(refusal))
        return _with_query(flow.redirect_uri, {"error": "access_denied", "error_description": str(refusal), **back})
    attempt.knows(sub=f"{login.vo}:{claims['sub']}")
    made = base64.urlsafe_b64encode(uuid.bytes + secrets.token_bytes(32)).decode()

    async def ready(tx: Transaction) -> None:
        _pending(await auth.database.authorization_flow(tx, uuid, max_age=age, lock=True))
        await auth.database.authorization_ready(tx, uuid, _hash(made), claims)

    await auth.server.write(ready)
    return _with_query(flow.redirect_uri, {"code": made, **back})


async def redeem(
    auth: AuthParts,
    config: Config,
    *,
    client_id: str,
    code: str,
    redirect_uri: str,
    code_verifier: str,
    attempt: Attempt,
) -> Issued:
    """Tokens for a code, which is used up by that, whatever comes of it.

    Raises:
        InvalidGrant: the code is unknown, too old or used, or was given to another client, redirect URI or challenge.
        PermissionDenied: the user may not have these rights any more.
    """
    age = auth.settings.authorization_flow_expiration_seconds
    code_hash = _hash(code)

    async def exchange(tx: Transaction) -> Issued | BridgeError:
        uuid = _key_in(code)
        if uuid is None and len(code) == UPSTREAMS_LENGTH:
            uuid = await auth.database.flow_of_code(tx, code_hash)
        flow = await auth.database.authorization_flow(tx, uuid, max_age=age, lock=True) if uuid else None
        if uuid is None or flow is None or not hmac.compare_digest(flow.code_hash or "", code_hash):
            return InvalidGrant("invalid_grant", "Unknown authorization code")
        attempt.knows(scope=flow.scope)
        if flow.status != "READY":
            return InvalidGrant("invalid_grant", "Code was already used")
        await auth.database.end_authorization(tx, uuid, "DONE")
        try:
            parsed, sub = parse_scope(flow.scope, config), str(flow.id_token.get("sub"))
            attempt.knows(vo=parsed.vo, sub=f"{parsed.vo}:{sub}")
            _check(flow, client_id, redirect_uri, code_verifier)
            identity = identify(parsed, sub, config)
        except (InvalidInput, PermissionDenied) as error:
            return error
        return await auth.issuing.login(tx, identity, flow.scope)

    issued = await auth.settle(exchange)
    attempt.issued(issued)
    return issued


def _check(flow: AuthorizationFlow, client_id: str, redirect_uri: str, code_verifier: str) -> None:
    if not flow.fresh:
        raise InvalidGrant("invalid_grant", "The authorization code is expired; log in again")
    if client_id != flow.client_id:
        raise InvalidGrant("invalid_grant", "Bad client_id: the code was given to another client")
    if redirect_uri != flow.redirect_uri:
        raise InvalidGrant("invalid_grant", "redirect_uri is not that of the authorization request")
    good = _VERIFIER.fullmatch(code_verifier) and hmac.compare_digest(s256(code_verifier), flow.challenge)
    if not good:
        raise InvalidGrant("invalid_grant", "code_verifier does not fit the code_challenge")


def _pending(flow: AuthorizationFlow | None) -> AuthorizationFlow:
    if flow is None or not flow.fresh or flow.status != "PENDING":
        raise InvalidInput("This login was finished before, or took too long; start it again")
    return flow


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _key_in(code: str) -> UUID | None:
    """The key of the row that a code of ours belongs to; None for other codes."""
    try:
        content = base64.urlsafe_b64decode(code) if len(code) == 64 else b""
    except ValueError:
        return None
    return UUID(bytes=content[:16]) if len(content) == 48 else None


def _with_query(redirect_uri: str, query: dict[str, str]) -> str:
    """``redirect_uri`` with a query, which goes into the fragment if there is one: the official web looks for it there.

    >>> _with_query("https://host/#callback", {"code": "x", "state": "a&b"})
    'https://host/#callback?code=x&state=a%26b'
    >>> _with_query("https://host/?page=1", {"code": "x"})
    'https://host/?page=1&code=x'
    """
    last = redirect_uri.rpartition("#")[2]
    return f"{redirect_uri}{'&' if '?' in last else '?'}{urlencode(query, quote_via=quote, safe='')}"
