"""What the demo shows: legacy calls through the adapter, and what they did to the databases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from diracx_bridge.cli.demo.installation import GROUP, OWNER, VO, DemoInstallation
from diracx_bridge.client import LegacyExchange, Preferences, SyncDiracxClient
from diracx_bridge.db.os.opening import open_job_parameters
from diracx_bridge.db.sql.job.schema import heart_beat_logging_info, jobs
from diracx_bridge.db.sql.job_logging.schema import logging_info
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.legacy_adapters.job_state_update import JobStateUpdate

Say = Callable[[str], None]
PILOT, PILOT_GROUP, PILOT_PROPERTIES = "pilot", "gridlab_pilot", ["GenericPilot", "LimitedDelegation"]
SHOWN = ("Status", "MinorStatus", "ApplicationStatus", "Site", "StartExecTime", "HeartBeatTime", "EndExecTime")


def tell(installation: DemoInstallation, url: str, say: Say) -> bool:
    """Do the calls, as the pilot that runs the job, and print their values beside the rows; False if one went wrong."""
    job = installation.job_ids[0]
    with LegacyExchange(url, installation.api_key) as exchange:
        tokens = exchange.source(PILOT, VO, PILOT_GROUP, PILOT_PROPERTIES)
        with SyncDiracxClient(preferences=Preferences(url), tokens=tokens) as client:
            calls = _calls(JobStateUpdate(client), job)
            right = [_show(installation, job, call, say) for call in calls]
    _show_records(installation, job, say)
    return all(right)


def _show_records(installation: DemoInstallation, job: int, say: Say) -> None:
    say("\nThe log of the job (JobLoggingDB):")
    for record in _rows(installation, logging_info, job):
        texts = [record[name] for name in ("Status", "MinorStatus", "ApplicationStatus", "StatusSource")]
        line = f"  {record['SeqNum']}  {record['StatusTime']:%H:%M:%S}  " + "  ".join(f"{text:<24}" for text in texts)
        say(line.rstrip())
    beats = _rows(installation, heart_beat_logging_info, job)
    say("\nHeartbeats (JobDB):  " + ", ".join(f"{beat['Name']} {beat['Value']}" for beat in beats))
    stored = asyncio.run(_parameters(installation, job))
    say("Job parameters:      " + ", ".join(f"{name} {value}" for name, value in stored.items()))


async def _parameters(installation: DemoInstallation, job: int) -> dict[str, Any]:
    database = await open_job_parameters(installation.settings)
    try:
        return (await database.read(VO, [job])).get(job, {})
    finally:
        await database.close()


PICK = """python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'"""
Call = tuple[str, Sequence[Any], Callable[..., Any], Any]
"""Method, arguments, the adapter's method, and the value that the legacy service gives."""


def _calls(adapter: JobStateUpdate, job: int) -> list[Call]:
    return [
        (
            "setJobStatus",
            (job, "Running", "Application", "JobWrapper"),
            adapter.setJobStatus,
            (["MinorStatus"], ["Application"]),
        ),
        ("setJobSite", (job, "LCG.Example.org"), adapter.setJobSite, 1),
        ("setJobParameters", (job, [("HostName", "node17"), ("Memory(MB)", 2048)]), adapter.setJobParameters, None),
        ("sendHeartBeat", (job, {"CPUConsumed": 12.5, "LoadAverage": 0.8}, {}), adapter.sendHeartBeat, {}),
        (
            "setJobApplicationStatus",
            (job, "Event 1000 of 5000"),
            adapter.setJobApplicationStatus,
            (["ApplicationStatus"], ["Event 1000 of 5000"]),
        ),
        (
            "setJobStatus",
            (str(job), "Waiting", "Not allowed from Running"),
            adapter.setJobStatus,
            (["MinorStatus"], ["Not allowed from Running"]),
        ),
        (
            "setJobStatus",
            (job, "Killed", "Marked for termination", "JobManager"),
            adapter.setJobStatus,
            (["MinorStatus"], ["Marked for termination"]),
        ),
        ("sendHeartBeat", (job, {"CPUConsumed": 13.0}, {}), adapter.sendHeartBeat, {"Kill": ""}),
    ]


def _show(installation: DemoInstallation, job: int, call: Call, say: Say) -> bool:
    method, arguments, function, expected = call
    before = _row(installation, job)
    value = function(*arguments)
    after = _row(installation, job)
    say(f"\n{method}({', '.join(map(repr, arguments))})")
    say(f"  legacy value:  {value!r}" + ("" if value == expected else f"   but legacy gives {expected!r}"))
    changed = [
        f"{name}: {_text(before[name])} -> {_text(after[name])}" for name in SHOWN if before[name] != after[name]
    ]
    say("  row of Jobs:   " + ("; ".join(changed) or "unchanged"))
    return bool(value == expected)


def what_next(installation: DemoInstallation, url: str, say: Say) -> None:
    """Print where the service is and what can be tried."""
    query = f"preferred_username={OWNER}&scope=vo:{VO}%20group:{GROUP}"
    body = json.dumps({"parameters": ["JobID", "Status", "MinorStatus"]})
    key_file = installation.settings.bridge_job_parameters_file
    directory = key_file.parent if key_file else "."
    say(
        f"""
The service runs at {url} until Ctrl-C:

  API in the browser   {url}/api/docs
  metrics              {url}/metrics

A token of {OWNER} (good for 20 minutes), then a search with it:

  TOKEN=$(curl -s -H "Authorization: Bearer $(cat {directory}/legacy-exchange.key)" \\
    "{url}/api/auth/legacy-exchange?{query}" | {PICK})
  curl -s -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
    -d '{body}' {url}/api/jobs/search

What to try next:

  - change {directory}/config.git by `diracx-bridge cs convert examples/dirac.cfg {directory}/config.git`
    after an edit: the service takes it over within seconds
  - use the official client: DIRACX_URL={url}
"""
    )


def _row(installation: DemoInstallation, job: int) -> dict[str, Any]:
    return _rows(installation, jobs, job)[0]


def _rows(installation: DemoInstallation, table: Any, job: int) -> list[dict[str, Any]]:
    """What stands in the database about a job, read beside the service."""

    async def read() -> list[dict[str, Any]]:
        databases = Databases(installation.settings.databases)
        try:
            found = await databases.server_of("JobDB").read(
                lambda tx: tx.raw(select(table).where(table.c.JobID == job).order_by(*table.primary_key.columns))
            )
            return [dict(row._mapping) for row in found]
        finally:
            await databases.close()

    return asyncio.run(read())


def _text(value: Any) -> str:
    return "-" if value is None else f"{value:%H:%M:%S}" if hasattr(value, "hour") else str(value)
