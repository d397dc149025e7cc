from __future__ import annotations

import json
import os
import stat
import threading
import time
from pathlib import Path

import pytest
from joserfc import jwt

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.services.auth import key_file, keys
from diracx_bridge.services.auth.key_store import KeyStore


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    keys.create(path)
    return path


@pytest.mark.parametrize(("kind", "alg"), [("RSA", "RS256"), ("Ed25519", "Ed25519")])
def test_a_new_key_signs_with_the_algorithm_of_its_kind(tmp_path: Path, kind: str, alg: str) -> None:
    keys.create(tmp_path / "keys.json", kind)
    signing = KeyStore.load(str(tmp_path / "keys.json")).signing
    assert signing.get("alg") == alg
    token = jwt.encode({"alg": alg, "kid": signing.kid}, {"a": 1}, signing, algorithms=[alg])
    assert jwt.decode(token, signing, algorithms=[alg]).claims == {"a": 1}


def test_keys_are_described_without_their_secrets(store: Path) -> None:
    new = keys.rotate(store, "RSA")
    signing, former = keys.describe(store)
    assert (signing.kid, signing.alg, signing.signs) == (new, "RS256", True)
    assert (former.alg, former.signs) == ("Ed25519", False)
    for key in (signing, former):
        assert key.made is not None
        assert abs(key.made.timestamp() - time.time()) < 60
    secrets = [key["d"] for key in json.loads(store.read_text())["keys"]]
    assert not any(secret in str([signing, former]) for secret in secrets)


def test_a_key_that_somebody_else_made_has_no_time_unless_its_id_tells(store: Path) -> None:
    document = json.loads(store.read_text())
    document["keys"][0]["kid"] = "2024-spring"
    store.write_text(json.dumps(document))
    assert keys.describe(store)[0].made is None


def test_a_deleted_key_is_gone_and_the_others_stay(store: Path) -> None:
    (first,) = keys.describe(store)
    second = keys.rotate(store)
    keys.delete(store, first.kid)
    assert [key.kid for key in keys.describe(store)] == [second]


def test_the_key_that_signs_is_not_deleted(store: Path) -> None:
    (only,) = keys.describe(store)
    with pytest.raises(SettingsError, match="keys rotate"):
        keys.delete(store, only.kid)
    assert keys.describe(store) == [only]


def test_an_unknown_key_is_named_together_with_those_that_are_there(store: Path) -> None:
    (only,) = keys.describe(store)
    with pytest.raises(SettingsError, match=f"no key nobody; it has {only.kid}"):
        keys.delete(store, "nobody")


def test_a_key_in_waiting_checks_tokens_and_signs_only_when_it_is_activated(store: Path) -> None:
    (first,) = keys.describe(store)
    waiting = keys.add(store, "RSA")
    before = KeyStore.load(str(store))
    assert (before.signing.kid, before.verifying(waiting) is not None) == (first.kid, True)
    keys.activate(store, waiting)
    after = KeyStore.load(str(store))
    assert (after.signing.kid, after.verifying(first.kid) is not None) == (waiting, True)
    assert [key.signs for key in keys.describe(store)] == [True, False]
    assert len(after.private_material()) == 2


def test_a_former_key_can_be_made_to_sign_again(store: Path) -> None:
    (first,) = keys.describe(store)
    keys.rotate(store)
    keys.activate(store, first.kid)
    assert KeyStore.load(str(store)).signing.kid == first.kid


def test_a_public_key_is_not_made_to_sign(store: Path) -> None:
    waiting = keys.add(store)
    document = json.loads(store.read_text())
    del document["keys"][1]["d"]
    store.write_text(json.dumps(document))
    with pytest.raises(SettingsError, match="only the public part"):
        keys.activate(store, waiting)


def test_no_rotation_is_lost_when_several_are_done_at_once(store: Path) -> None:
    threads = [threading.Thread(target=keys.rotate, args=(store,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys.describe(store)) == 9


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o640), (0o640, 0o640), (0o600, 0o600)])
def test_a_changed_file_is_readable_by_no_one_new(store: Path, before: int, after: int) -> None:
    store.chmod(before)
    keys.rotate(store)
    assert stat.S_IMODE(store.stat().st_mode) == after
    assert stat.S_IMODE((store.parent / "keys.json").stat().st_mode) & 0o007 == 0


def test_a_changed_file_keeps_its_owner_and_group(store: Path) -> None:
    owner = (12345, 23456) if os.getuid() == 0 else (os.getuid(), os.getgroups()[-1])
    os.chown(store, *owner)
    keys.rotate(store)
    assert (store.stat().st_uid, store.stat().st_gid) == owner


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=str(tmp_path / "file")):
        keys.create(tmp_path / "file" / "keys.json")


def test_nothing_is_left_behind_when_the_file_cannot_be_replaced(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = store.read_text()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(key_file.os, "fsync", full)
    with pytest.raises(SettingsError, match="No space left on device"):
        keys.rotate(store)
    assert (store.read_text(), os.listdir(store.parent)) == (content, ["keys.json"])
