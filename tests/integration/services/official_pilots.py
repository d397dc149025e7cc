"""Runs in the environment of the official client, unmodified: every pilot and resource status route.

usage: official_pilots.py     with DIRACX_URL and DIRACX_CREDENTIALS_PATH set, as an administrator; prints JSON
"""

import asyncio
import json

from diracx.client.aio import AsyncDiracClient
from diracx.client.models import PilotMetadata
from diracx.client.sync import SyncDiracClient


def search(stamp):
    return {"search": [{"parameter": "PilotStamp", "operator": "eq", "value": stamp}]}


def wire(response, models, _headers):
    """The client's models of statuses are empty, whatever the server: it can't tell a union by a boolean."""
    answer = response.http_response.json()
    assert models.keys() == answer.keys()
    return answer


def run_sync():
    with SyncDiracClient() as api:
        api.pilots.register_pilot(pilot_stamp="sync", vo="gridlab")
        api.pilots.update_pilot_metadata({"sync": PilotMetadata(status="Running", bench_mark=1.5)})
        found = api.pilots.search(parameters=["PilotStamp", "Status", "BenchMark"], **search("sync"))
        statuses = [
            api.rss.get_site_status(cls=wire),
            api.rss.get_compute_status(cls=wire),
            api.rss.get_fts_status(cls=wire),
        ]
        storage = api.rss.get_storage_status(cls=wire)
        return [found, api.pilots.summary(grouping=["Status"], **search("sync")), statuses, [storage]]


async def run_async():
    async with AsyncDiracClient() as api:
        await api.pilots.register_pilot(pilot_stamp="async", vo="gridlab", grid_site="LCG.X.org")
        await api.pilots.update_pilot_metadata({"async": PilotMetadata(status="Done", queue="long")})
        found = await api.pilots.search(parameters=["PilotStamp", "GridSite", "Queue"], **search("async"))
        statuses = [await api.rss.get_site_status(cls=wire), await api.rss.get_compute_status(cls=wire)]
        statuses.append(await api.rss.get_fts_status(cls=wire))
        storage = await api.rss.get_storage_status(cls=wire)
        counted = await api.pilots.summary(grouping=["Status"], **search("async"))
        return [found, counted, statuses, [storage]]


print(json.dumps({"sync": run_sync(), "async": asyncio.run(run_async())}))
