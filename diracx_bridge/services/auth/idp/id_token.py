"""The check of an ID token (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from diracx_bridge.core.errors import NotAuthenticated
from diracx_bridge.services.auth.idp.provider import Metadata

LEEWAY: Final = 60
"""Seconds that the provider's clock may differ from ours."""
KEPT_CLAIMS: Final = ("iss", "sub", "aud", "iat", "exp")


def key_id(token: str) -> str | None:
    """The ``kid`` in the header of a token, None if it names none.

    Raises:
        NotAuthenticated: this is no JWT.
    """
    try:
        header = token.split(".")[0]
        kid = json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4))).get("kid")
    except (ValueError, AttributeError):
        raise NotAuthenticated("The identity provider gave no usable ID token") from None
    return kid if isinstance(kid, str) else None


def check_id_token(
    token: str, keys: Sequence[Key], metadata: Metadata, *, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims that are kept of a token which this provider made, now, for us and for this login.

    Raises:
        NotAuthenticated: it isn't; the message says in which point.
    """
    claims = _signed_claims(token, keys, metadata)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    now, given = time.time(), claims.get("nonce")
    faults = {
        "issuer": claims.get("iss") != metadata.issuer,
        "audience": client_id not in audiences or (len(audiences) > 1 and claims.get("azp") not in (None, client_id)),
        "time": not _within(claims, now),
        "nonce": not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()),
        "subject": not isinstance(claims.get("sub"), str) or not claims["sub"],
    }
    wrong = [name for name, found in faults.items() if found]
    if wrong:
        raise NotAuthenticated(f"The ID token of the identity provider has a wrong {', '.join(wrong)}; log in again")
    return {name: claims[name] for name in KEPT_CLAIMS if name in claims}


def _signed_claims(token: str, keys: Sequence[Key], metadata: Metadata) -> dict[str, Any]:
    for key in keys:
        try:
            return dict(jwt.decode(token, key, algorithms=list(metadata.algorithms)).claims)
        except (JoseError, ValueError, TypeError):
            continue
    raise NotAuthenticated("The ID token is not signed by a key of the identity provider; log in again")


def _within(claims: dict[str, Any], now: float) -> bool:
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int | float) or not isinstance(issued, int | float):
        return False
    return now < expires + LEEWAY and issued <= now + LEEWAY
