"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx

from diracx_bridge.client.answers import TEMPORARY, retry_after

UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before a byte of the request has left."""

NOT_PROCESSED = frozenset({429, 503})
"""Statuses by which a server says that it has not done anything."""

READING_POSTS = ("/search", "/summary")
"""Ends of paths that are asked by POST and change nothing."""

BRIDGE = "x-diracx-bridge"
"""Header of servers that do a repeated POST of ``ONCE`` once, known by its request id; official ones do it again."""

ONCE = "/api/jobs/"

ASKED = "/.well-known/dirac-metadata"
"""What a server is asked for to see whose it is, where a lost answer makes that matter."""

ASKED_TIMEOUT = 10.0
"""Seconds for that."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """``tries`` in total, waits of ``first_wait`` seconds, doubled each time, at most ``longest_wait``.

    A request that may have been carried out is repeated only if that does no harm: everything but POST, the POSTs that
    only read, and those of jobs at a server that has shown that it does them once. Refreshing a token is a POST, and a
    repeated one would look like a stolen token to the server.
    """

    tries: int = 4
    first_wait: float = 0.25
    longest_wait: float = 10.0

    def wait_after(
        self, attempt: int, request: httpx.Request, outcome: httpx.Response | httpx.TransportError, once: bool = False
    ) -> float | None:
        """Seconds until the next try, after the ``attempt``-th (from 1) had this outcome; ``None``: give up.

        ``once``: the server is one that does a repeated POST of jobs once.
        """
        if attempt >= self.tries:
            return None
        wait = min(self.first_wait * 2.0 ** (attempt - 1), self.longest_wait)
        if isinstance(outcome, httpx.Response):
            if outcome.status_code in (TEMPORARY if repeatable(request, once) else NOT_PROCESSED):
                return min(retry_after(outcome, default=wait), self.longest_wait)
            return None
        failed = outcome.request if _has_request(outcome) else request
        if isinstance(outcome, UNSENT) or repeatable(failed, once):
            return wait * random.uniform(0.75, 1.25)  # noqa: S311  spreads clients, no secret
        return None


def depends_on_server(request: httpx.Request, outcome: httpx.Response | httpx.TransportError) -> bool:
    """Whether ``request``, which failed like this, may be sent again to a server of ours, not to an official one."""
    failed = not isinstance(outcome, httpx.Response) or outcome.status_code in TEMPORARY
    done = failed and not surely_not_done(request, outcome)
    return done and repeatable(request, once=True) and not repeatable(request)


def surely_not_done(request: httpx.Request, outcome: httpx.Response | httpx.TransportError) -> bool:
    """Whether the server can't have carried out ``request``, which had this outcome."""
    if isinstance(outcome, httpx.Response):
        return outcome.status_code in NOT_PROCESSED
    before_it = _has_request(outcome) and outcome.request.url != request.url  # renewing the token failed
    return before_it or isinstance(outcome, UNSENT)


def repeatable(request: httpx.Request, once: bool = False) -> bool:
    """Whether sending ``request`` twice has the effect of sending it once."""
    path = request.url.path
    return request.method != "POST" or path.endswith(READING_POSTS) or (once and path.startswith(ONCE))


def _has_request(error: httpx.TransportError) -> bool:
    try:
        return error.request is not None
    except RuntimeError:
        return False
