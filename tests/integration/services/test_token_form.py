"""The form of the token endpoint: well-formed ones take a short way, and must not be understood differently there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.installation import Installation
from tests.integration.services.logins import on_sqlite

GOOD = {"grant_type": "refresh_token", "client_id": "myDIRACClientID"}


async def answers(installation: Installation, form: Mapping[str, str]) -> list[tuple[int, Any]]:
    """Status and error of the same form as urlencoded, and as multipart, which takes the general way."""
    one = await installation.http.post("/api/auth/token", data=dict(form))
    other = await installation.http.post("/api/auth/token", files={name: (None, value) for name, value in form.items()})
    return [(answer.status_code, answer.json().get("error")) for answer in (one, other)]


@on_sqlite
async def test_both_ways_give_tokens(installation: Installation) -> None:
    token = (await installation.exchange("alice", "gridlab_user")).json()["refresh_token"]
    assert await answers(installation, {**GOOD, "refresh_token": token, "unknown": "x"}) == [(200, None)] * 2


@on_sqlite
@pytest.mark.parametrize(
    "form",
    [
        {"client_id": "myDIRACClientID"},
        {"grant_type": "refresh_token"},
        {**GOOD, "grant_type": "magic"},
        {**GOOD, "client_id": "somebody"},
        {**GOOD},
        {**GOOD, "refresh_token": ""},
        {**GOOD, "refresh_token": "nonsense"},
        {**GOOD, "refresh_token": "é"},
    ],
)
async def test_both_ways_refuse_the_same(installation: Installation, form: dict[str, str]) -> None:
    short, general = await answers(installation, form)
    assert short == general
    assert short[0] in (400, 401)
    assert short[1]


@on_sqlite
@pytest.mark.parametrize("body", [b"", b"%", b"grant_type=%ff%fe", b"\xff\xfe", b"grant_type", b"&&&=;"])
async def test_what_is_no_form_is_a_malformed_request(installation: Installation, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await installation.http.post("/api/auth/token", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"] in ("invalid_request", "unsupported_grant_type")) == (400, True)
