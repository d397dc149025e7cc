"""E-mail addresses of users are checked as pydantic checks them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.networks import validate_email
from pydantic_core import PydanticCustomError

from diracx_bridge.config.registry import UserConfig, checked_address

PARTS = st.lists(
    st.sampled_from(
        ["a", "B", "9", ".", "-", "_", "+", "cern", "ch", "test", "local", "xn--p1ai", "é", " ", "@", "1a"]
    ),
    max_size=8,
).map("".join)


def pydantic_makes(text: str) -> str | None:
    try:
        return validate_email(text)[1]
    except PydanticCustomError:
        return None


@settings(deadline=None, max_examples=400)
@given(PARTS, PARTS, st.sampled_from(["", ".ch", ".org", ".test", ".invalid", ".x", ".c0m", ".localhost", ".COM"]))
def test_an_address_is_what_pydantic_makes_of_it(local: str, domain: str, end: str) -> None:
    text = f"{local}@{domain}{end}"
    expected = pydantic_makes(text)
    if expected is None:
        with pytest.raises(PydanticCustomError):
            checked_address(text)
    else:
        assert checked_address(text) == expected


@pytest.mark.parametrize("length", range(50, 80))
def test_long_addresses_are_checked_too(length: int) -> None:
    for text in ("a" * length + "@x.org", f"a@{'b' * length}.org", f"a@b.{'c' * length}"):
        made = pydantic_makes(text)
        if made is None:
            with pytest.raises(ValidationError):
                UserConfig(prefered_username="a", email=text)
        else:
            assert UserConfig(prefered_username="a", email=text).email == made
