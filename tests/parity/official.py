"""The official DiracX server 0.7.0 beside ours: on the same databases, with the same configuration and keys."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.load import official
from tests.load.bare import BareServer
from tests.servers.process import free_port, spawn, wait
from tests.servers.run import Run

DATABASES = ("AuthDB", "JobDB", "JobLoggingDB", "TaskQueueDB", "PilotAgentsDB", "SandboxMetadataDB")


@contextmanager
def official_server(
    run: Run,
    folder: Path,
    urls: Mapping[str, str],
    hashed_api_key: str,
    opensearch: str,
    prefix: str,
    settings: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Its URL, as long as the block lasts; ``folder`` has ``config.git`` and ``keys.json``, ``settings`` are added."""
    port = free_port()
    bare = BareServer(run)  # plays S3, which it wants to see at its start
    s3 = {"endpoint_url": bare.url, "aws_access_key_id": "parity", "aws_secret_access_key": "parity"}
    env = {
        **{f"DIRACX_DB_URL_{name.upper()}": urls[name] for name in DATABASES},
        "DIRACX_CONFIG_BACKEND_URL": f"git+file://{folder / 'config.git'}",
        "DIRACX_SERVICE_AUTH_TOKEN_ISSUER": f"http://127.0.0.1:{port}",
        "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE": f"file://{folder / 'keys.json'}",
        "DIRACX_SERVICE_AUTH_STATE_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS": "[]",
        "DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY": hashed_api_key,
        "DIRACX_SERVICE_PILOTS_ENABLED": "false",
        "DIRACX_SERVICE_RSS_ENABLED": "false",
        "DIRACX_OS_DB_JOBPARAMETERSDB": json.dumps({"hosts": opensearch, "use_ssl": False}),
        "DIRACX_FACTORY_OS_GLOBAL_PREFIX": prefix,
        "DIRACX_SANDBOX_STORE_BUCKET_NAME": "sandboxes",
        "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS": json.dumps(s3),
        "OTEL_SDK_DISABLED": "true",
        **(settings or {}),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIRACX_")}
    log = folder / "official.log"
    command = ["-m", "uvicorn", "--factory", "diracx.routers.factory:create_app", "--host", "127.0.0.1"]
    child = spawn([official.install(), *command, "--port", str(port), "--no-access-log"], log, {**kept, **env})
    run.register(child)
    url = f"http://127.0.0.1:{port}"
    try:
        wait("The official server", lambda: _ready(url), child, log, 90)
        yield url
    finally:
        child.stop()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/.well-known/dirac-metadata", timeout=5).is_success
    except httpx.TransportError:
        return False
