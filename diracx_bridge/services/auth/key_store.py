"""The keys that sign and check tokens: a JSON Web Key Set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from diracx_bridge.core.errors import SettingsError

PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})


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
