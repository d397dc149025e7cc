"""Identifiers of tokens."""

from __future__ import annotations

import time
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.services.auth.jti import RANDOM_BITS, earliest, jti_of, new_jti, random_of, seconds_of


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**RANDOM_BITS - 1))
def test_an_identifier_holds_its_time_and_its_mark(milliseconds: int, mark: int) -> None:
    made = jti_of(milliseconds, mark)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert (seconds_of(made), random_of(made)) == (milliseconds // 1000, mark)


def test_identifiers_sort_by_time() -> None:
    made, seconds = new_jti()
    assert seconds == seconds_of(made)
    assert abs(seconds - time.time()) < 2
    assert UUID(earliest(60)) < made < UUID(earliest(-60))
