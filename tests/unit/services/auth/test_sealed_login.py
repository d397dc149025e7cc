"""The state that goes through the browser: what comes out is what went in, or nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.errors import InvalidInput, SettingsError
from diracx_bridge.services.auth import keys
from diracx_bridge.services.auth.idp.login import Challenge
from diracx_bridge.services.auth.key_ring import KeyRing
from diracx_bridge.services.auth.sealed_login import SealedLogin
from diracx_bridge.services.auth.shared_secrets import SharedSecrets

RING = KeyRing(json.dumps({"keys": [keys.new_key()]}))
STATE_KEY = Fernet.generate_key().decode()
AUTHS: list[Any] = [
    SimpleNamespace(secrets=SharedSecrets("", RING)),
    SimpleNamespace(secrets=SharedSecrets(STATE_KEY, RING)),
]
LOGINS = st.builds(
    SealedLogin,
    kind=st.sampled_from(["authorization", "device"]),
    flow=st.text("0123456789abcdef", min_size=8, max_size=32),
    vo=st.text("abcdefghij.-", min_size=1, max_size=20),
    challenge=st.builds(Challenge.new),
    client_state=st.text(st.characters(codec="utf-8"), max_size=200),
)
auths = pytest.mark.parametrize("auth", AUTHS, ids=["derived key", "state key"])


@auths
@given(login=LOGINS)
def test_a_login_comes_back_as_it_was(auth: Any, login: SealedLogin) -> None:
    sealed = login.seal(auth)
    assert SealedLogin.unseal(auth, login.kind, sealed, 60) == login
    assert login.challenge.verifier not in sealed
    other = "device" if login.kind == "authorization" else "authorization"
    with pytest.raises(InvalidInput, match="another kind"):
        SealedLogin.unseal(auth, other, sealed, 60)


@auths
@given(login=LOGINS, data=st.data())
def test_a_changed_state_is_refused(auth: Any, login: SealedLogin, data: st.DataObject) -> None:
    sealed = login.seal(auth)
    place = data.draw(st.integers(0, len(sealed) - 5))
    letter = data.draw(st.sampled_from("ABCxyz019-_").filter(lambda letter: letter != sealed[place]))
    with pytest.raises(InvalidInput, match="Invalid state"):
        SealedLogin.unseal(auth, login.kind, sealed[:place] + letter + sealed[place + 1 :], 60)


@auths
@given(text=st.text(max_size=300))
def test_garbage_is_refused(auth: Any, text: str) -> None:
    with pytest.raises(InvalidInput, match="Invalid state"):
        SealedLogin.unseal(auth, "device", text, 60)


@auths
def test_an_old_state_is_refused(auth: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    login = SealedLogin("device", "BCDFGHJK", "gridlab", Challenge.new())
    sealed, real = login.seal(auth), time.time
    monkeypatch.setattr(time, "time", lambda: real() + 61)
    assert SealedLogin.unseal(auth, "device", sealed, 120) == login
    with pytest.raises(InvalidInput, match="too old"):
        SealedLogin.unseal(auth, "device", sealed, 60)


def test_a_state_outlives_a_rotation_but_not_its_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    kid = keys.create(path)
    ring = KeyRing(str(path))
    auth: Any = SimpleNamespace(secrets=SharedSecrets("", ring))
    login = SealedLogin("device", "BCDFGHJK", "gridlab", Challenge.new())
    sealed = login.seal(auth)
    keys.rotate(path)
    ring.look()
    assert SealedLogin.unseal(auth, "device", sealed, 60) == login
    keys.delete(path, kid)
    ring.look()
    with pytest.raises(InvalidInput):
        SealedLogin.unseal(auth, "device", sealed, 60)


def test_another_installation_can_not_read_a_state() -> None:
    other: Any = SimpleNamespace(secrets=SharedSecrets("", KeyRing(json.dumps({"keys": [keys.new_key()]}))))
    sealed = SealedLogin("device", "BCDFGHJK", "gridlab", Challenge.new()).seal(other)
    with pytest.raises(InvalidInput):
        SealedLogin.unseal(AUTHS[0], "device", sealed, 60)


def test_a_state_key_that_is_none_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="DIRACX_SERVICE_AUTH_STATE_KEY"):
        SharedSecrets("secret", RING)
