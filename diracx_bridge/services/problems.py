"""From errors to HTTP: the one place where the classes of ``core.errors`` get a status code."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from diracx_bridge.core.errors import (
    AlreadyExists,
    BadAnswer,
    BridgeError,
    InvalidGrant,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    PermissionDenied,
    TooManyRequests,
    Unavailable,
)

STATUS: Final[tuple[tuple[type[BridgeError], int], ...]] = (
    (InvalidInput, 400),
    (NotAuthenticated, 401),
    (PermissionDenied, 403),
    (NotFound, 404),
    (AlreadyExists, 409),
    (TooManyRequests, 429),
    (BadAnswer, 502),
    (Unavailable, 503),
)
LONGEST_INPUT: Final = 200
"""How much of a refused text value is echoed."""


def install(app: FastAPI) -> None:
    """Let ``app`` answer errors as problems: JSON with ``detail``, never a traceback."""
    app.add_exception_handler(BridgeError, _bridge_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(UnicodeEncodeError, _no_unicode)


def status_of(error: BridgeError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, InvalidGrant) and error.code == "invalid_client":
        return 401
    return next((code for kind, code in STATUS if isinstance(error, kind)), 500)


def problem(error: BridgeError, *, oauth_code: str | None = None) -> JSONResponse:
    """The answer that tells an error; with ``oauth_code`` it has the form of RFC 6749 section 5.2, too.

    ``detail`` is what the official clients show.
    """
    status = status_of(error)
    headers = {}
    body: dict[str, Any] = {"detail": str(error)}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Unavailable | TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    code = error.code if isinstance(error, InvalidGrant) else oauth_code
    if code is not None:
        body = {"error": code, "error_description": str(error), **body}
        headers |= {"Cache-Control": "no-store"}
    return ProblemResponse(body, status, headers)


async def _bridge_error(_request: Request, error: Exception) -> Response:
    return problem(cast(BridgeError, error))


async def _no_unicode(_request: Request, _error: Exception) -> Response:
    """JSON can write half of a surrogate pair (``"\\ud800"``), which nothing behind us can store."""
    return problem(InvalidInput("A text in the request is no valid Unicode: it has half of a surrogate pair"))


class ProblemResponse(JSONResponse):
    """JSON that tells of any input, also of text that is no valid Unicode."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode(errors="backslashreplace")


async def _validation_error(_request: Request, error: Exception) -> Response:
    faults = cast(RequestValidationError, error).errors()
    return ProblemResponse({"detail": [_presentable(fault) for fault in faults]}, 422)


def _presentable(fault: Mapping[str, Any]) -> dict[str, Any]:
    """A pydantic error that JSON can hold, without more of the caller's input than helps him to find it."""
    shown: dict[str, Any] = {name: fault[name] for name in ("type", "loc", "msg") if name in fault}
    value = fault.get("input")
    if isinstance(value, float) and not math.isfinite(value):
        value = str(value)
    if isinstance(value, str):
        value = value[:LONGEST_INPUT]
    if isinstance(value, str | int | float | bool) and "token" not in str(fault.get("loc")):
        shown["input"] = value
    return shown
