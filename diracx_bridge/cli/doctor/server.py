"""The DiracX server as clients see it: reachable, trusted, of the right time and version."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx

from diracx_bridge import __version__
from diracx_bridge.cli.doctor.clock import ahead_by
from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.client.connection import trust_also
from diracx_bridge.client.retries import BRIDGE

MUST: Final = ("token_endpoint", "revocation_endpoint", "jwks_uri", "issuer")


def of_server(url: str, ca_path: Path | None, *, now: datetime | None = None) -> list[Diagnosis]:
    """What keeps clients from using the server at ``url``, or will."""
    try:
        verify = trust_also(ca_path) if ca_path else not url.startswith("http://")
        began = now or datetime.now(UTC)
        with httpx.Client(verify=verify, timeout=15) as client:
            answer = client.get(f"{url.rstrip('/')}/.well-known/openid-configuration")
    except (httpx.HTTPError, OSError) as error:
        return [_unreachable(url, error)]
    return list(_seen(url, answer, began))


def _unreachable(url: str, error: BaseException) -> Diagnosis:
    if "CERTIFICATE_VERIFY_FAILED" in str(error) or isinstance(error.__cause__, ssl.SSLCertVerificationError):
        return Diagnosis(
            "error",
            "ca-not-trusted",
            "all clients on this host",
            f"the certificate of {url} is not trusted here: {error}",
            "let DIRACX_CA_PATH name the authorities (a bundle or a folder of hashed names), or add them to the system",
        )
    return Diagnosis(
        "error",
        "unreachable",
        "all clients on this host",
        f"{url} does not answer: {error!r}",
        "see that it is the URL of the server (/DiracX/URL, DIRACX_URL), that it runs, and that no firewall is between",
    )


def _seen(url: str, answer: httpx.Response, began: datetime) -> Iterator[Diagnosis]:
    try:
        document = answer.json() if answer.is_success else None
    except ValueError:
        document = None
    if not isinstance(document, dict) or any(name not in document for name in MUST):
        yield Diagnosis(
            "error",
            "no-diracx",
            "all clients",
            f"{url} answers {answer.status_code}, but not as a DiracX server does",
            "give the base URL, without /api; see that what stands in front of the server passes /.well-known on",
        )
        return
    if skew := ahead_by(answer, began):
        yield Diagnosis(
            "error",
            "clock-skew",
            "everybody whose token is checked to the second",
            f"the clock of the server is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the clock here",
            "let both hosts follow the same time (NTP)",
        )
    yield from _version(url, answer.headers.get(BRIDGE))


def _version(url: str, bridge: str | None) -> Iterator[Diagnosis]:
    if bridge is None:
        yield Diagnosis(
            "warning",
            "official-server",
            "users of adapters",
            f"{url} is an official DiracX server: not every legacy method has an equivalent there",
            "see the page 'At an official server' of the documentation; keep those methods in the stage legacy",
        )
    elif bridge.split(".")[:2] != __version__.split(".")[:2]:
        yield Diagnosis(
            "warning",
            "versions-differ",
            "users of adapters",
            f"the server has version {bridge} of the bridge, this host {__version__}",
            "install the same release on both",
        )
