"""`/api/pilots` on each kind of database with DIRAC's own tables."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from diracx_bridge.db.sql.pilot_agents.schema import job_to_pilot_mapping, pilot_agents
from diracx_bridge.db.sql.transaction import Transaction
from tests.installation import Installation

ADMIN = {"user": "admin", "group": "gridlab_admin"}
PILOT = {"user": "pilot", "group": "gridlab_pilot"}
CAROL = {"user": "carol", "group": "biolab_user"}
LONG_AGO = datetime(2020, 1, 1)


async def add(installation: Installation, stamp: str, **columns: Any) -> int:
    """Id of a new pilot."""
    row = {"PilotStamp": stamp, "VO": "gridlab", "Status": "Submitted", "LastUpdateTime": LONG_AGO, **columns}

    async def work(tx: Transaction) -> int:
        return int((await tx.raw(insert(pilot_agents), row)).inserted_primary_key[0])

    found: int = await installation.runtime.pilots.server.write(work)
    return found


async def ran(installation: Installation, pilot: int, *jobs: int) -> None:
    """Record that a pilot ran these jobs; the table has no key, so a pair may be there twice."""
    rows = [{"PilotID": pilot, "JobID": job, "StartTime": LONG_AGO} for job in jobs]
    await installation.runtime.pilots.server.write(lambda tx: tx.raw(insert(job_to_pilot_mapping), rows))


async def pilots(installation: Installation) -> list[dict[str, Any]]:
    async def work(tx: Transaction) -> list[dict[str, Any]]:
        rows = await tx.raw(select(pilot_agents).order_by(pilot_agents.c.PilotID))
        return [dict(row._mapping) for row in rows]

    found: list[dict[str, Any]] = await installation.runtime.pilots.server.read(work)
    return found


async def register(installation: Installation, stamp: str, who: dict[str, str] = ADMIN, **more: Any) -> httpx.Response:
    return await installation.call("POST", "/api/pilots/", {"pilot_stamp": stamp, "vo": "gridlab", **more}, **who)


async def patch(installation: Installation, body: dict[str, Any], who: dict[str, str] = ADMIN) -> httpx.Response:
    return await installation.call("PATCH", "/api/pilots/metadata", body, **who)


async def stamps(installation: Installation, *conditions: dict[str, Any], **who: str) -> list[str]:
    answer = await installation.call("POST", "/api/pilots/search", {"search": list(conditions)}, **(who or ADMIN))
    assert answer.status_code == 200, answer.text
    return [pilot["PilotStamp"] for pilot in answer.json()]


def condition(parameter: str, operator: str, value: Any) -> dict[str, Any]:
    return {"parameter": parameter, "operator": operator, "values" if isinstance(value, list) else "value": value}


async def test_a_pilot_is_registered_with_its_defaults(installation: Installation) -> None:
    answer = await register(installation, "s1")
    assert (answer.status_code, answer.json()) == (201, None)
    (row,) = await pilots(installation)
    expected = {
        "PilotStamp": "s1",
        "PilotJobReference": "s1",
        "VO": "gridlab",
        "GridType": "DIRAC",
        "GridSite": "Unknown",
        "DestinationSite": "NotAssigned",
        "Status": "Submitted",
        "AccountingSent": "False",
        "CurrentJobID": 0,
    }
    assert {name: row[name] for name in expected} == expected
    assert abs((datetime.now(UTC).replace(tzinfo=None) - row["SubmissionTime"]).total_seconds()) < 60
    assert row["LastUpdateTime"] == row["SubmissionTime"]


async def test_a_registration_may_say_more(installation: Installation) -> None:
    more = {"grid_type": "LCG", "grid_site": "A", "destination_site": "ce.org", "pilot_reference": "ssh://1"}
    assert (await register(installation, "s1", PILOT, pilot_status="Running", **more)).status_code == 201
    (row,) = await pilots(installation)
    assert [row[n] for n in ("GridType", "GridSite", "DestinationSite", "PilotJobReference", "Status")] == [
        "LCG", "A", "ce.org", "ssh://1", "Running",
    ]  # fmt: skip


async def test_a_stamp_is_registered_once(installation: Installation) -> None:
    assert (await register(installation, "s1")).status_code == 201
    refused = await register(installation, "s1")
    assert refused.status_code == 409
    assert "s1" in refused.json()["detail"]
    at_once = await asyncio.gather(*(register(installation, "s2") for _ in range(5)))
    assert sorted(answer.status_code for answer in at_once) == [201, 409, 409, 409, 409]
    assert [row["PilotStamp"] for row in await pilots(installation)] == ["s1", "s2"]


async def test_a_registration_that_is_repeated_is_answered_as_the_first_time(installation: Installation) -> None:
    headers = {**await installation.headers(**ADMIN), "x-ms-client-request-id": "abc"}
    body = {"pilot_stamp": "s1", "vo": "gridlab"}
    for _ in range(2):
        answer = await installation.http.post("/api/pilots/", json=body, headers=headers)
        assert (answer.status_code, answer.json()) == (201, None)
    assert len(await pilots(installation)) == 1


async def test_who_may_register(installation: Installation) -> None:
    for who, vo, status in (
        ({"user": "alice"}, "gridlab", 403),
        (CAROL, "biolab", 403),
        (PILOT, "biolab", 403),
        (PILOT, "gridlab", 201),
        (ADMIN, "biolab", 201),
        (ADMIN, "nowhere", 400),
    ):
        answer = await register(installation, f"{who.get('group', '')}-{vo}", who, vo=vo)
        assert answer.status_code == status, (who, vo, answer.text)


@pytest.mark.parametrize(
    "more", [{"pilot_stamp": "x" * 33}, {"pilot_stamp": ""}, {"pilot_status": "Odd"}, {"colour": "red"}]
)
async def test_bad_registrations_are_refused(installation: Installation, more: dict[str, Any]) -> None:
    body = {"pilot_stamp": "s1", "vo": "gridlab", **more}
    assert (await installation.call("POST", "/api/pilots/", body, **ADMIN)).status_code == 422


async def test_changes_leave_absent_members_alone(installation: Installation) -> None:
    await add(installation, "a", Queue="short")
    await add(installation, "b", Queue="short", BenchMark=2.5)
    await add(installation, "c")
    changes = {
        "a": {"Status": "Running", "StatusReason": "ok", "BenchMark": 1.5, "AccountingSent": True, "CurrentJobID": 7},
        "b": {"DestinationSite": "ce", "Queue": "long", "GridSite": "S", "GridType": "T", "BenchMark": None},
    }
    answer = await patch(installation, changes)
    assert answer.status_code == 204, answer.text
    a, b, c = await pilots(installation)
    assert [a[n] for n in ("Status", "StatusReason", "BenchMark", "AccountingSent", "CurrentJobID", "Queue")] == [
        "Running", "ok", 1.5, "True", 7, "short",
    ]  # fmt: skip
    assert [b[n] for n in ("DestinationSite", "Queue", "GridSite", "GridType", "BenchMark", "Status")] == [
        "ce", "long", "S", "T", 2.5, "Submitted",
    ]  # fmt: skip
    assert a["LastUpdateTime"] == b["LastUpdateTime"] > LONG_AGO == c["LastUpdateTime"]
    assert (await patch(installation, {"c": {}})).status_code == 204
    assert (await pilots(installation))[2]["LastUpdateTime"] > LONG_AGO


async def test_every_pilot_with_the_stamp_changes(installation: Installation) -> None:
    for _ in range(2):
        await add(installation, "twice")
    assert (await patch(installation, {"twice": {"Status": "Done"}}, PILOT)).status_code == 204
    assert {row["Status"] for row in await pilots(installation)} == {"Done"}


async def test_unknown_and_foreign_pilots_are_named_and_nothing_is_written(installation: Installation) -> None:
    await add(installation, "mine")
    await add(installation, "other")
    await add(installation, "theirs", VO="biolab")
    done = {"Status": "Done"}
    for body, who, status, named in (
        ({"mine": done, "gone": done, "MINE": done}, ADMIN, 404, "MINE, gone"),
        ({"gone": done}, PILOT, 404, "gone"),
        ({"theirs": done}, PILOT, 403, "theirs"),
        ({"mine": done, "other": done}, PILOT, 403, "one pilot per request"),
        ({"mine": done}, {"user": "alice"}, 403, "gridlab_user"),
        ({"gone": done}, CAROL, 403, "biolab_user"),
        ({"mine": done, "other": {"CurrentJobID": -1}}, ADMIN, 400, "Pilot other: CurrentJobID -1"),
        ({"mine": {"CurrentJobID": 2**70}}, ADMIN, 400, "Pilot mine"),
        ({"mine": {"Status": "Odd"}}, ADMIN, 422, "mine"),
        ({"mine": {"PilotStamp": "x"}}, ADMIN, 422, "mine"),
        ({"mine": {"Queue": "x" * 129}}, ADMIN, 422, "mine"),
    ):
        answer = await patch(installation, body, who)
        assert answer.status_code == status, (body, who, answer.text)
        assert named in answer.text
    assert {row["Status"] for row in await pilots(installation)} == {"Submitted"}
    assert (await patch(installation, {})).status_code == 204


async def test_searches_see_the_pilots_of_the_vo(installation: Installation) -> None:
    await add(installation, "a")
    await add(installation, "b", VO="biolab")
    assert await stamps(installation, **ADMIN) == ["a", "b"]
    assert await stamps(installation, user="alice", group="gridlab_user") == ["a"]
    assert await stamps(installation, **CAROL) == ["b"]
    assert await stamps(installation, condition("VO", "eq", "gridlab"), **CAROL) == []
    refused = await installation.call("POST", "/api/pilots/search", {}, **PILOT)
    assert refused.status_code == 403
    assert (await installation.call("POST", "/api/pilots/summary", {"grouping": []}, **PILOT)).status_code == 403


async def test_pilots_of_a_job_are_found(installation: Installation) -> None:
    first, second, third = [await add(installation, stamp) for stamp in "abc"]
    await ran(installation, first, 10, 10, 11)
    await ran(installation, second, 10)
    await ran(installation, third, 12)
    assert await stamps(installation, condition("JobID", "eq", 10)) == ["a", "b"]
    assert await stamps(installation, condition("JobID", "eq", "11")) == ["a"]
    assert await stamps(installation, condition("JobID", "in", [11, 12])) == ["a", "c"]
    both = (condition("JobID", "eq", 10), condition("PilotStamp", "neq", "a"))
    assert await stamps(installation, *both) == ["b"]
    assert await stamps(installation, condition("JobID", "eq", 99)) == []
    body = {"grouping": ["Status"], "search": [condition("JobID", "in", [10, 12])]}
    counted = await installation.call("POST", "/api/pilots/summary", body, **ADMIN)
    assert counted.json() == [{"Status": "Submitted", "count": 3}]
    for operator, value in (("neq", 1), ("gt", 1), ("eq", "x"), ("not in", [1]), ("regex", "1")):
        refused = await installation.call(
            "POST", "/api/pilots/search", {"search": [condition("JobID", operator, value)]}, **ADMIN
        )
        assert refused.status_code == 400, refused.text
        assert "JobID" in refused.json()["detail"]


async def test_pages_do_not_overlap_and_the_last_is_empty(installation: Installation) -> None:
    for number in range(5):
        await add(installation, f"p{number}", BenchMark=number + 0.5, LastUpdateTime=datetime(2026, 1, 2, 3, 4, 5))
    body = {"parameters": ["PilotStamp", "AccountingSent", "LastUpdateTime"], "sort": [], "search": []}
    seen = []
    for page, status, shown in ((1, 206, "0-1"), (2, 206, "2-3"), (3, 206, "4-4"), (4, 200, "*")):
        query = {"page": page, "per_page": 2}
        answer = await installation.call("POST", "/api/pilots/search", body, params=query, **ADMIN)
        assert (answer.status_code, answer.headers["Content-Range"]) == (status, f"pilots {shown}/5")
        seen += answer.json()
    assert [pilot["PilotStamp"] for pilot in seen] == [f"p{number}" for number in range(5)]
    assert seen[0]["AccountingSent"] is False
    assert seen[0]["LastUpdateTime"] == "2026-01-02T03:04:05Z"
    answer = await installation.call("POST", "/api/pilots/search", body, **ADMIN)
    assert (answer.status_code, "Content-Range" in answer.headers) == (200, False)


async def test_bad_searches_are_refused(installation: Installation) -> None:
    for body in (
        {"search": [condition("Nothing", "eq", 1)]},
        {"search": [condition("BenchMark", "eq", "much")]},
        {"search": [condition("SubmissionTime", "eq", "2026-13-40")]},
        {"parameters": ["Nothing"]},
        {"sort": [{"parameter": "Nothing", "direction": "asc"}]},
    ):
        assert (await installation.call("POST", "/api/pilots/search", body, **ADMIN)).status_code == 400, body
    refused = await installation.call("POST", "/api/pilots/summary", {"grouping": ["Nothing"]}, **ADMIN)
    assert refused.status_code == 400
