"""The token in a proxy, and the place where renewed tokens are kept."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.client.claims import unverified_claims
from diracx_bridge.client.proxy import token_in

BEGIN: Final = "-----BEGIN DIRACX-----"
HEARTBEAT_MINUTES: Final = 30
"""How often a job tells that it is alive (DIRAC's watchdog)."""


def of_credentials(proxy: Path | None) -> list[Diagnosis]:
    """What is wrong with the token in the file ``proxy`` and with the temporary directory."""
    return [*_proxy(proxy), *_temporary_directory()]


def _proxy(proxy: Path | None) -> Iterator[Diagnosis]:
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
    yield from _lifetimes(subject, token["access_token"], token["refresh_token"], make_anew)


def _lifetimes(subject: str, access_token: str, refresh_token: str, make_anew: str) -> Iterator[Diagnosis]:
    access, refresh = unverified_claims(access_token), unverified_claims(refresh_token)
    if refresh.get("exp", 0) <= time.time():
        yield Diagnosis(
            "error", "token-over", subject, "the token can't be renewed any more: its refresh token is over", make_anew
        )
    issued, end = access.get("iat"), access.get("exp")
    if issued and end and end - issued < HEARTBEAT_MINUTES * 60:
        yield Diagnosis(
            "warning",
            "short-tokens",
            subject,
            f"access tokens live {(end - issued) / 60:.0f} minutes, and jobs beat every {HEARTBEAT_MINUTES}: official "
            "clients, and adapters at an official server, renew the token before each heartbeat",
            "nothing for adapters at a server of the bridge, which renew with the heartbeat; for others set "
            "DIRACX_BRIDGE_PROXY_TOKEN_MINUTES there, 720 for example",
        )


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
