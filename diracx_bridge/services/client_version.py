"""Clients say their version; ones that are too old are told to upgrade, on every path, as DiracX 0.7.0 does."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fastapi.responses import JSONResponse
from packaging.version import InvalidVersion, Version

MINIMUM: Final = "0.0.1a1"


@lru_cache(maxsize=256)
def refusal(header: bytes | None) -> JSONResponse | None:
    """The answer for clients of this ``DiracX-Client-Version`` header; None if they are welcome (or don't say)."""
    if header is None:
        return None
    text = header.decode("latin-1")
    try:
        if Version(text) >= Version(MINIMUM):
            return None
    except InvalidVersion:
        return JSONResponse({"detail": f"Invalid version string: {text[:100]!r}"}, 400)
    return JSONResponse(
        {"detail": f"Client version {text} is not compatible with the server. Upgrade to a version >= {MINIMUM}."},
        400,
    )
