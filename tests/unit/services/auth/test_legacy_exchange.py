"""The key with which DIRAC asks for tokens."""

from __future__ import annotations

import base64
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.errors import BridgeError, NotAuthenticated, Unavailable
from diracx_bridge.services.auth.legacy_exchange import check_api_key
from tests.installation import HASHED_API_KEY, LEGACY_AUTHORIZATION


def test_the_key_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    check_api_key(LEGACY_AUTHORIZATION, HASHED_API_KEY.upper())
    assert compared == [(HASHED_API_KEY, HASHED_API_KEY)]


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda key: base64.urlsafe_b64encode(key).decode()))
def test_no_other_key_is_good(key: str) -> None:
    for header in (key, f"Bearer {key}", f"Bearer diracx:legacy:{key}"):
        with pytest.raises(BridgeError) as refused:
            check_api_key(header, HASHED_API_KEY)
        assert not isinstance(refused.value, Unavailable)


def test_without_a_hash_nobody_gets_tokens() -> None:
    with pytest.raises(Unavailable, match="not enabled"):
        check_api_key(LEGACY_AUTHORIZATION, "")
    with pytest.raises(NotAuthenticated):
        check_api_key(LEGACY_AUTHORIZATION, "0" * 64)
