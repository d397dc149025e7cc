"""Secrets are neither written nor shown."""

from __future__ import annotations

import base64
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.cs_sync.report import as_json, as_text
from diracx_bridge.cs_sync.secrecy import looks_random, looks_secret
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
        ("GitLabToken", "hunter2"),
        ("Password", "99887766"),
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
        ("MinPasswordLength", "12345"),
        ("SpaceToken", "LHCb_USER"),
        ("getProxyWithToken", "FullDelegation"),
        ("DN", "/CN=Alice"),
        ("URL", "https://example.org:8443/a@b"),
    ],
)
def test_what_is_no_secret_is_left_alone(name: str, value: str) -> None:
    assert not looks_secret(name, value)


@given(st.binary(min_size=30, max_size=60))
def test_what_looks_random_is_long_and_mixed(data: bytes) -> None:
    word = base64.b64encode(data).decode()
    if looks_random(word):
        assert len(word) >= 24
        assert any(char.isdigit() for char in word)
        assert word not in (word.lower(), word.upper())


def test_keys_look_random_and_names_do_not() -> None:
    random = Random(3)
    keys = [base64.urlsafe_b64encode(random.randbytes(30)).decode() for _ in range(200)]
    assert sum(looks_random(key) for key in keys) > 180
    names = """
        DIRAC.WorkloadManagementSystem.Client.InputDataByProtocol JobWrapperTemplate_Py3_Container2024V2b
        /lhcb/MC/2016/ALLSTREAMS.DST/00012345/0000/00012345_00000001_7.AllStreams.dst x86_64-slc6-gcc62-opt
        a3f5c2d8e9b0a1c2d3e4f5a6b7c8d9e0f1a2b3c4 0f8fad5b-d9cb-469f-a165-70867728950e
        S20/LHCb-Sim09c-2016Validation-Reco16
    """
    assert [name for name in names.split() if looks_random(name)] == []


def test_what_looks_random_in_a_published_section_is_dropped() -> None:
    result = convert(changed(Operations__Defaults__Pilot__Extra="--flag q7ZpR2mX9vK4tB8wN3yL6sD1"))
    assert codes(result) == ["secret-dropped"]
    assert b"q7ZpR2" not in to_yaml(result.content or {})


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
