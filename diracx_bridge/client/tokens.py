"""Where access tokens come from: a source keeps one token fresh, renewed ahead of its end by one caller at a time."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from diracx_bridge.client.answers import detail_of, retry_after
from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.client.credentials import Credentials, OpenCredentials, locked
from diracx_bridge.client.retries import BRIDGE
from diracx_bridge.core.errors import NotAuthenticated, Unavailable

logger = logging.getLogger(__name__)

CLIENT_ID = "myDIRACClientID"
"""The OAuth client id of every DiracX client (reference: official client, web interface)."""

REFRESH_AHEAD = 300.0
"""Seconds before its end at which a token is renewed; the rule of the official client."""

TOKEN_TRIES = 3

RENEWAL, NEW_TOKEN = "x-diracx-bridge-renewal", "x-diracx-bridge-token"
"""Headers by which a server of the bridge takes a refresh token with a call, and gives an access token."""

Steps = Generator[httpx.Request | float, Any, str | None]
"""What a renewal needs: the response to this request, or that many seconds to pass. It returns the token."""


class TokenSource(ABC):
    """One identity's access token.

    Threads and tasks may share a source. A renewal is described as steps without I/O, so that the sync and the async
    client perform the same one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: Credentials | None = None
        self._margin = REFRESH_AHEAD

    def ready(self) -> str | None:
        """The token, if it is good for longer than the time at which it is renewed."""
        current = self._current
        return current.access_token if current and current.remaining > self._margin else None

    def last_known(self) -> str | None:
        """The token as it was last seen, perhaps expired; never waits and never asks a server."""
        return self._current.access_token if self._current else None

    def to_carry(self) -> str | None:
        """A refresh token that a call may take along instead of a renewal before it, if this one may be used often."""
        return None

    def accept(self, access_token: str, expires_in: float) -> None:
        """Keep the access token that came with the answer to such a call; good for so many seconds."""
        return

    def renewal(self) -> Steps:
        """Steps to a fresh token. While somebody else renews a token that is still good, that one is returned."""
        while not self._lock.acquire(blocking=False):
            current = self._current
            if current and current.remaining > 0:
                return current.access_token
            yield 0.02
        try:
            return self.ready() or (yield from self._renew())
        finally:
            self._lock.release()

    @abstractmethod
    def _renew(self) -> Steps:
        """The steps to a new token, with the lock of this source held."""

    def _keep(self, credentials: Credentials) -> str:
        self._current = credentials
        self._margin = min(REFRESH_AHEAD, max(credentials.remaining, 0) / 3)
        return credentials.access_token


class FixedToken(TokenSource):
    """A token that was given as it is and can't be renewed."""

    def __init__(self, access_token: str) -> None:
        super().__init__()
        self._token = access_token

    def ready(self) -> str | None:
        return self._token

    def last_known(self) -> str | None:
        return self._token

    def _renew(self) -> Steps:
        yield from ()
        return self._token


class CredentialsFile(TokenSource):
    """The token in a credentials file; renewed under the file's lock, so that one of many processes does it.

    Without a file, or with an expired one, requests go out without a token, as the official client does: the routes
    that need none work, the others answer 401.
    """

    def __init__(self, path: Path, url: str) -> None:
        super().__init__()
        self.path = path
        self._url = url.rstrip("/")
        self._token_endpoint: str | None = None

    def last_known(self) -> str | None:
        if token := super().last_known():
            return token
        with self._at_once() as file:
            credentials = file.read() if file else None
            return credentials.access_token if credentials else None

    def to_carry(self) -> str | None:
        """The refresh token of a proxy; not while another process holds the file, which may be renewing it."""
        with self._at_once() as file:
            credentials = file.read() if file else None
        if credentials is None:
            return None
        if credentials.remaining > REFRESH_AHEAD:
            self._current, self._margin = credentials, REFRESH_AHEAD
            return None
        reusable = unverified_claims(credentials.refresh_token or "").get("legacy_exchange") is True
        return credentials.refresh_token if reusable and credentials.renewable else None

    def accept(self, access_token: str, expires_in: float) -> None:
        """Keep an access token that came with an answer, in the file if it is free."""
        with self._at_once() as file:
            old = file.read() if file else None
            new = Credentials.of_answer(
                {
                    "access_token": access_token,
                    "expires_in": expires_in,
                    "refresh_token": old.refresh_token if old else None,
                }
            )
            if file is not None and old is not None:
                self._store(file, new)
        self._keep(new)

    @contextmanager
    def _at_once(self) -> Iterator[OpenCredentials | None]:
        """The open file; None if there is none, or if somebody else has locked it."""
        with locked(self.path) as waiting:
            file: OpenCredentials | None = None
            try:
                next(waiting)
            except StopIteration as end:
                file = end.value
            yield file

    def _renew(self) -> Steps:
        with locked(self.path) as waiting:
            file = yield from waiting
            credentials = file.read() if file else None
            if file is None or credentials is None:
                return None
            if credentials.remaining > REFRESH_AHEAD:
                self._current, self._margin = credentials, REFRESH_AHEAD
                return credentials.access_token
            if not credentials.renewable:
                return credentials.access_token if credentials.remaining > 0 else None
            return self._keep((yield from self._refreshed(file, credentials)))

    def _refreshed(self, file: OpenCredentials, old: Credentials) -> Generator[httpx.Request | float, Any, Credentials]:
        form = {"grant_type": "refresh_token", "refresh_token": old.refresh_token, "client_id": CLIENT_ID}
        endpoint = yield from self._discovered()
        for attempt in range(TOKEN_TRIES):
            answer: httpx.Response = yield httpx.Request("POST", endpoint, data=form)
            if answer.status_code == 200:
                break
            if answer.status_code < 500:
                raise NotAuthenticated(f"{self.path}: refresh token refused ({detail_of(answer)}); log in again")
            if old.remaining > 0:
                return old
            if answer.status_code != 503 or attempt == TOKEN_TRIES - 1:
                # Whether the server has used up the refresh token is not known: asking again could end the session.
                raise Unavailable(
                    f"{endpoint} can't renew the token ({answer.status_code}: {detail_of(answer)})", unsent=True
                )
            yield retry_after(answer, default=1.0)
        new = Credentials.of_answer(answer.json())
        self._store(file, new)
        return new

    def _store(self, file: OpenCredentials, new: Credentials) -> None:
        try:
            file.write(new)
        except OSError as error:
            logger.warning("%s can't be written, the renewed token is known to this process only: %s", self.path, error)

    def _discovered(self) -> Generator[httpx.Request | float, Any, str]:
        if self._token_endpoint is None:
            url = f"{self._url}/.well-known/openid-configuration"
            answer: httpx.Response = yield httpx.Request("GET", url)
            if answer.status_code != 200:
                raise Unavailable(f"{url} does not say where tokens are renewed", unsent=True)
            self._token_endpoint = str(answer.json()["token_endpoint"])
        return self._token_endpoint


class Bearer(httpx.Auth):
    """Puts the token of a source on each request, after a renewal if one is due.

    At a server that has shown to be one of the bridge, the call itself renews the token where that may be: it carries
    the refresh token, and the answer a new access token.
    """

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._renews_in_passing = False

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._source.ready()
        if token is None and self._carries(request) and not self._refused((yield request), request):
            return
        if token is None:
            token = self._source.ready() or (yield from _performed(self._source.renewal()))
        self._saw((yield _with_token(request, token)))

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = self._source.ready()
        if token is None and self._carries(request) and not self._refused((yield request), request):
            return
        token = token or self._source.ready()
        if token is None:
            import asyncio  # a sixth of the time that the import of the sync client takes

            steps = self._source.renewal()
            try:
                step = next(steps)
                while True:
                    if isinstance(step, httpx.Request):
                        answer = yield step
                        await answer.aread()
                        step = steps.send(answer)
                    else:
                        await asyncio.sleep(step)
                        step = next(steps)
            except StopIteration as end:
                token = end.value
            finally:
                steps.close()
        self._saw((yield _with_token(request, token)))

    def _carries(self, request: httpx.Request) -> bool:
        """Whether ``request`` has the refresh token with it now."""
        refresh_token = self._source.to_carry() if self._renews_in_passing else None
        if refresh_token is None:
            return False
        request.headers.pop("Authorization", None)
        request.headers[RENEWAL] = refresh_token
        return True

    def _refused(self, answer: httpx.Response, request: httpx.Request) -> bool:
        """Whether the server did not take the refresh token with the call; a new access token is kept."""
        del request.headers[RENEWAL]
        new_token, _, seconds = answer.headers.get(NEW_TOKEN, "").partition(" ")
        if new_token:
            self._source.accept(new_token, float(seconds))
        return answer.status_code == 401

    def _saw(self, answer: httpx.Response) -> None:
        self._renews_in_passing = BRIDGE in answer.headers


def perform(steps: Steps, send: Callable[[httpx.Request], httpx.Response]) -> str | None:
    """The token that ``steps`` lead to, in this thread."""
    requests = _performed(steps)
    try:
        request = next(requests)
        while True:
            request = requests.send(send(request))
    except StopIteration as end:
        token: str | None = end.value
        return token
    finally:
        requests.close()


def _performed(steps: Steps) -> Generator[httpx.Request, httpx.Response, str | None]:
    try:
        step = next(steps)
        while True:
            if isinstance(step, httpx.Request):
                answer = yield step
                answer.read()
                step = steps.send(answer)
            else:
                time.sleep(step)
                step = next(steps)
    except StopIteration as end:
        token: str | None = end.value
        return token
    finally:
        steps.close()


def _with_token(request: httpx.Request, token: str | None) -> httpx.Request:
    request.headers.pop(RENEWAL, None)  # of a try that got no answer
    if token:
        request.headers["Authorization"] = f"Bearer {token}"
    return request
