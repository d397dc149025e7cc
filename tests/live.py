"""A service in a process of its own, as `diracx-bridge serve` starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from diracx_bridge.core.settings import Settings
from diracx_bridge.db.sql.urls import variable
from tests.installation import RATE_LIMITS
from tests.servers.process import free_port

SERVE = "from diracx_bridge.cli.main import main; main()"


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A service that listens on the loopback interface; ``log`` is the file with its messages."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment variables that give ``settings``."""
    assert settings.auth is not None
    given = {
        "DIRACX_CONFIG_BACKEND_URL": settings.config_backend_url,
        "DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY": settings.legacy_exchange_hashed_api_key.get_secret_value(),
        "DIRACX_SERVICE_AUTH_TOKEN_ISSUER": settings.auth.token_issuer,
        "DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE": settings.auth.token_keystore.get_secret_value(),
        "DIRACX_SERVICE_AUTH_ALLOWED_REDIRECTS": json.dumps(settings.auth.allowed_redirects),
        "DIRACX_BRIDGE_CORS_ORIGINS": json.dumps(settings.bridge_cors_origins),
        **{f"DIRACX_{name.upper()}": str(getattr(settings, name)) for name in RATE_LIMITS},
        "DIRACX_FACTORY_OS_GLOBAL_PREFIX": settings.factory_os_global_prefix,
        **{variable(name): url for name, url in settings.databases.items()},
    }
    if settings.os_db_jobparametersdb is not None:
        given["DIRACX_OS_DB_JOBPARAMETERSDB"] = json.dumps(settings.os_db_jobparametersdb)
    elif settings.bridge_job_parameters_file is not None:
        given["DIRACX_BRIDGE_JOB_PARAMETERS_FILE"] = str(settings.bridge_job_parameters_file)
    return {**given, **sandbox_variables(settings)}


def sandbox_variables(settings: Settings) -> dict[str, str]:
    """The variables of the sandbox store."""
    given, store = {}, settings.sandbox_store
    if store.bucket_name:
        given["DIRACX_SANDBOX_STORE_BUCKET_NAME"] = store.bucket_name
    if store.s3_client_kwargs is not None:
        given["DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS"] = json.dumps(store.s3_client_kwargs)
    if store.auto_create_bucket:
        given["DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET"] = "true"
    if settings.bridge_sandbox_directory is not None:
        given["DIRACX_BRIDGE_SANDBOX_DIRECTORY"] = str(settings.bridge_sandbox_directory)
    return given


@contextmanager
def serving(settings: Settings, folder: Path, *, port: int = 0, prelude: str = "") -> Iterator[LiveServer]:
    """Run `diracx-bridge serve` with these settings within this block; fails with its log if it doesn't start.

    `prelude` is Python that the process does first.
    """
    port = port or free_port()
    log = folder / f"serve-{port}.log"
    kept: Mapping[str, str] = {k: v for k, v in os.environ.items() if not k.startswith("DIRACX_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"{prelude}\nfrom diracx_bridge.cli.main import main; main()",
                "serve",
                "--port",
                str(port),
            ],
            env={**kept, **environment_of(settings)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://localhost:{port}"
    try:
        _wait(process, url, log)
        yield LiveServer(url, log, process)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/api/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"The service did not start:\n{log.read_text()[-4000:]}")
