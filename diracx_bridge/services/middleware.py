"""What every request passes, as plain ASGI: an id, the check of the client's version, one log line, the metrics."""

from __future__ import annotations

import re
import time
from typing import Final

import structlog
import uuid_utils
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diracx_bridge import __version__
from diracx_bridge.core.errors import SetupError, Unavailable
from diracx_bridge.db.sql.rehearsal import REHEARSAL
from diracx_bridge.services.auth.in_passing import NEW_TOKEN
from diracx_bridge.services.client_version import refusal
from diracx_bridge.services.metrics import Metrics

log = structlog.get_logger("diracx_bridge.requests")

REQUEST_ID: Final = b"x-request-id"
CLIENT_REQUEST_ID: Final = b"x-ms-client-request-id"
VERSION: Final = b"diracx-client-version"
NO_STORE: Final = (b"cache-control", b"no-store")
BRIDGE: Final = (b"x-diracx-bridge", __version__.encode())
"""Tells clients that this server does a repeated request of ``/api/jobs`` once, and answers it as the first time."""
_SANE: Final = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
QUIET: Final = ("/api/health/", "/metrics")
"""Paths whose successful requests are not logged: machines ask them all the time."""


class CrossOrigin(CORSMiddleware):
    """Starlette's, but for requests that no browser has sent for another site: they cost as good as nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"vary", b"Origin")]
            await send(message)

        await self.app(scope, receive, varying)


class RequestMiddleware:
    """Outermost layer: gives each request an id (the client's, if it sent a sane one), counts, times and logs it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start and stop; what hinders the start is told in one line, without a traceback."""

        async def told(message: Message) -> None:
            if message["type"] != "lifespan.startup.failed":
                await send(message)

        try:
            await self._app(scope, receive, told)
        except (SetupError, Unavailable) as error:
            await send({"type": "lifespan.startup.failed", "message": f"Can't start: {error}"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        if REHEARSAL.get() is not None:  # within a request that is counted and logged already
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(REQUEST_ID) or headers.get(CLIENT_REQUEST_ID) or b""
        request_id = given if _SANE.fullmatch(given) else str(uuid_utils.uuid7()).encode()
        status, arrived = 500, time.perf_counter()
        begun = False

        async def answer(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                new_token = scope.get("state", {}).get("new_token")
                more = [] if new_token is None else [(NEW_TOKEN.encode(), new_token.encode()), NO_STORE]
                message["headers"] = [*message.get("headers", ()), (REQUEST_ID, request_id), BRIDGE, *more]
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id.decode())
        try:
            too_old = refusal(headers.get(VERSION))
            await (self._app if too_old is None else too_old)(scope, receive, answer)
        except Exception as error:
            log.error("unexpected error", exc_info=error)
            if begun:
                raise  # the server cuts the connection: half an answer must not look like a whole one
            await PlainTextResponse("Internal Server Error", 500)(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - arrived
            self._metrics.observe(scope["method"], _template(scope), status, seconds)
            path = scope["path"]
            if status >= 400 or not path.startswith(QUIET):
                log.info(
                    "request", method=scope["method"], path=path, status=status, milliseconds=round(seconds * 1000, 1)
                )
            structlog.contextvars.unbind_contextvars("request_id")


def _template(scope: Scope) -> str:
    """The path with its parameters by name, such as ``/api/jobs/{job_id}/sandbox``; "unknown" if no route matched."""
    if "endpoint" not in scope:
        return "unknown"
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    return "/".join(names.get(part, part) for part in scope["path"].split("/"))
