"""Routes whose errors are those of OAuth 2.0 (RFC 6749 section 5.2), for programs and, as a page, for people."""

from __future__ import annotations

import html
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute

from diracx_bridge.core.errors import (
    BridgeError,
    InvalidGrant,
    NotAuthenticated,
    PermissionDenied,
    TooManyRequests,
    Unavailable,
)
from diracx_bridge.services.auth.audit import malformed
from diracx_bridge.services.problems import problem

CODES: Final = (
    (NotAuthenticated, "invalid_grant"),
    (PermissionDenied, "access_denied"),
    (TooManyRequests, "temporarily_unavailable"),
    (Unavailable, "temporarily_unavailable"),
    (BridgeError, "invalid_request"),
)
"""The OAuth error code of errors that have none of their own; never "slow_down", which ends the official login."""
PAGE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    # the form leads on to the identity provider of a VO, wherever that is
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
_PAGE: Final = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}}</style></head>
<body><h1>{title}</h1>{body}</body></html>
"""


class OAuthRoute(APIRoute):
    """A route that tells every error with ``error``, ``error_description`` and ``detail``; a bad form, too."""

    what = "token"
    """What the audit log calls a request to it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                refusal = _malformed(error)
                malformed(request, self.what, refusal)
                return self.refusal(request, refusal)
            except BridgeError as error:
                return self.refusal(request, error)

        return answer

    def refusal(self, request: Request, error: BridgeError) -> Response:
        """The answer that tells this error."""
        return problem(error, oauth_code=next(code for kind, code in CODES if isinstance(error, kind)))


class BrowserRoute(OAuthRoute):
    """A route to which a browser navigates: whoever asks for HTML gets a page."""

    what = "login"

    def refusal(self, request: Request, error: BridgeError) -> Response:
        told = super().refusal(request, error)
        if "text/html" not in request.headers.get("accept", ""):
            return told
        return page("This login can't go on", str(error), status=told.status_code, headers=dict(told.headers))


def page(
    title: str, text: str, *, form: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A page with a title and a sentence; ``form`` is HTML of ours."""
    kept = {k: v for k, v in (headers or {}).items() if k in ("retry-after", "www-authenticate")}
    body = f"<p>{html.escape(text)}</p>{form}"
    return HTMLResponse(_PAGE.format(title=html.escape(title), body=body), status, {**kept, **PAGE_HEADERS})


def _malformed(error: RequestValidationError) -> InvalidGrant:
    """What is wrong with a form or a query, without the values that were sent."""
    faults = [(str(fault["loc"][1]), fault) for fault in error.errors() if len(fault["loc"]) > 1]
    if any(name == "grant_type" and fault["type"] != "missing" for name, fault in faults):
        return InvalidGrant(
            "unsupported_grant_type",
            "grant_type has to be authorization_code, refresh_token or urn:ietf:params:oauth:grant-type:device_code",
        )
    told = "; ".join(f"{name}: {fault['msg']}" for name, fault in faults)
    return InvalidGrant("invalid_request", told or "The body is no form (application/x-www-form-urlencoded, UTF-8)")
