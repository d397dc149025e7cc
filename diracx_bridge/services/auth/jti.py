"""Identifiers of tokens: UUIDs version 7, whose first 48 bits are the time in milliseconds."""

from __future__ import annotations

import time
from typing import Final
from uuid import UUID

import uuid_utils

RANDOM_BITS: Final = 74
"""The bits of a UUID version 7 that are neither time nor version nor variant."""


def new_jti() -> tuple[UUID, int]:
    """A new identifier, and the time in it in whole seconds since the epoch."""
    made = uuid_utils.uuid7()
    return UUID(int=made.int), made.timestamp // 1000


def jti_of(milliseconds: int, random: int) -> UUID:
    """The identifier of this time since the epoch whose 74 free bits are ``random``."""
    high, low = divmod(random, 1 << 62)
    return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def random_of(jti: UUID) -> int:
    """The 74 free bits of an identifier."""
    return ((jti.int >> 64) & 0xFFF) << 62 | jti.int & ((1 << 62) - 1)


def seconds_of(jti: UUID) -> int:
    """The time in an identifier, in whole seconds since the epoch."""
    return (jti.int >> 80) // 1000


def earliest(seconds_ago: float) -> str:
    """The smallest identifier that was made since then, as 32 hexadecimal digits."""
    return jti_of(int((time.time() - seconds_ago) * 1000), 0).hex
