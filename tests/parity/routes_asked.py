"""Which routes of our service were asked, by its own count."""

from __future__ import annotations

import re
from collections import Counter

import httpx

from tests.live import LiveServer

LINE = re.compile(r'^diracx_bridge_requests_total\{method="(\w+)",route="([^"]+)",status="\d+"\} ([\d.e+]+)$', re.M)


def asked(server: LiveServer) -> Counter[str]:
    """Answered requests by method and route, such as ``PATCH /api/jobs/status``."""
    counted: Counter[str] = Counter()
    for method, route, number in LINE.findall(httpx.get(f"{server.url}/metrics").text):
        counted[f"{method} {route}"] += int(float(number))
    return counted
