"""Requests that come again with the same id of the client are done once, and answered as the first time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from diracx_bridge.db.sql import transaction
from diracx_bridge.db.sql.bridge.schema import answered_requests
from diracx_bridge.db.sql.drivers import run_calls
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.maintenance import forget_old_answers
from tests.installation import Installation, running
from tests.jobs import Jobs

STATUS = "/api/jobs/status"


async def kill(installation: Installation, job: int, request_id: str | None, **more: Any) -> httpx.Response:
    body = {job: {"2040-01-01T00:00:00Z": {"Status": "Killed", "MinorStatus": more.pop("minor", "by the user")}}}
    user, group = more.get("user", "alice"), more.get("group", "gridlab_user")
    headers = await installation.headers(user, group) | ({"x-ms-client-request-id": request_id} if request_id else {})
    return await installation.http.patch(STATUS, json=body, headers=headers)


async def kept(jobs: Jobs) -> int:
    async def count(tx: Transaction) -> int:
        return int((await tx.raw(select(func.count()).select_from(answered_requests))).scalar_one())

    return await jobs.server.read(count)


async def commands(jobs: Jobs, job: int) -> list[str]:
    return [row["Status"] for row in await jobs.commands(job)]


async def test_a_repeated_kill_is_answered_as_the_first_and_kills_nothing_again(
    installation: Installation, jobs: Jobs
) -> None:
    (job,) = await jobs.add(Status="Running")
    first = await kill(installation, job, "id-1")
    assert first.status_code == 200
    await installation.call("PATCH", "/api/jobs/heartbeat", {job: {"CPUConsumed": 1}})
    again = await kill(installation, job, "id-1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert await commands(jobs, job) == ["Sent"]
    assert [record["Status"] for record in await jobs.log(job)] == ["Running", "Killed"]


async def test_equal_requests_at_the_same_time_on_two_workers_kill_once(
    database_urls: Mapping[str, str], tmp_path: Path
) -> None:
    async with running(tmp_path, database_urls) as one, running(tmp_path, database_urls) as two:
        jobs = Jobs(one.runtime.jobs.server)
        (job,) = await jobs.add(Status="Running")
        for worker in (one, two):
            await worker.headers()
        answers = await asyncio.gather(*(kill(worker, job, "id-2") for worker in (one, two) * 5))
        assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
        assert [record["Status"] for record in await jobs.log(job)] == ["Running", "Killed"]
        assert await kept(jobs) == 1


async def test_a_commit_whose_answer_is_lost_is_told_and_not_done_again(
    installation: Installation, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = await installation.headers() | {"x-ms-client-request-id": "id-lost"}
    lost = False

    async def losing(driver: Any, dialect: str, calls: Any) -> Any:
        nonlocal lost
        results = await run_calls(driver, dialect, calls)
        if not lost and calls[-1] == transaction.COMMIT and any("AnsweredRequests" in text for text, _ in calls):
            lost = True
            raise ConnectionResetError("Connection reset by peer")
        return results

    monkeypatch.setattr(transaction, "run_calls", losing)
    first, again = [
        await installation.http.post("/api/jobs/jdl", json=['Executable = "x";'], headers=headers) for _ in range(2)
    ]
    assert lost
    assert (first.status_code, first.headers["Retry-After"]) == (503, "10")
    assert "may be made or not" in first.json()["detail"]
    assert again.status_code == 201
    submitted = await installation.call("POST", "/api/jobs/search", {"parameters": ["JobID"]})
    assert [job["JobID"] for job in submitted.json()] == [job["JobID"] for job in again.json()]


async def test_the_same_id_with_anything_else_is_another_request(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running")
    assert (await kill(installation, job, "id-3")).status_code == 200
    assert (await kill(installation, job, "id-3", minor="another body")).status_code == 200
    assert (await kill(installation, job, "id-3", user="admin", group="gridlab_admin")).status_code == 200
    assert (await kill(installation, job, "id-4")).status_code == 200
    assert await kept(jobs) == 4
    assert (await kill(installation, job, "id-3", user="bob", group="gridlab_user")).status_code == 403


async def test_an_answer_that_says_that_nothing_was_found_is_repeated_too(
    installation: Installation, jobs: Jobs
) -> None:
    admin = {"user": "admin", "group": "gridlab_admin"}
    first = await kill(installation, 999_999_999, "id-5", **admin)
    again = await kill(installation, 999_999_999, "id-5", **admin)
    assert first.status_code == 404
    assert first.json() == {"detail": {"success": {}, "failed": {"999999999": {"detail": "Not found"}}}}
    assert (again.status_code, again.content) == (404, first.content)


async def test_a_refused_request_is_judged_again(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running", Owner="bob")
    for _ in range(2):
        assert (await kill(installation, job, "id-6")).status_code == 403
    assert await kept(jobs) == 0


async def test_requests_that_stop_no_job_or_have_no_id_leave_nothing(installation: Installation, jobs: Jobs) -> None:
    (job,) = await jobs.add(Status="Running")
    headers = await installation.headers() | {"x-ms-client-request-id": "id-7"}
    body = {job: {datetime.now(UTC).isoformat(): {"MinorStatus": "working"}}}
    assert (await installation.http.patch(STATUS, json=body, headers=headers)).status_code == 200
    assert (await kill(installation, job, None)).status_code == 200
    assert await kept(jobs) == 0


async def test_answers_are_forgotten_after_a_day(installation: Installation, jobs: Jobs) -> None:
    old, new = await jobs.add(2, Status="Running")
    await kill(installation, old, "id-8")
    long_ago = (datetime.now(UTC) - timedelta(days=2)).replace(tzinfo=None)
    await jobs.server.write(lambda tx: tx.raw(update(answered_requests).values(CreationTime=long_ago)))
    await kill(installation, new, "id-9")
    await forget_old_answers(installation.runtime.jobs)
    assert await kept(jobs) == 1


@pytest.mark.parametrize("request_id", ['" OR 1=1 --', "x" * 5000])
async def test_any_id_will_do(installation: Installation, jobs: Jobs, request_id: str) -> None:
    (job,) = await jobs.add(Status="Running")
    first = await kill(installation, job, request_id)
    assert (await kill(installation, job, request_id)).content == first.content
    assert first.status_code == 200
