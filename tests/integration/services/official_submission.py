"""Runs in the environment of the official client, unmodified: submission and rescheduling, sync and async.

usage: official_submission.py     with DIRACX_URL and DIRACX_CREDENTIALS_PATH set; prints what it saw as JSON
"""

import asyncio
import json

from diracx.client.aio import AsyncDiracClient
from diracx.client.models import BodyJobsRescheduleJobs
from diracx.client.sync import SyncDiracClient

JDL = 'Executable = "/bin/echo"; Arguments = "hello";'
PARAMETRIC = 'Executable = "/bin/echo"; Arguments = "%s"; Parameters = {"a", "b"};'


def seen(bulk, parametric, again, reset):
    return {
        "bulk": [[job.status, job.minor_status] for job in bulk],
        "parametric": [[job.status, job.minor_status] for job in parametric],
        "times": all(job.time_stamp.tzinfo for job in bulk),
        "again": {"failed": again["failed"], "jobs": [told["RescheduleCounter"] for told in again["success"].values()]},
        "reset": [told["RescheduleCounter"] for told in reset["success"].values()],
    }


def run_sync():
    with SyncDiracClient() as api:
        bulk = api.jobs.submit_jdl_jobs([JDL, JDL])
        parametric = api.jobs.submit_jdl_jobs([PARAMETRIC])
        body = BodyJobsRescheduleJobs(job_ids=[job.job_id for job in bulk])
        return seen(bulk, parametric, api.jobs.reschedule_jobs(body), api.jobs.reschedule_jobs(body, reset_jobs=True))


async def run_async():
    async with AsyncDiracClient() as api:
        bulk = await api.jobs.submit_jdl_jobs([JDL, JDL])
        parametric = await api.jobs.submit_jdl_jobs([PARAMETRIC])
        body = BodyJobsRescheduleJobs(job_ids=[job.job_id for job in bulk])
        again = await api.jobs.reschedule_jobs(body)
        return seen(bulk, parametric, again, await api.jobs.reschedule_jobs(body, reset_jobs=True))


def refused():
    with SyncDiracClient() as api:
        try:
            api.jobs.submit_jdl_jobs(["Nonsense"])
        except Exception as error:
            return str(error)


print(json.dumps({"sync": run_sync(), "async": asyncio.run(run_async()), "refused": refused()}))
