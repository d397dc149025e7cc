"""The high-level operations against a server that answers what a test prepares; both faces."""

from __future__ import annotations

import asyncio
import hashlib
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from diracx_bridge.client import AsyncDiracxClient, AsyncJobs, FixedToken, Jobs, Sandboxes, SyncDiracxClient
from diracx_bridge.client.api import jobs as operations
from diracx_bridge.client.api.packing import pack, unpack
from diracx_bridge.client.retries import RetryPolicy
from diracx_bridge.core.errors import (
    BadRequest,
    BridgeError,
    InvalidInput,
    LoginNeeded,
    NoRoute,
    NotAllowed,
    NothingThere,
    ServerDefect,
    Unavailable,
)
from tests.unit.legacy_adapters.fake_server import URL, FakeServer


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


Face = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, server: FakeServer) -> Face:
    """Calls an operation on jobs by its name, through one of the faces."""

    async def asynchronous(name: str, *args: Any, **kwargs: Any) -> Any:
        options: dict[str, Any] = {"tokens": FixedToken("t"), "retries": RetryPolicy(tries=1)}
        async with AsyncDiracxClient(URL, transport=httpx.MockTransport(server), **options) as client:
            found = getattr(AsyncJobs(client), name)(*args, **kwargs)
            return [row async for row in found] if name == "search" else await found

    def synchronous(name: str, *args: Any, **kwargs: Any) -> Any:
        with server.client() as client:
            found = getattr(Jobs(client), name)(*args, **kwargs)
            return list(found) if name == "search" else found

    if request.param == "sync":
        return synchronous
    return lambda name, *args, **kwargs: asyncio.run(asynchronous(name, *args, **kwargs))


def page(rows: list[dict[str, Any]], text: str = "") -> httpx.Response:
    return httpx.Response(206 if text else 200, json=rows, headers={"Content-Range": text} if text else {})


def test_both_faces_have_the_same_operations() -> None:
    def names(face: type) -> set[str]:
        return {name for name in dir(face) if not name.startswith("_")}

    assert names(Jobs) == names(AsyncJobs)


def test_search_goes_through_all_pages(server: FakeServer, call: Face) -> None:
    pages = [page([{"JobID": 1}, {"JobID": 2}], "jobs 0-1/3"), page([{"JobID": 3}], "jobs 2-2/3")]
    server.answers["POST /api/jobs/search"] = lambda request: pages.pop(0)
    assert [row["JobID"] for row in call("search", size=2)] == [1, 2, 3]
    assert pages == []


def test_search_ends_when_jobs_vanish_between_pages(server: FakeServer, call: Face) -> None:
    pages = [page([{"JobID": 1}], "jobs 0-0/2"), page([], "jobs */1")]
    server.answers["POST /api/jobs/search"] = lambda request: pages.pop(0)
    assert len(call("search", size=1)) == 1


def test_a_parametric_submission_is_confirmed(server: FakeServer, call: Face) -> None:
    made = [{"JobID": 5, "Status": "Submitting", "MinorStatus": "Bulk transaction confirmation"}]
    server.answer("POST /api/jobs/jdl", httpx.Response(201, json=made))
    server.answer("POST /api/jobs/confirm", httpx.Response(200, json={"success": {"5": {}}, "failed": {}}))
    assert call("submit", "Parameters = 1;")[0]["Status"] == "Received"
    assert server.calls[-1] == ("POST /api/jobs/confirm", {"job_ids": [5]})


@pytest.mark.parametrize(("name", "status"), [("kill", "Killed"), ("delete", "Deleted")])
def test_servers_without_the_route_get_a_change_of_status(
    name: str, status: str, server: FakeServer, call: Face
) -> None:
    server.statuses({"5": {"Status": status}}, {"6": {"detail": "Not found"}})
    outcome = call(name, [5, 6])
    assert (list(outcome.success), outcome.failed) == ([5], {6: "Not found"})
    path, body = server.calls[-1]
    assert path == "PATCH /api/jobs/status"
    assert [next(iter(updates.values()))["Status"] for updates in body.values()] == [status, status]


def test_a_bulk_in_which_nothing_succeeded_is_an_outcome(server: FakeServer, call: Face) -> None:
    detail = {"success": {}, "failed": {"7": {"detail": "Not found"}}}
    server.answer("POST /api/jobs/reschedule", httpx.Response(400, json={"detail": detail}))
    assert call("reschedule", 7).failed == {7: "Not found"}


def test_many_ids_are_asked_for_in_chunks(server: FakeServer, call: Face) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        ids = json.loads(request.content)["search"][0]["values"]
        return page([{"JobID": job, "Status": "Done"} for job in ids])

    server.answers["POST /api/jobs/search"] = answer
    assert len(call("status", range(1, 2501))) == 2500
    assert len(server.calls) == 3


def test_wait_ends_when_all_jobs_have(server: FakeServer, call: Face) -> None:
    states = iter(["Running", "Done"])
    server.answers["POST /api/jobs/search"] = lambda request: page([{"JobID": 1, "Status": next(states)}])
    seen: list[str] = []
    found = call("wait", [1], poll=0, progress=lambda now: seen.append(now[1]["Status"]))
    assert (found[1]["Status"], seen) == ("Done", ["Running", "Done"])


def test_wait_outlasts_a_server_that_is_away_for_a_while(
    server: FakeServer, call: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = httpx.Response(503, headers={"Retry-After": "0"}, json={"detail": "restart"})
    running, done = ([{"JobID": 1, "Status": state}] for state in ("Running", "Done"))
    server.answer("POST /api/jobs/search", page(running), away, away, page(done))
    assert call("wait", 1, poll=0.01)[1]["Status"] == "Done"
    monkeypatch.setattr(operations, "OUTAGE", 0.015)
    server.answer("POST /api/jobs/search", page(running), away)
    with pytest.raises(Unavailable, match="restart"):
        call("wait", 1, poll=0.01)


def test_wait_does_not_begin_at_a_server_that_is_away(server: FakeServer, call: Face) -> None:
    server.answer("POST /api/jobs/search", httpx.Response(503, json={"detail": "down"}))
    with pytest.raises(Unavailable, match="down"):
        call("wait", 1, poll=0.01)
    assert len(server.calls) == 1


def test_wait_gives_up_in_time_and_says_which_jobs_lag(server: FakeServer, call: Face) -> None:
    server.answer("POST /api/jobs/search", page([{"JobID": 1, "Status": "Running"}]))
    with pytest.raises(Unavailable, match=r"1 of 1 jobs .* Killed: 1"):
        call("wait", [1], timeout=0, poll=1)


def test_wait_for_an_unknown_job_is_an_error(server: FakeServer, call: Face) -> None:
    server.answer("POST /api/jobs/search", page([]))
    with pytest.raises(InvalidInput, match="No such job: 9"):
        call("wait", [9])


@pytest.mark.parametrize(("name", "what"), [("parameters", "read job parameters"), ("jdl", "read JDLs")])
def test_an_operation_that_the_server_lacks_is_named(name: str, what: str, call: Face) -> None:
    with pytest.raises(NoRoute, match=what) as caught:
        call(name, 5)
    assert "diracx-bridge server" in caught.value.hint


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, LoginNeeded),
        (403, NotAllowed),
        (404, NothingThere),
        (422, BadRequest),
        (500, ServerDefect),
        (503, Unavailable),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[BridgeError], server: FakeServer, call: Face) -> None:
    server.answer("POST /api/jobs/summary", httpx.Response(status, json={"detail": "because"}))
    with pytest.raises(kind, match="because"):
        call("summary", ["Status"])


def test_a_packed_sandbox_unpacks_to_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.txt").write_text("a" * 100_000)
    (tmp_path / "b.sh").write_text("#!/bin/sh\n")
    (tmp_path / "b.sh").chmod(0o755)
    archive = tmp_path / "sandbox.tar.zst"
    packed = pack([tmp_path / "in", tmp_path / "b.sh"], archive)
    assert packed.size == archive.stat().st_size < 10_000
    paths = unpack(archive, tmp_path / "out", packed.checksum)
    assert {path.relative_to(tmp_path / "out").as_posix() for path in paths} == {"in/deep/a.txt", "b.sh"}
    assert (tmp_path / "out" / "in" / "deep" / "a.txt").read_text() == "a" * 100_000
    assert (tmp_path / "out" / "b.sh").stat().st_mode & 0o100


def test_a_damaged_sandbox_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    packed = pack([tmp_path / "a"], tmp_path / "s.tar.zst")
    with pytest.raises(InvalidInput, match="damaged"):
        unpack(tmp_path / "s.tar.zst", tmp_path / "out", packed.checksum[::-1])
    assert not (tmp_path / "out").exists()


def test_members_that_would_leave_the_folder_are_refused(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    with tarfile.open(archive, "w") as tar:
        tar.addfile(tarfile.TarInfo("../evil"))
    with pytest.raises(InvalidInput, match="can't be unpacked"):
        unpack(archive, tmp_path / "out", hashlib.sha256(archive.read_bytes()).hexdigest())
    assert not (tmp_path / "evil").exists()


def test_paths_that_are_not_there_or_alike_are_named(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a").touch()
    (tmp_path / "a").touch()
    with pytest.raises(InvalidInput, match="one name in the sandbox: a"):
        pack([tmp_path / "a", tmp_path / "x" / "a"], tmp_path / "s")
    with pytest.raises(InvalidInput, match=r"nowhere can't be packed: No such file"):
        pack([tmp_path / "nowhere"], tmp_path / "s")


def test_a_machine_without_room_for_temporary_files_is_told_so(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/proc")  # nobody makes folders there, not even root
    (tmp_path / "file").write_text("content")
    with pytest.raises(InvalidInput, match=r"can't be read or written: .*TMPDIR names another one"):
        Sandboxes(server.client()).upload(tmp_path / "file")


def test_a_disk_that_is_full_while_a_sandbox_comes_is_told(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("diracx_bridge.client.api.runner.fetch", full)
    server.answer("GET /api/jobs/sandbox", httpx.Response(200, json={"url": "http://x", "expires_in": 1}))
    pfn = f"SB:SandboxSE|/S3/sandboxes/vo/group/user/sha256:{'0' * 64}.tar.zst"
    with pytest.raises(InvalidInput, match="No space left on device"):
        Sandboxes(server.client()).download(pfn, tmp_path / "out")


def test_a_pfn_that_is_none_is_named(server: FakeServer) -> None:
    with server.client() as client, pytest.raises(InvalidInput, match="SB:x is no PFN"):
        Sandboxes(client).download("SB:x")


def test_operations_need_no_client_in_hand(monkeypatch: pytest.MonkeyPatch, server: FakeServer) -> None:
    server.answer("POST /api/jobs/summary", httpx.Response(200, json=[]))
    monkeypatch.setattr("diracx_bridge.client.sync.SyncDiracxClient", lambda: server.client())
    assert Jobs().summary(["Status"]) == []
    assert isinstance(server.client(), SyncDiracxClient)
    assert {"Done", "Failed"} <= operations.FINAL
