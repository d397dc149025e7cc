"""Making, rotating and removing the keys in a key store, a file that only its owner can read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils
from joserfc.jwk import OKPKey, RSAKey

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.services.auth import key_file
from diracx_bridge.services.auth.key_store import KeyStore


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
        _write(path, [key, *map(_verifying, _documents(path))])
    return str(key["kid"])


def add(path: Path, kind: str = "Ed25519") -> str:
    """Add a key that does not sign yet, so that every instance knows it before one signs with it. Returns its id.

    Raises:
        SettingsError: the file is no key store or can't be written.
    """
    key = _verifying(new_key(kind))
    with key_file.locked(path):
        _write(path, [*_documents(path), key])
    return str(key["kid"])


def activate(path: Path, kid: str) -> None:
    """Sign with this key from now on; the others go on verifying.

    Raises:
        SettingsError: the file is no key store, has no such key, or only the public part of it.
    """
    with key_file.locked(path):
        documents = _documents(path)
        chosen = _find(path, documents, kid)
        if "d" not in chosen:
            raise SettingsError(f"{path} has only the public part of key {kid}, which can't sign")
        others = [_verifying(document) for document in documents if document is not chosen]
        _write(path, [{**chosen, "key_ops": ["sign", "verify"]}, *others])


def delete(path: Path, kid: str) -> None:
    """Remove a key that does not sign any more; tokens that were signed with it are refused from now on.

    Raises:
        SettingsError: the file is no key store, has no such key, or the key is the one that signs.
    """
    with key_file.locked(path):
        documents = _documents(path)
        _find(path, documents, kid)
        if kid == KeyStore.load(str(path)).signing.kid:
            raise SettingsError(
                f"{kid} is the key that signs: put another one before it with `diracx-bridge keys rotate {path}`, and "
                "delete it when the tokens that it signed have expired"
            )
        _write(path, [document for document in documents if document["kid"] != kid])


def _find(path: Path, documents: list[dict[str, Any]], kid: str) -> dict[str, Any]:
    for document in documents:
        if document["kid"] == kid:
            return document
    ids = ", ".join(str(document["kid"]) for document in documents)
    raise SettingsError(f"{path} has no key {kid}; it has {ids}")


def _verifying(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "key_ops": ["verify"]}


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
