"""What a token says of itself, without checking its signature: a client only reads its own tokens."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any


def unverified_claims(token: str) -> dict[str, Any]:
    """The payload of a JWT (RFC 7519); empty if ``token`` is not one."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
