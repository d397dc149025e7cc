"""Secrets are neither written nor shown."""

from __future__ import annotations

import json

import pytest

from diracx_bridge.cs_sync.report import as_json, as_text
from diracx_bridge.cs_sync.secrecy import looks_secret
from diracx_bridge.cs_sync.yaml_text import to_yaml

from .configurations import changed, codes, convert, put


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Password", "hunter2"),
        ("RootPwd", "hunter2"),
        ("client_secret", "hunter2"),
        ("ApiKey", "hunter2"),
        ("LegacyExchangeApiKey", "hunter2"),
        ("access_token", "hunter2"),
        ("Token", "hunter2"),
        ("aws_access_key_id", "AKIA"),
        ("URL", "https://user:hunter2@example.org/"),
        ("Anything", "-----BEGIN RSA PRIVATE KEY-----"),
        ("Anything", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sig"),
        ("Anything", "diracx:legacy:aGVsbG8"),
    ],
)
def test_a_secret_is_recognised(name: str, value: str) -> None:
    assert looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UseTokens", "True"),
        ("Password", ""),
        ("Password", "<password>"),
        ("Secret", "None"),
        ("PasswordFile", "/etc/pw"),
        ("TokenLifeTime", "3600"),
        ("SpaceToken", "LHCb_USER"),
        ("getProxyWithToken", "FullDelegation"),
        ("DN", "/CN=Alice"),
        ("URL", "https://example.org:8443/a@b"),
    ],
)
def test_what_is_no_secret_is_left_alone(name: str, value: str) -> None:
    assert not looks_secret(name, value)


def test_a_secret_in_a_published_section_is_dropped_as_an_error() -> None:
    result = convert(changed(Operations__Defaults__Pilot__Password="hunter2"))
    assert codes(result) == ["secret-dropped"]
    assert result.content is not None
    assert result.content["Operations"]["Defaults"] == {"Pilot": {"Version": "9.1.22"}}


PLACES = [
    "Operations/Defaults/Pilot/Password",
    "Operations/Defaults/JobDescription/MaxCPUTime/Password",
    "Systems/Databases/Password",
    "Nowhere/Password",
    "Registry/Users/alice/Password",
    "Registry/Groups/other/Password",
    "DiracX/LegacyExchangeApiKey",
    "DiracX/CsSync/VOs/gridlab/IdP/ClientSecret",
    "Operations/Defaults/Shares",
    "Resources/IdProviders/x/client_secret",
]


@pytest.mark.parametrize("path", PLACES)
def test_a_secret_appears_in_no_output(path: str) -> None:
    result = convert(put(changed(), path, "hunter2"))
    shown = as_text(result) + as_json(result) + json.dumps(result.content) + to_yaml(result.content or {}).decode()
    assert "hunter2" not in shown
