"""An embedded installation in one directory: configuration repository, keys, SQLite databases, jobs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import insert

from diracx_bridge.core.errors import SetupError
from diracx_bridge.core.job_status import LogRecord
from diracx_bridge.core.settings import AuthSettings, Settings
from diracx_bridge.cs_sync.convert import convert
from diracx_bridge.cs_sync.findings import Severity
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.publisher import publish
from diracx_bridge.db.sql.init import create_all
from diracx_bridge.db.sql.job.schema import job_jdls, jobs
from diracx_bridge.db.sql.job_logging.db import JobLoggingDB
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth import keys
from diracx_bridge.services.auth.exchange_key import new_exchange_key

VO, OWNER, GROUP = "gridlab", "alice", "gridlab_user"
JOBS = 3


@dataclass(frozen=True, slots=True)
class DemoInstallation:
    """Everything that the service needs, and the jobs that the calls are about."""

    settings: Settings
    api_key: str
    job_ids: list[int]

    @classmethod
    def prepare(cls, directory: Path, cfg: Path, say: Callable[[str], None]) -> DemoInstallation:
        """The installation in ``directory``, made where it is not there yet; new jobs are added each time.

        Raises:
            SetupError: the configuration can't be converted, or the directory can't be used.
        """
        directory.mkdir(parents=True, exist_ok=True)
        repository = directory / "config.git"
        _convert(cfg, repository, say)
        key_store = directory / "keys.json"
        if not key_store.exists():
            keys.create(key_store)
        api_key = _api_key(directory / "legacy-exchange.key")
        database = SecretStr(f"sqlite+aiosqlite:///{directory / 'databases.db'}")
        settings = Settings(
            config_backend_url=f"git+file://{repository}",
            legacy_exchange_hashed_api_key=SecretStr(_hashed(api_key)),
            bridge_job_parameters_file=directory / "job_parameters.db",
            auth=AuthSettings(token_issuer="https://demo.example.org", token_keystore=SecretStr(str(key_store))),
            db_url_authdb=database,
            db_url_jobdb=database,
            db_url_jobloggingdb=database,
            db_url_taskqueuedb=database,
            db_url_pilotagentsdb=database,
            db_url_sandboxmetadatadb=database,
            db_url_resourcestatusdb=database,
        )
        job_ids = asyncio.run(_databases_with_jobs(settings))
        say(f"SQLite databases, keys and {len(job_ids)} jobs of {OWNER} are in {directory}")
        return cls(settings, api_key, job_ids)


def _convert(cfg: Path, repository: Path, say: Callable[[str], None]) -> None:
    result = convert(str(cfg))
    if result.refused:
        raise SetupError(f"{cfg} can't be converted; see `diracx-bridge cs convert {cfg} -`")
    written = publish(result, Place(repository))
    counts = ", ".join(f"{result.findings.count(severity)} {severity.value}s" for severity in Severity)
    change = f"commit {written.commit[:10]}" if written.changed and written.commit else "unchanged"
    say(f"{cfg} is converted into the git repository {repository} ({change}; findings: {counts})")


def _api_key(path: Path) -> str:
    """The key with which DIRAC asks for tokens, in a file that only its owner can read."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(new_exchange_key().secret)
    return path.read_text().strip()


def _hashed(api_key: str) -> str:
    return hashlib.sha256(base64.urlsafe_b64decode(api_key.removeprefix("diracx:legacy:"))).hexdigest()


async def _databases_with_jobs(settings: Settings) -> list[int]:
    databases = Databases(settings.databases)
    try:
        await create_all(databases)
        return await databases.server_of("JobDB").write(_add_jobs)
    finally:
        await databases.close()


async def _add_jobs(tx: Transaction) -> list[int]:
    """Jobs that a pilot has just matched, as DIRAC's JobManager and Matcher leave them."""
    now = datetime.now(UTC)
    times = {"SubmissionTime": now.replace(tzinfo=None), "LastUpdateTime": now.replace(tzinfo=None)}
    row = {"Owner": OWNER, "OwnerGroup": GROUP, "VO": VO, "JobName": "demo", "Status": "Matched", **times}
    job_ids = []
    for _ in range(JOBS):
        made = await tx.raw(insert(job_jdls), {"JDL": "", "JobRequirements": "", "OriginalJDL": ""})
        job_ids.append(int((made.inserted_primary_key or [0])[0]))
        await tx.raw(insert(jobs), {"JobID": job_ids[-1], **row, "MinorStatus": "Assigned"})
    records = [
        LogRecord("Received", "Job accepted", "Unknown", now, "JobManager"),
        LogRecord("Matched", "Assigned", "Unknown", now, "Matcher"),
    ]
    await JobLoggingDB().append(tx, dict.fromkeys(job_ids, records))
    return job_ids
