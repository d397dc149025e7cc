"""The audit log: one line for every token that is issued, refused, exchanged or revoked, also for failures.

Fields are named after the claims of the tokens (WLCG token profile: ``iss``, ``sub``, ``jti``, ``scope``, ``exp``), so
that a token found anywhere leads to its line. No line holds a token, a code or a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog
from fastapi import Request

from diracx_bridge.core.errors import BridgeError, InvalidGrant
from diracx_bridge.services.auth.issuing import Issued

log = structlog.get_logger("diracx_bridge.audit")
LONGEST: Final = 300
"""Characters of a value that a caller chose."""
WAITING: Final = "authorization_pending"


class Attempt:
    """What is known of a request for tokens; whoever learns more adds it with `knows`."""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts

    def knows(self, **facts: Any) -> None:
        """Add to what a line tells, whatever comes of the request."""
        self.facts |= {name: value[:LONGEST] if isinstance(value, str) else value for name, value in facts.items()}

    def issued(self, issued: Issued) -> None:
        """Tokens were made for this user."""
        identity = issued.identity
        self.facts |= {
            "iss": issued.issuer,
            "sub": identity.sub,
            "preferred_username": identity.preferred_username,
            "vo": identity.vo,
            "dirac_group": identity.group,
            "dirac_properties": sorted(identity.properties),
            "jti": str(issued.access.jti),
            "exp": issued.access.expires,
            "refresh_jti": str(issued.refresh_jti),
        }


@contextmanager
def attempt(request: Request, what: str, done: str, **facts: Any) -> Iterator[Attempt]:
    """Write the line of what is done in this block: ``<what> <done>`` when it ends well, else ``<what> refused``.

    A device that asks whether its user is ready yet leaves no line.
    """
    current = Attempt(**_origin(request))
    current.knows(**facts)
    try:
        yield current
    except BridgeError as error:
        if not (isinstance(error, InvalidGrant) and error.code == WAITING):
            log.warning(f"{what} refused", outcome="refused", reason=str(error)[:LONGEST], **current.facts)
        raise
    except Exception as error:
        log.error(f"{what} failed", outcome="failed", reason=type(error).__name__, **current.facts)
        raise
    log.info(f"{what} {done}", outcome="done", **current.facts)


def malformed(request: Request, what: str, error: BridgeError) -> None:
    """Write the line of a request that can't be read."""
    log.warning(f"{what} refused", outcome="refused", reason=str(error)[:LONGEST], **_origin(request))


def _origin(request: Request) -> dict[str, Any]:
    return {
        "ip": request.client.host if request.client else None,
        "user_agent": request.headers.get("user-agent", "")[:LONGEST],
    }
