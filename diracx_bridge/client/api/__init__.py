"""What users do with jobs and sandboxes, in one call each; sync and async with equal names.

    with SyncDiracxClient() as client:
        jobs = Jobs(client)
        ids = [job["JobID"] for job in jobs.submit(Path("job.jdl").read_text())]
        jobs.wait(ids)

    Jobs().kill([17, 18])   # without a client in hand: made for the call, from the environment

The operations are those of `diracx_bridge.client.api.jobs` and `.sandboxes`; they work with every DiracX server, and
raise `NoRoute` for what an official server can't do.
"""

from __future__ import annotations

from diracx_bridge.client.api.faces import AsyncJobs, AsyncSandboxes, Jobs, Sandboxes

__all__ = ("AsyncJobs", "AsyncSandboxes", "Jobs", "Sandboxes")
