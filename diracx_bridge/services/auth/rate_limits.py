"""How often one address may ask for logins and tokens.

A bucket for each address holds the requests of one minute and is filled evenly. What is refused costs more, so who
tries codes or keys is stopped sooner than who works. Each process counts for itself: with N processes an address gets
up to N times the limit. Behind a reverse proxy the address is that of the client only if the proxy is trusted
(``diracx-bridge serve --proxies``); else all clients share one bucket. Addresses of IPv6 count by network (/64).
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fastapi import Request

from diracx_bridge.core.errors import BridgeError, InvalidGrant, InvalidInput, NotAuthenticated, TooManyRequests
from diracx_bridge.services.auth.audit import WAITING

REFUSED_COSTS: Final = 10
"""Requests that one which is refused counts for."""
ADDRESSES: Final = 10_000
"""Buckets that are kept; the one that was not used for longest goes first."""


class RateLimit:
    """The limit for one kind of request; ``per_minute`` 0: none."""

    def __init__(self, per_minute: int, setting: str, *, addresses: int = ADDRESSES) -> None:
        self._per_minute = per_minute
        self._setting = setting
        self._addresses = addresses
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @contextmanager
    def counted(self, request: Request, *, only_refused: bool = False) -> Iterator[None]:
        """Let the request of this block count, and more so if it is refused; or only if it is refused.

        Raises:
            TooManyRequests: the address has asked too often.
        """
        if not self._per_minute:
            yield
            return
        address = network_of(request.client.host if request.client else "")
        if not only_refused:
            self.take(address, 1)
        try:
            yield
        except (InvalidInput, NotAuthenticated) as error:
            if only_refused:
                self.take(address, REFUSED_COSTS)
            elif not _waits(error):
                self._spend(address, REFUSED_COSTS - 1)
            raise

    def take(self, address: str, cost: float) -> None:
        """Let a request count.

        Raises:
            TooManyRequests: the bucket of the address is empty.
        """
        left = self._left(address)
        if left < 1:
            seconds = math.ceil((1 - left) * 60 / self._per_minute)
            raise TooManyRequests(
                f"Too many requests from your address (limit: {self._setting}); try again in {seconds} s",
                retry_after=seconds,
            )
        self._spend(address, cost)

    def _left(self, address: str) -> float:
        now = time.monotonic()
        left, at = self._buckets.get(address, (self._per_minute, now))
        return min(self._per_minute, left + (now - at) * self._per_minute / 60)

    def _spend(self, address: str, cost: float) -> None:
        self._buckets[address] = self._left(address) - cost, time.monotonic()
        self._buckets.move_to_end(address)
        if len(self._buckets) > self._addresses:
            self._buckets.popitem(last=False)


def network_of(host: str) -> str:
    """What counts as one address.

    >>> network_of("192.0.2.7"), network_of("2001:db8::7"), network_of("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7')
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _waits(error: BridgeError) -> bool:
    return isinstance(error, InvalidGrant) and error.code == WAITING
