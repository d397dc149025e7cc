"""What the services ask of an identity provider, what they believe, and what becomes of a login when it fails."""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64encode
from types import SimpleNamespace

import httpx
import pytest
from joserfc.jwk import RSAKey

from diracx_bridge.services.auth.idp import provider as provider_module
from tests.installation import Installation
from tests.integration.services.fake_provider import SECOND, URL, FakeProvider, query_of
from tests.integration.services.logins import CHALLENGE, authorize, code_for

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


async def test_the_provider_is_asked_with_pkce_nonce_and_encoded_parameters(
    installation: Installation, provider: FakeProvider
) -> None:
    location = (await authorize(installation)).headers["location"]
    asked = query_of(location)
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", "bridge", "openid profile")
    assert asked["redirect_uri"] == "https://bridge.example.org/api/auth/authorize/complete"
    assert "redirect_uri=https%3A%2F%2Fbridge.example.org%2Fapi%2Fauth" in location
    assert asked["code_challenge_method"] == "S256"
    assert re.fullmatch(r"[\w-]{43}", asked["code_challenge"])
    assert asked["code_challenge"] != CHALLENGE
    assert len(asked["nonce"]) >= 32


async def test_a_failing_provider_is_no_failure_of_ours(installation: Installation, provider: FakeProvider) -> None:
    provider.metadata.mock(side_effect=httpx.ConnectError("refused"))
    answer = await authorize(installation)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    for bad in (httpx.Response(500), httpx.Response(200, text="<html>"), httpx.Response(200, json=[])):
        provider.metadata.mock(return_value=bad)
        assert (await authorize(installation)).status_code == 502
    provider.metadata.mock(return_value=httpx.Response(200, json={**provider.discovery, "issuer": "https://else"}))
    answer = await authorize(installation)
    assert (answer.status_code, "calls itself https://else" in answer.json()["detail"]) == (502, True)


async def test_a_login_goes_on_when_the_provider_is_back(installation: Installation, provider: FakeProvider) -> None:
    back = provider.log_in((await authorize(installation)).headers["location"])
    good = provider.token.side_effect
    for failure, status in ((httpx.ReadTimeout("slow"), 503), (httpx.Response(503), 502)):
        provider.token.mock(side_effect=[failure])
        answer = await installation.http.get("/api/auth/authorize/complete", params=back)
        assert (answer.status_code, "Retry-After" in answer.headers) == (status, True)
    provider.token.mock(side_effect=good)
    assert (await installation.http.get("/api/auth/authorize/complete", params=back)).status_code == 307


async def test_a_code_that_the_provider_refuses_is_401(installation: Installation, provider: FakeProvider) -> None:
    back = provider.log_in((await authorize(installation)).headers["location"])
    answer = await installation.http.get("/api/auth/authorize/complete", params={**back, "code": "forged"})
    assert (answer.status_code, answer.json()["detail"]) == (
        401,
        "Invalid code: the identity provider refuses it (invalid_grant)",
    )


@pytest.mark.parametrize(
    ("claim", "value", "told"),
    [
        ("nonce", "another", "nonce"),
        ("nonce", None, "nonce"),
        ("iss", "https://evil", "issuer"),
        ("aud", "somebody", "audience"),
        ("aud", ["somebody"], "audience"),
        ("exp", 1, "time"),
        ("iat", 2**40, "time"),
        ("sub", "", "subject"),
        ("sub", None, "subject"),
    ],
)
async def test_an_id_token_that_is_not_for_this_login_is_refused(
    installation: Installation, provider: FakeProvider, claim: str, value: object, told: str
) -> None:
    provider.claims = {claim: value}
    back = provider.log_in((await authorize(installation)).headers["location"])
    answer = await installation.http.get("/api/auth/authorize/complete", params=back)
    assert (answer.status_code, told in answer.json()["detail"]) == (401, True), answer.text


async def test_metadata_and_keys_are_asked_for_once(installation: Installation, provider: FakeProvider) -> None:
    for _ in range(3):
        await code_for(installation, provider)
    assert (provider.metadata.call_count, provider.jwks.call_count) == (1, 1)
    assert str(provider.metadata.calls[0].request.url).startswith(URL)


async def test_keys_of_the_provider_are_asked_for_when_it_has_new_ones(
    installation: Installation, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(provider_module, "time", SimpleNamespace(monotonic=lambda: now))
    await code_for(installation, provider)
    provider.key = SECOND
    await code_for(installation, provider)
    assert provider.jwks.call_count == 2

    provider.jwks.mock(return_value=httpx.Response(200, json={"keys": [SECOND.as_dict(private=False)]}))
    provider.key = RSAKey.generate_key(2048, {"kid": "of somebody else", "use": "sig", "alg": "RS256"})
    for _ in range(3):
        back = provider.log_in((await authorize(installation)).headers["location"])
        answer = await installation.http.get("/api/auth/authorize/complete", params=back)
        assert (answer.status_code, "not signed by a key" in answer.json()["detail"]) == (401, True)
    assert provider.jwks.call_count == 3
    now += 31
    provider.key = SECOND
    await code_for(installation, provider)


async def test_what_is_known_of_a_provider_is_used_on_while_it_does_not_answer(
    installation: Installation, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(provider_module, "time", SimpleNamespace(monotonic=lambda: now))
    await code_for(installation, provider)
    good = provider.metadata.side_effect, provider.jwks.side_effect
    for route in (provider.metadata, provider.jwks):
        route.mock(side_effect=httpx.ConnectError("down"))
    for _ in range(2):
        now += 3601
        await code_for(installation, provider)
    provider.metadata.mock(side_effect=good[0])
    provider.jwks.mock(side_effect=good[1])
    calls = provider.metadata.call_count, provider.jwks.call_count
    now += 3601
    await code_for(installation, provider)
    await code_for(installation, provider)
    assert (provider.metadata.call_count, provider.jwks.call_count) == (calls[0] + 1, calls[1] + 1)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_signature_without_a_key_of_the_provider_is_refused(
    installation: Installation, provider: FakeProvider, algorithm: str
) -> None:
    provider.discovery["id_token_signing_alg_values_supported"] = [algorithm]
    back = provider.log_in((await authorize(installation)).headers["location"])
    asked = query_of((await authorize(installation)).headers["location"])
    claims = {"iss": URL, "sub": "sub-alice", "aud": "bridge", "iat": 1, "exp": 2**40, "nonce": asked["nonce"]}
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": algorithm}, claims)]
    signature = hmac.digest(b"client secret", b".".join(parts), "sha256") if algorithm == "HS256" else b""
    forged = b".".join([*parts, urlsafe_b64encode(signature).rstrip(b"=")]).decode()
    provider.token.mock(return_value=httpx.Response(200, json={"id_token": forged}))
    answer = await installation.http.get("/api/auth/authorize/complete", params=back)
    assert (answer.status_code, "not signed by a key" in answer.json()["detail"]) == (401, True)


@pytest.mark.parametrize("answer", [{}, {"id_token": 7}, {"id_token": "x"}, {"id_token": "e30.e30.x"}])
async def test_an_answer_without_a_usable_id_token_is_told(
    installation: Installation, provider: FakeProvider, answer: dict[str, object]
) -> None:
    back = provider.log_in((await authorize(installation)).headers["location"])
    provider.token.mock(return_value=httpx.Response(200, json=answer))
    assert (await installation.http.get("/api/auth/authorize/complete", params=back)).status_code in (401, 502)
