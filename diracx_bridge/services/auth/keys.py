"""The keys that sign and check tokens: a JSON Web Key Set in a file that only its owner can read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import UUID

import uuid_utils
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, OKPKey, RSAKey

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.services.auth import key_file

PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})
KINDS: Final = ("Ed25519", "RSA")


class KeyStore:
    """Keys in the order of the file: the first that may sign signs, all that may verify verify.

    The file is a JWKS as DiracX 0.7.0 reads it: each key has ``kid``, ``alg`` and ``key_ops``.
    """

    def __init__(self, document: str, origin: str) -> None:
        try:
            self.key_set = KeySet.import_key_set(json.loads(document))
        except (ValueError, KeyError, TypeError, JoseError):
            raise SettingsError(
                f"{origin} holds no JSON Web Key Set. Make one with `diracx-bridge keys create FILE`."
            ) from None
        signing = [key for key in self.key_set.keys if key.is_private and "sign" in (key.get("key_ops") or ())]
        broken = [key for key in self.key_set.keys if not (key.kid and key.get("alg") and key.get("key_ops"))]
        if broken or not signing:
            raise SettingsError(
                f"{origin}: every key needs `kid`, `alg` and `key_ops`, and a private one has to be allowed to `sign`. "
                "Make a good one with `diracx-bridge keys create FILE`."
            )
        self.signing: Key = signing[0]
        self._by_kid: dict[str, Key] = {
            str(key.kid): key for key in self.key_set.keys if "verify" in (key.get("key_ops") or ())
        }

    @classmethod
    def load(cls, setting: str) -> KeyStore:
        """The key store that the setting names: JWKS as text, a ``file://`` URL or a path.

        Raises:
            SettingsError: it can't be read or holds no usable keys. Key material is never part of the message.
        """
        path = file_of(setting)
        if path is None:
            return cls(setting, "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE")
        try:
            return cls(path.read_text(), str(path))
        except OSError as error:
            raise SettingsError(
                f"The key store {path} can't be read: {error.strerror}. "
                f"Make one with `diracx-bridge keys create {path}`."
            ) from None

    def verifying(self, kid: object) -> Key | None:
        """The key with this id, if it may verify."""
        return self._by_kid.get(kid) if isinstance(kid, str) else None

    def private_material(self) -> list[bytes]:
        """The private part of each key that has one, in the order of the file."""
        documents = (key.as_dict(private=key.is_private) for key in self.key_set.keys)
        return [str(document["d"]).encode() for document in documents if "d" in document]

    def public_document(self) -> dict[str, Any]:
        """The public parts of all keys, for ``jwks.json``; they may only verify."""
        return {
            "keys": [
                {k: v for k, v in key.as_dict(private=False).items() if k not in PRIVATE_MEMBERS}
                | {"key_ops": ["verify"]}
                for key in self.key_set.keys
            ]
        }


def file_of(setting: str) -> Path | None:
    """The file that the setting names, as ``file://`` URL or path; None if it is the JWKS itself."""
    if setting.lstrip().startswith("{"):
        return None
    return Path(unquote(urlsplit(setting).path) if setting.startswith("file:") else setting)


def new_key(kind: str = "Ed25519") -> dict[str, Any]:
    """A fresh key that signs and verifies, as JWK: "Ed25519", or "RSA" with 3072 bits."""
    key = RSAKey.generate_key(3072, private=True) if kind == "RSA" else OKPKey.generate_key("Ed25519", private=True)
    return {
        **key.as_dict(private=True),
        "kid": str(uuid_utils.uuid7()),
        "use": "sig",
        "alg": "RS256" if kind == "RSA" else "Ed25519",
        "key_ops": ["sign", "verify"],
    }


def create(path: Path, kind: str = "Ed25519") -> str:
    """Write a new key store; returns the id of its key.

    Raises:
        SettingsError: the file exists (keys are never overwritten) or can't be written.
    """
    key = new_key(kind)
    with key_file.locked(path):
        if path.exists():
            raise SettingsError(f"{path} exists already; use `diracx-bridge keys rotate {path}` to add a new key")
        _write(path, [key])
    return str(key["kid"])


def rotate(path: Path, kind: str = "Ed25519") -> str:
    """Put a new signing key in front; the former ones go on verifying. Returns the id of the new key.

    Raises:
        SettingsError: the file is no key store or can't be written.
    """
    key = new_key(kind)
    with key_file.locked(path):
        former = [{**document, "key_ops": ["verify"]} for document in _documents(path)]
        _write(path, [key, *former])
    return str(key["kid"])


def delete(path: Path, kid: str) -> None:
    """Remove a key that does not sign any more; tokens that were signed with it are refused from now on.

    Raises:
        SettingsError: the file is no key store, has no such key, or the key is the one that signs.
    """
    with key_file.locked(path):
        documents = _documents(path)
        if kid not in (ids := [document["kid"] for document in documents]):
            raise SettingsError(f"{path} has no key {kid}; it has {', '.join(ids)}")
        if kid == KeyStore.load(str(path)).signing.kid:
            raise SettingsError(
                f"{kid} is the key that signs: put another one before it with `diracx-bridge keys rotate {path}`, and "
                "delete it when the tokens that it signed have expired"
            )
        _write(path, [document for document in documents if document["kid"] != kid])


class KeyDescription(NamedTuple):
    """A key without its secret; ``made`` is the time in its id, if that is a UUID version 7, as those of ours are."""

    kid: str
    alg: str
    signs: bool
    made: datetime | None


def describe(path: Path) -> list[KeyDescription]:
    """The keys of a key store, in the order of the file.

    Raises:
        SettingsError: the file is no key store.
    """
    store = KeyStore.load(str(path))
    return [
        KeyDescription(str(key.kid), str(key.get("alg")), key is store.signing, _made(str(key.kid)))
        for key in store.key_set.keys
    ]


def _made(kid: str) -> datetime | None:
    try:
        identifier = UUID(kid)
    except ValueError:
        return None
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC) if identifier.version == 7 else None


def _documents(path: Path) -> list[dict[str, Any]]:
    return [key.as_dict(private=key.is_private) for key in KeyStore.load(str(path)).key_set.keys]


def _write(path: Path, keys: list[dict[str, Any]]) -> None:
    key_file.replace(path, json.dumps({"keys": keys}, indent=1) + "\n")
