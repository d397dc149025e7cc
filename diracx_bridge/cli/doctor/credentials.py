"""The token in a proxy, and the place where renewed tokens are kept."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.client.proxy import token_in

BEGIN: Final = "-----BEGIN DIRACX-----"
HEARTBEAT_MINUTES: Final = 30
"""How often a job tells that it is alive (DIRAC's watchdog)."""


def of_credentials(proxy: Path | None, *, official: bool | None = None) -> list[Diagnosis]:
    """What is wrong with the token in the file ``proxy`` and with the temporary directory.

    ``official``: whether the token is for an official server; ``None`` if no server was looked at.
    """
    return [*_proxy(proxy, official), *_temporary_directory()]


def lifetime_of(access_token: str) -> float:
    """How long an access token lives, in seconds; 0 if it does not tell.

    Official servers write no ``iat``, but an id (``jti``) that begins with the time.
    """
    claims = unverified_claims(access_token)
    issued, end = claims.get("iat"), claims.get("exp")
    if issued is None:
        issued = _time_of(str(claims.get("jti", "")))
    return float(end - issued) if issued and end else 0.0


def _time_of(text: str) -> float | None:
    try:
        identifier = UUID(text)
    except ValueError:
        return None
    return (identifier.int >> 80) / 1000 if identifier.version == 7 else None


def _proxy(proxy: Path | None, official: bool | None) -> Iterator[Diagnosis]:
    if proxy is None:
        return
    subject = str(proxy)
    make_anew = "make the proxy again (dirac-proxy-init)"
    try:
        count = proxy.read_text(errors="replace").count(BEGIN)
    except OSError as error:
        yield Diagnosis("error", "no-proxy", subject, f"the proxy can't be read: {error.strerror}", make_anew)
        return
    if count > 1:
        yield Diagnosis(
            "error",
            "two-tokens",
            subject,
            f"there are {count} tokens in the proxy, and programs differ in which they use",
            make_anew,
        )
    token = token_in(proxy)
    if token is None:
        yield Diagnosis(
            "error", "no-token", subject, "there is no DiracX token in the proxy: its calls can only go to legacy",
            f"{make_anew}, and see that its VO is not in /DiracX/DisabledVOs",
        )  # fmt: skip
        return
    if unverified_claims(token["refresh_token"]).get("exp", 0) <= time.time():
        yield Diagnosis(
            "error", "token-over", subject, "the token can't be renewed any more: its refresh token is over", make_anew
        )
    lifetime = lifetime_of(token["access_token"])
    if 0 < lifetime < HEARTBEAT_MINUTES * 60:
        yield _short_tokens(subject, lifetime / 60, official)


def _short_tokens(subject: str, minutes: float, official: bool | None) -> Diagnosis:
    cause = f"access tokens live {minutes:.0f} minutes, and jobs beat every {HEARTBEAT_MINUTES}"
    there = (
        "an official server renews by an exchange of its own: adapters need 1.80 exchanges per call, and 1.03 with "
        "tokens of 12 hours"
    )
    here = "official clients renew before each heartbeat; adapters renew with it"
    at_official = (
        "set DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES at the server, 720 for example: all its access tokens "
        "live that long then, and it can't revoke them"
    )
    at_bridge = "set DIRACX_BRIDGE_PROXY_TOKEN_MINUTES at the server, 720 for example, if official clients matter"
    if official is None:
        cause, remedy = f"{cause}: {there}; at a server of the bridge {here}", f"{at_official}; or {at_bridge}"
    else:
        cause, remedy = (f"{cause}: {there}", at_official) if official else (f"{cause}: {here}", at_bridge)
    return Diagnosis("warning", "short-tokens", f"{subject}, and all jobs with such proxies", cause, remedy)


def _temporary_directory() -> Iterator[Diagnosis]:
    folder = tempfile.gettempdir()
    try:
        handle, name = tempfile.mkstemp(prefix="dx_", dir=folder)
        os.close(handle)
        os.unlink(name)
    except OSError as error:
        yield Diagnosis(
            "error",
            "read-only-tmp",
            "all processes on this host",
            f"nothing can be written in {folder} ({error.strerror}): renewed tokens are known to one process only",
            "let TMPDIR name a directory that can be written",
        )
