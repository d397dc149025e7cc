"""Secrets that all processes of an installation have in common without storing them: from the state key or the keys.

With ``DIRACX_SERVICE_AUTH_STATE_KEY`` they come from it. Without, each private signing key gives one, so that logins
and refreshes on their way outlive a rotation: the first one is used, all are recognised.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from diracx_bridge.core.errors import InvalidInput, SettingsError
from diracx_bridge.services.auth.jti import RANDOM_BITS, jti_of
from diracx_bridge.services.auth.key_ring import KeyRing
from diracx_bridge.services.auth.key_store import KeyStore

DOMAIN: Final = b"diracx-bridge shared secret 1"


class SharedSecrets:
    """Seals what passes through browsers, and gives the identifier of the token that follows another."""

    def __init__(self, state_key: str, keys: KeyRing) -> None:
        self._state_key = state_key
        self.use(keys.current)
        keys.subscribe(self.use)

    def use(self, keys: KeyStore) -> None:
        """Take over new keys.

        Raises:
            SettingsError: the state key is none, or there is nothing to derive secrets from.
        """
        if self._state_key:
            try:
                self._fernet = MultiFernet([Fernet(self._state_key)])
            except ValueError:
                raise SettingsError(
                    "DIRACX_SERVICE_AUTH_STATE_KEY is no Fernet key: 32 random bytes in URL-safe base64"
                ) from None
            self._secrets: Sequence[bytes] = [_derive(self._state_key.encode())]
            return
        self._secrets = [_derive(material) for material in keys.private_material()]
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(secret)) for secret in self._secrets])

    def seal(self, content: dict[str, Any]) -> str:
        """``content`` encrypted and signed, with the time; URL-safe but for ``=``."""
        return self._fernet.encrypt(orjson.dumps(content)).decode()

    def unseal(self, text: str, max_age: int) -> dict[str, Any]:
        """What was sealed at most ``max_age`` seconds ago.

        Raises:
            InvalidInput: it was not sealed by this installation, or earlier.
        """
        try:
            plain = self._fernet.decrypt(text.encode(), ttl=max_age)
        except (InvalidToken, ValueError):
            raise InvalidInput("Invalid state: this login is too old or not ours; start it again") from None
        content: dict[str, Any] = orjson.loads(plain)
        return content

    def successor(self, jti: UUID) -> UUID:
        """The identifier, with the time of now, of the token that replaces ``jti``."""
        return jti_of(time.time_ns() // 1_000_000, _random(self._secrets[0], jti))

    def marks_of_successor(self, jti: UUID) -> list[int]:
        """The free bits that a token made to replace ``jti`` may have."""
        return [_random(secret, jti) for secret in self._secrets]


def _derive(material: bytes) -> bytes:
    return hmac.digest(material, DOMAIN, hashlib.sha256)


def _random(secret: bytes, jti: UUID) -> int:
    digest = hmac.digest(secret, b"successor" + jti.bytes, hashlib.sha256)
    return int.from_bytes(digest) >> (256 - RANDOM_BITS)
