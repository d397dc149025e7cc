"""What an answer that is not a success means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diracx_bridge.core.errors import (
    BadRequest,
    BridgeError,
    LoginNeeded,
    NotAllowed,
    NothingThere,
    ServerDefect,
    ServerRefused,
    Unavailable,
)

if TYPE_CHECKING:
    import httpx

REQUEST_ID = "x-ms-client-request-id"
"""Header that names a request, the same on each try; servers may use it as an idempotency key."""

TEMPORARY = frozenset({429, 502, 503, 504})
"""Statuses that say: not now."""

KINDS: dict[int, type[ServerRefused]] = {
    400: BadRequest,
    401: LoginNeeded,
    403: NotAllowed,
    404: NothingThere,
    422: BadRequest,
    500: ServerDefect,
}


def error_of(response: httpx.Response, *, unsent: bool = False) -> BridgeError:
    """The error that a response of status 400 or more stands for; its body has been read.

    ``unsent``: neither this try nor one before can have been carried out.
    """
    detail = detail_of(response)
    request_id = response.headers.get("x-request-id") or response.request.headers.get(REQUEST_ID)
    if response.status_code in TEMPORARY:
        wait = int(retry_after(response, default=10))
        return Unavailable(
            f"{response.request.url} can't answer now ({response.status_code}: {detail}; request {request_id})",
            retry_after=wait,
            unsent=unsent,
        )
    kind = KINDS.get(response.status_code, ServerRefused)
    return kind(response.status_code, detail, request_id=request_id, code=_code_of(response))


def detail_of(response: httpx.Response) -> object:
    """The server's explanation: the ``detail`` of its JSON, the whole JSON without one, else the start of the text."""
    try:
        content = response.json()
    except ValueError:
        return response.text[:500] or response.reason_phrase
    return content["detail"] if isinstance(content, dict) and "detail" in content else content


def _code_of(response: httpx.Response) -> str:
    """The error code of RFC 6749 section 5.2 in an answer."""
    try:
        content = response.json()
    except ValueError:
        return ""
    return str(content.get("error", "")) if isinstance(content, dict) else ""


def retry_after(response: httpx.Response, *, default: float) -> float:
    """The wait in seconds that the server asks for (RFC 9110 section 10.2.3, the form in seconds)."""
    text = response.headers.get("retry-after", "")
    return min(float(text), 60.0) if text.isdigit() else default
