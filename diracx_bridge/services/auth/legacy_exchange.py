"""Tokens for DIRAC's users: DIRAC, which knows the API key, vouches for them."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from binascii import Error as BadBase64

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidInput, NotAuthenticated, Unavailable
from diracx_bridge.services.auth.audit import Attempt
from diracx_bridge.services.auth.issuing import Issued
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.scopes import identify, parse_scope

LEGACY_PREFIX = "diracx:legacy:"


def check_api_key(authorization: str, hashed_key: str) -> None:
    """Return if the header holds the key with which DIRAC may get tokens for its users.

    ``hashed_key`` is the SHA-256, in hex, of the decoded key; they are compared in constant time.

    Raises:
        Unavailable: no key is set up.
        InvalidInput: the header is not ``Bearer diracx:legacy:<base64>``.
        NotAuthenticated: another key.
    """
    if not hashed_key:
        raise Unavailable("Legacy exchange is not enabled", retry_after=3600)
    scheme, _, value = authorization.partition(" ")
    if scheme != "Bearer" or not value.startswith(LEGACY_PREFIX):
        raise InvalidInput("Invalid authorization header")
    try:
        key = urlsafe_b64decode(value.removeprefix(LEGACY_PREFIX))
    except (BadBase64, ValueError):
        raise InvalidInput("Invalid authorization header") from None
    if not hmac.compare_digest(hashlib.sha256(key).hexdigest(), hashed_key.lower()):
        raise NotAuthenticated("Invalid credentials")


async def tokens_for(
    auth: AuthParts, config: Config, preferred_username: str, scope: str, minutes: int | None, attempt: Attempt
) -> Issued:
    """Tokens for a user of DIRAC; the refresh token is good for ``minutes``.

    Raises:
        InvalidInput: unknown VO, group, user or property.
        PermissionDenied: see `identify`.
    """
    try:
        parsed = parse_scope(scope, config)
        subject = config.registry[parsed.vo].subjects[preferred_username]
    except (InvalidInput, KeyError):
        raise InvalidInput("Invalid scope or preferred_username") from None
    attempt.knows(vo=parsed.vo, dirac_group=parsed.group, sub=f"{parsed.vo}:{subject}")
    identity = identify(parsed, subject, config)
    issued = await auth.server.write_once(
        lambda tx: auth.issuing.login(tx, identity, scope, minutes=minutes, legacy=True)
    )
    attempt.issued(issued)
    return issued
