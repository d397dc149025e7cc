"""The DiracX token in a DIRAC proxy file: where DIRAC 9 puts it (``-----BEGIN DIRACX-----``, base64 of JSON)."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

from diracx_bridge.client.credentials import Credentials, write_credentials
from diracx_bridge.client.tokens import CredentialsFile, FixedToken, TokenSource

_TOKEN: Final = re.compile(r"-----BEGIN DIRACX-----(.*?)-----END DIRACX-----", re.DOTALL)
logger = logging.getLogger(__name__)


def token_in(proxy: Path) -> dict[str, Any] | None:
    """The token in a proxy file (the last one, if several were added to it); None if there is no good one."""
    try:
        found = _TOKEN.findall(proxy.read_text(errors="replace"))
    except OSError:
        return None
    try:
        content = json.loads(base64.b64decode("".join(found[-1].split())))
        return content if content["access_token"] and content["refresh_token"] and int(content["expires_on"]) else None
    except (IndexError, ValueError, KeyError, TypeError):
        return None


def source_of(token: Mapping[str, Any], url: str) -> TokenSource:
    """The token in the file that DIRAC's own client makes for it: one renewal serves all processes.

    Where no temporary file can be made the token is used as it is, until it expires.
    """
    named = hashlib.sha256(token["refresh_token"].split(".")[1].encode()).hexdigest()
    try:
        path = Path(gettempdir()) / f"dx_{named}"
        found = Credentials(token["access_token"], int(token["expires_on"]), token["refresh_token"])
        write_credentials(path, found, replace=False)
    except OSError as error:
        logger.warning("The DiracX token can't be renewed, there is no place for its file: %s", error)
        return FixedToken(token["access_token"])
    return CredentialsFile(path, url)
