"""Whom the client trusts over TLS."""

from __future__ import annotations

from pathlib import Path

import pytest

from diracx_bridge.client import FixedToken, Preferences, RetryPolicy, SyncDiracxClient
from diracx_bridge.core.errors import ServerRefused, Unavailable
from tests.integration.config.git_https import serve


def test_the_ca_path_is_trusted_besides_the_usual_authorities(tmp_path: Path) -> None:
    with serve(tmp_path, tmp_path / "keys") as server:  # any server with a certificate of its own CA

        def client(**more: str) -> SyncDiracxClient:
            environment = {"DIRACX_URL": f"https://localhost:{server.port}", **more}
            preferences = Preferences.from_environment(environment)
            return SyncDiracxClient(preferences=preferences, tokens=FixedToken(""), retries=RetryPolicy(tries=1))

        with client(DIRACX_CA_PATH=str(server.ca)) as trusting, pytest.raises(ServerRefused):
            trusting.config.serve_config()
        with client() as usual, pytest.raises(Unavailable, match="CERTIFICATE_VERIFY_FAILED"):
            usual.config.serve_config()
