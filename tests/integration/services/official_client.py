"""Runs in the environment of the official client, unmodified: every route that we serve, sync and async.

usage: official_client.py JOB_ID     with DIRACX_URL and DIRACX_CREDENTIALS_PATH set; prints what it saw as JSON
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

from diracx.client.aio import AsyncDiracClient
from diracx.client.models import HeartbeatData, JobStatusUpdate
from diracx.client.sync import SyncDiracClient

JOB = int(sys.argv[1])
SEARCH = [{"parameter": "JobID", "operator": "eq", "value": JOB}]


def update(status):
    now = datetime.now(UTC)
    return {str(JOB): {str(now): JobStatusUpdate(status=status, minor_status="by client", source="client")}}


def beat():
    return {str(JOB): HeartbeatData(load_average=1.5, standard_output="peek")}


def seen(api, results):
    status, commands, _, jobs, summary, user, config = results
    return {
        "success": {job: done.status for job, done in status.success.items()},
        "failed": status.failed,
        "commands": [c.as_dict() for c in commands],
        "jobs": [[job["JobID"], job["Status"], job["Site"]] for job in jobs],
        "summary": summary,
        "user": user.preferred_username,
        "vos": sorted(config["Registry"]),
    }


def run_sync():
    with SyncDiracClient() as api:
        return seen(
            api,
            [
                api.jobs.set_job_statuses(update("Running")),
                api.jobs.add_heartbeat(beat()),
                api.jobs.patch_metadata({str(JOB): {"Site": "LCG.Sync.org", "HostName": "node1"}}),
                api.jobs.search(parameters=["JobID", "Status", "Site"], search=SEARCH),
                api.jobs.summary(grouping=["Status"], search=SEARCH),
                api.auth.userinfo(),
                api.config.serve_config(),
            ],
        )


async def run_async():
    async with AsyncDiracClient() as api:
        return seen(
            api,
            [
                await api.jobs.set_job_statuses(update("Completing")),
                await api.jobs.add_heartbeat(beat()),
                await api.jobs.patch_metadata({str(JOB): {"Site": "LCG.Async.org"}}),
                await api.jobs.search(parameters=["JobID", "Status", "Site"], search=SEARCH),
                await api.jobs.summary(grouping=["Status"], search=SEARCH),
                await api.auth.userinfo(),
                await api.config.serve_config(),
            ],
        )


def beyond_the_end():
    with SyncDiracClient() as api:
        return api.jobs.search(search=SEARCH, page=99)


print(json.dumps({"sync": run_sync(), "async": asyncio.run(run_async()), "beyond": beyond_the_end()}, default=str))
