"""The clock of a server beside the clock here."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

SKEW: Final = 5.0
"""Seconds by which clocks may differ: tokens are checked to the second."""


def ahead_by(answer: httpx.Response, began: datetime) -> float:
    """By how many seconds the server's clock is ahead, beyond what the request itself explains; 0 if it is right.

    ``began`` is the time here before the request.
    """
    try:
        there = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError, TypeError):
        return 0.0
    ahead = (there - began).total_seconds()
    slack = SKEW + answer.elapsed.total_seconds()
    return ahead if abs(ahead) > slack else 0.0
