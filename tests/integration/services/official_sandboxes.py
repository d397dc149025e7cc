"""Runs in the environment of the official client, unmodified: its sandboxes up and down, and every sandbox route.

usage: official_sandboxes.py JOB_ID FOLDER     with DIRACX_URL and DIRACX_CREDENTIALS_PATH set; prints JSON
"""

import asyncio
import json
import sys
from pathlib import Path

from diracx.api.jobs import create_sandbox, download_sandbox
from diracx.client.aio import AsyncDiracClient
from diracx.client.sync import SyncDiracClient

JOB, FOLDER = int(sys.argv[1]), Path(sys.argv[2])


async def up_and_down():
    source = FOLDER / "source.txt"
    source.write_text("what the job needs")
    pfn = await create_sandbox([source])
    again = await create_sandbox([source])
    await download_sandbox(pfn, FOLDER / "down")
    return pfn, again, (FOLDER / "down" / "source.txt").read_text()


async def with_async_client(pfn):
    async with AsyncDiracClient() as api:
        # the generated client sends the text as it is: its caller makes it JSON
        await api.jobs.assign_sandbox_to_job(JOB, json.dumps(pfn))
        both = await api.jobs.get_job_sandboxes(JOB)
        await api.jobs.unassign_bulk_jobs_sandboxes({"job_ids": [JOB]})
        return both


def with_sync_client(pfn):
    with SyncDiracClient() as api:
        before = api.jobs.get_job_sandboxes(JOB)
        api.jobs.assign_sandbox_to_job(JOB, json.dumps(pfn))
        after = api.jobs.get_job_sandbox(JOB, "output")
        api.jobs.unassign_job_sandboxes(JOB)
        return [before, after, api.jobs.get_job_sandbox(JOB, "output")]


pfn, again, content = asyncio.run(up_and_down())
seen = {"pfn": pfn, "again": again, "content": content}
print(json.dumps({**seen, "async": asyncio.run(with_async_client(pfn)), "sync": with_sync_client(pfn)}))
