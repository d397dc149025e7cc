"""The async face of the client."""

from __future__ import annotations

import asyncio
import ssl
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx

from diracx_bridge.client.answers import error_of
from diracx_bridge.client.connection import DEFAULT_TIMEOUT, http_options, identified, usual_tokens
from diracx_bridge.client.preferences import Preferences
from diracx_bridge.client.retries import ASKED, ASKED_TIMEOUT, BRIDGE, RetryPolicy, depends_on_server, surely_not_done
from diracx_bridge.client.tokens import TokenSource
from diracx_bridge.core.errors import Unavailable

if TYPE_CHECKING:
    from diracx_bridge.client.generated.api.auth import AsyncAuth
    from diracx_bridge.client.generated.api.bridge import AsyncBridge
    from diracx_bridge.client.generated.api.config import AsyncConfig
    from diracx_bridge.client.generated.api.jobs import AsyncJobs
    from diracx_bridge.client.generated.api.pilots import AsyncPilots
    from diracx_bridge.client.generated.api.rss import AsyncRss
    from diracx_bridge.client.generated.api.well_known import AsyncWellKnown


class AsyncDiracxClient:
    """A client of one DiracX server for one identity; tasks may share it.

    Operations are grouped as in the API: ``client.jobs.search(...)``, ``client.auth.userinfo()``. They raise
    ``ServerRefused`` for an answer of status 400 and more, ``Unavailable`` if there is no answer or the server says
    "not now" on each try, and ``NotAuthenticated`` if the credentials can't be renewed.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        preferences: Preferences | None = None,
        tokens: TokenSource | None = None,
        credentials_path: Path | None = None,
        retries: RetryPolicy | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        trust: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.preferences = preferences or Preferences.from_environment(url=url)
        self.tokens = tokens or usual_tokens(self.preferences, credentials_path)
        self._retries = retries or RetryPolicy()
        self._does_once = False
        options = http_options(self.preferences, self.tokens, timeout, trust)
        self.trust: ssl.SSLContext | bool = options["verify"]
        self._http = httpx.AsyncClient(**options, transport=transport)

    async def request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """The answer to any request (``arguments`` as those of ``httpx.AsyncClient.request``), errors raised."""
        return await self._send({"method": method, "url": path, **arguments})

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @cached_property
    def auth(self) -> AsyncAuth:
        from diracx_bridge.client.generated.api.auth import AsyncAuth

        return AsyncAuth(self._send)

    @cached_property
    def bridge(self) -> AsyncBridge:
        """Routes that only servers of diracx-bridge have."""
        from diracx_bridge.client.generated.api.bridge import AsyncBridge

        return AsyncBridge(self._send)

    @cached_property
    def config(self) -> AsyncConfig:
        from diracx_bridge.client.generated.api.config import AsyncConfig

        return AsyncConfig(self._send)

    @cached_property
    def jobs(self) -> AsyncJobs:
        from diracx_bridge.client.generated.api.jobs import AsyncJobs

        return AsyncJobs(self._send)

    @cached_property
    def pilots(self) -> AsyncPilots:
        from diracx_bridge.client.generated.api.pilots import AsyncPilots

        return AsyncPilots(self._send)

    @cached_property
    def rss(self) -> AsyncRss:
        from diracx_bridge.client.generated.api.rss import AsyncRss

        return AsyncRss(self._send)

    @cached_property
    def well_known(self) -> AsyncWellKnown:
        from diracx_bridge.client.generated.api.well_known import AsyncWellKnown

        return AsyncWellKnown(self._send)

    if not TYPE_CHECKING:  # so that a name which is misspelt is found before it runs

        def __getattr__(self, name: str) -> Any:
            """The operation group that an extension registers as ``name``."""
            from diracx_bridge.client.extensions import extension_group

            return extension_group(name).aio(self._send)

    async def _is_of_bridge(self) -> bool:
        """Whether the server is one of ours; asked when that decides whether a request may be sent again."""
        try:
            return BRIDGE in (await self._http.get(ASKED, auth=None, timeout=ASKED_TIMEOUT)).headers
        except httpx.HTTPError:
            return False

    async def _send(self, arguments: dict[str, Any]) -> httpx.Response:
        request = self._http.build_request(**identified(arguments))
        unsent = True
        for attempt in range(1, self._retries.tries + 1):
            outcome: httpx.Response | httpx.TransportError
            try:
                outcome = await self._http.send(request)
            except httpx.TransportError as error:
                outcome = error
            else:
                self._does_once = self._does_once or BRIDGE in outcome.headers
            if attempt < self._retries.tries and not self._does_once and depends_on_server(request, outcome):
                self._does_once = await self._is_of_bridge()
            wait = self._retries.wait_after(attempt, request, outcome, self._does_once)
            unsent = unsent and surely_not_done(request, outcome)
            if wait is None:
                break
            await asyncio.sleep(wait)
        if isinstance(outcome, httpx.TransportError):
            raise Unavailable(f"No answer from {request.url}: {outcome!r}", unsent=unsent) from outcome
        if outcome.status_code >= 400 or outcome.is_redirect:
            raise error_of(outcome, unsent=unsent)
        return outcome
