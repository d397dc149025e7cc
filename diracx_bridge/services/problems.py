"""From errors to HTTP: the one place where the classes of ``core.errors`` get a status code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from diracx_bridge.core.errors import (
    BridgeError,
    InvalidGrant,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    PermissionDenied,
    Unavailable,
)

STATUS: Final[tuple[tuple[type[BridgeError], int], ...]] = (
    (InvalidInput, 400),
    (NotAuthenticated, 401),
    (PermissionDenied, 403),
    (NotFound, 404),
    (Unavailable, 503),
)
LONGEST_INPUT: Final = 200
"""How much of a refused text value is echoed."""


def install(app: FastAPI) -> None:
    """Let ``app`` answer errors as problems: JSON with ``detail``, never a traceback."""
    app.add_exception_handler(BridgeError, _bridge_error)
    app.add_exception_handler(RequestValidationError, _validation_error)


async def _bridge_error(_request: Request, error: Exception) -> Response:
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
    headers = {}
    body: dict[str, Any] = {"detail": str(error)}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, InvalidGrant):
        # RFC 6749 section 5.2; `detail` is what the official clients show
        body = {"error": error.code, "error_description": str(error), **body}
        headers |= {"Cache-Control": "no-store"}
        status = 401 if error.code == "invalid_client" else 400
    return JSONResponse(body, status, headers)


async def _validation_error(_request: Request, error: Exception) -> Response:
    faults = cast(RequestValidationError, error).errors()
    return JSONResponse({"detail": [_presentable(fault) for fault in faults]}, 422)


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
