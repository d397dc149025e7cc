"""Secrets in arguments and answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.legacy_adapters.ledger.masking import LONGEST, MASK, masked

PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"


@pytest.mark.parametrize(
    "secret",
    [PEM, PEM[:40], JWT, f"Bearer {JWT}", "diracx:legacy:AbC_d-1=", "basic dXNlcjpwYXNz", "Bearer abcdefgh123"],
)
def test_text_that_looks_like_a_secret_is_masked_wherever_it_stands(secret: str) -> None:
    kept = masked([{"note": f"before {secret} after"}, (secret,)])
    assert secret not in json.dumps(kept)
    assert MASK in kept[0]["note"]


def test_password_in_a_url_is_masked() -> None:
    assert masked("mysql://user:pw@host/db") == f"mysql://{MASK}@host/db"


@pytest.mark.parametrize("name", ["Password", "api_key", "ApiKey", "X509Proxy", "refresh_token", "PrivateKey"])
def test_members_and_pairs_are_masked_by_their_name(name: str) -> None:
    assert masked({name: "x"}) == {name: MASK}
    assert masked([[name, "x"], ["HostName", "node1"]]) == [[name, MASK], ["HostName", "node1"]]


def test_long_texts_are_cut() -> None:
    assert len(masked("x" * 10 * LONGEST)) == LONGEST + 3


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=10,
)


@given(values)
def test_what_is_kept_is_json_whatever_the_call(value: Any) -> None:
    json.dumps(masked(value))
