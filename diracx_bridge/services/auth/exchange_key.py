"""The key with which DIRAC gets tokens for its users (legacy exchange): a secret on its side, a hash on ours."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path
from typing import Final, NamedTuple

from diracx_bridge.core.errors import SettingsError

PREFIX: Final = "diracx:legacy:"
BYTES: Final = 48


class ExchangeKey(NamedTuple):
    """``secret`` is DIRAC's option ``/DiracX/LegacyExchangeApiKey``, ``hashed`` the services' setting for it."""

    secret: str
    hashed: str


def new_exchange_key() -> ExchangeKey:
    """A fresh pair."""
    key = secrets.token_bytes(BYTES)
    return ExchangeKey(PREFIX + base64.urlsafe_b64encode(key).decode(), hashlib.sha256(key).hexdigest())


def write_secret(path: Path, secret: str) -> None:
    """Write the section ``DiracX`` of a ``dirac.cfg`` with the secret into a new file that only its owner can read.

    Raises:
        SettingsError: the file exists (a key is never overwritten) or can't be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"DiracX\n{{\n  LegacyExchangeApiKey = {secret}\n}}\n")
    except FileExistsError:
        raise SettingsError(f"{path} exists already; move it away, or name another file") from None
    except OSError as error:
        raise SettingsError(f"{path} can't be written: {error.strerror}") from None
