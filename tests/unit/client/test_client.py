"""Requests, retries and errors of both faces."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from diracx_bridge.client import AsyncDiracxClient, FixedToken, RetryPolicy, SyncDiracxClient
from diracx_bridge.client.encoding import plain
from diracx_bridge.client.generated.models import JobStatusUpdate, SetJobStatusReturn
from diracx_bridge.client.retries import ASKED, BRIDGE
from diracx_bridge.core.errors import ServerRefused, Unavailable
from tests.unit.client.tokens import URL

QUICK = RetryPolicy(tries=3, first_wait=0.001, longest_wait=0.01)
GROUPS = ("auth", "bridge", "config", "jobs", "well_known")


class Server:
    """Gives the prepared answers in turn, the last one again and again."""

    def __init__(self, *answers: httpx.Response | type[httpx.TransportError]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.whose = httpx.Response(200, json={})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == ASKED:
            return self.whose
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        raise answer("gone", request=request)


def client(*answers: httpx.Response | type[httpx.TransportError]) -> tuple[SyncDiracxClient, Server]:
    server = Server(*answers)
    made = SyncDiracxClient(URL, tokens=FixedToken("t"), retries=QUICK, transport=httpx.MockTransport(server))
    return made, server


def test_time_stamps_travel_as_utc_with_a_blank_and_ids_as_text() -> None:
    made, server = client(httpx.Response(200, json={"success": {}, "failed": {}}))
    when = datetime(2026, 1, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    made.jobs.set_job_statuses({1: {when: JobStatusUpdate(status="Done", minor_status="m")}}, force=True)
    request = server.requests[0]
    assert request.method == "PATCH"
    assert str(request.url) == f"{URL}/api/jobs/status?force=true"
    assert request.content == (
        b'{"1":{"2026-01-01 10:00:00.000005+00:00":{"MinorStatus":"m","Source":"Unknown","Status":"Done"}}}'
    )
    assert request.headers["Authorization"] == "Bearer t"


def test_naive_time_stamps_are_utc() -> None:
    assert plain({datetime(2026, 1, 1): [datetime(2026, 1, 2, tzinfo=UTC)]}) == {
        "2026-01-01 00:00:00+00:00": ["2026-01-02 00:00:00+00:00"]
    }


def test_answer_is_typed_and_keeps_members_that_a_newer_server_adds() -> None:
    body = {
        "success": {"1": {"Status": "Scouting", "MinorStatus": None}},
        "failed": {"2": {"detail": "no", "code": "transition_refused"}},
    }
    made, _ = client(httpx.Response(200, json=body))
    answer = made.jobs.set_job_statuses({})
    assert isinstance(answer, SetJobStatusReturn)
    assert str(answer.success["1"].status) == "Scouting"
    assert answer.failed["2"]["code"] == "transition_refused"


def test_search_gives_rows_of_a_part_as_of_the_whole() -> None:
    made, _ = client(httpx.Response(206, json=[{"JobID": 1}]))
    assert made.jobs.search({"parameters": ["JobID"]}) == [{"JobID": 1}]


def test_patch_metadata_gives_nothing_when_the_answer_is_empty() -> None:
    made, _ = client(httpx.Response(204))
    assert made.jobs.patch_metadata({1: {"Site": "A"}}) is None


def test_refusal_carries_status_detail_and_request_id() -> None:
    made, server = client(httpx.Response(403, json={"detail": "Not yours"}))
    with pytest.raises(ServerRefused) as caught:
        made.jobs.search()
    assert (caught.value.status, caught.value.detail) == (403, "Not yours")
    assert caught.value.request_id == server.requests[0].headers["x-ms-client-request-id"]


def test_refusal_carries_the_servers_own_request_id_when_it_names_one() -> None:
    made, _ = client(httpx.Response(500, text="Internal Server Error", headers={"x-request-id": "r-1"}))
    with pytest.raises(ServerRefused, match=r"500: Internal Server Error \(request r-1\)"):
        made.jobs.search()


def test_same_request_id_is_sent_on_each_try() -> None:
    made, server = client(httpx.ReadError, httpx.Response(503), httpx.Response(204))
    made.jobs.patch_metadata({1: {"A": "b"}})
    ids = [request.headers["x-ms-client-request-id"] for request in server.requests]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    made.jobs.patch_metadata({1: {"A": "b"}})
    assert server.requests[-1].headers["x-ms-client-request-id"] != ids[0]


def test_no_answer_is_unavailable_after_all_tries() -> None:
    made, server = client(httpx.ConnectError)
    with pytest.raises(Unavailable, match=r"No answer from https://diracx\.example\.org/api/auth/userinfo"):
        made.auth.userinfo()
    assert len(server.requests) == 3


def test_not_now_is_unavailable_with_the_wait_that_the_server_asks_for() -> None:
    made, server = client(httpx.Response(503, json={"detail": "starting"}, headers={"Retry-After": "7"}))
    with pytest.raises(Unavailable, match="starting") as caught:
        made.config.serve_config()
    assert caught.value.retry_after == 7
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("method", "path", "outcome", "tries"),
    [
        ("POST", "/api/jobs/jdl", httpx.ReadTimeout, 1),
        ("POST", "/api/jobs/jdl", httpx.ConnectError, 3),
        ("POST", "/api/jobs/jdl", httpx.Response(503), 3),
        ("POST", "/api/jobs/jdl", httpx.Response(504), 1),
        ("POST", "/api/jobs/search", httpx.RemoteProtocolError, 3),
        ("PATCH", "/api/jobs/status", httpx.Response(504), 3),
        ("GET", "/api/config/", httpx.Response(500), 1),
    ],
)
def test_request_is_repeated_only_where_that_does_no_harm(
    method: str, path: str, outcome: httpx.Response | type[httpx.TransportError], tries: int
) -> None:
    made, server = client(outcome)
    with pytest.raises((ServerRefused, Unavailable)):
        made.request(method, path)
    assert len(server.requests) == tries


@pytest.mark.parametrize(
    ("path", "header", "tries"),
    [
        ("/api/jobs/jdl", {"x-diracx-bridge": "1.0"}, 2),
        ("/api/jobs/jdl", {}, 1),
        ("/api/auth/token", {"x-diracx-bridge": "1.0"}, 1),
    ],
)
def test_a_post_is_repeated_at_servers_that_have_shown_that_they_do_it_once(
    path: str, header: dict[str, str], tries: int
) -> None:
    seen = httpx.Response(200, json=[], headers=header)
    made, server = client(seen, httpx.ReadTimeout, seen)
    made.jobs.search()
    first = len(server.requests)
    with contextlib.suppress(Unavailable):
        made.request("POST", path)
    assert len(server.requests) - first == tries


@pytest.mark.parametrize(("headers", "tries"), [({BRIDGE: "1.0"}, 2), ({}, 1)])
def test_a_server_is_asked_whose_it_is_when_the_answer_to_its_first_post_is_lost(
    headers: dict[str, str], tries: int
) -> None:
    made, server = client(httpx.ReadTimeout, httpx.Response(200, json=[]))
    server.whose = httpx.Response(200, json={}, headers=headers)
    with contextlib.suppress(Unavailable):
        made.request("POST", "/api/jobs/jdl")
    assert len(server.requests) == tries
    assert len({request.headers["x-ms-client-request-id"] for request in server.requests}) == 1


async def test_the_async_face_asks_as_well() -> None:
    server = Server(httpx.ReadTimeout, httpx.Response(200, json=[]))
    server.whose = httpx.Response(200, json={}, headers={BRIDGE: "1.0"})
    made = AsyncDiracxClient(URL, tokens=FixedToken("t"), retries=QUICK, transport=httpx.MockTransport(server))
    async with made:
        assert (await made.request("POST", "/api/jobs/jdl")).json() == []
    assert len(server.requests) == 2


def test_redirect_is_not_taken_for_an_answer() -> None:
    made, _ = client(httpx.Response(307, headers={"Location": "https://elsewhere.example.org"}))
    with pytest.raises(ServerRefused):
        made.jobs.search()


@pytest.mark.parametrize("group", GROUPS)
def test_both_faces_have_the_same_operations_with_the_same_arguments(group: str) -> None:
    def operations(face: Any) -> dict[str, list[str]]:
        members = inspect.getmembers(face, inspect.ismethod)
        return {name: list(inspect.signature(f).parameters) for name, f in members if not name.startswith("_")}

    ours: Callable[..., Any] = SyncDiracxClient
    assert operations(getattr(ours(URL, tokens=FixedToken("")), group)) == operations(
        getattr(AsyncDiracxClient(URL, tokens=FixedToken("")), group)
    )


async def test_async_face_retries_and_raises_as_the_sync_one() -> None:
    server = Server(httpx.ReadError, httpx.Response(404, json={"detail": "Not found"}))
    made = AsyncDiracxClient(URL, tokens=FixedToken("t"), retries=QUICK, transport=httpx.MockTransport(server))
    async with made:
        with pytest.raises(ServerRefused, match="404: Not found"):
            await made.jobs.add_heartbeat({1: {}})
    assert len(server.requests) == 2
    assert server.requests[0].headers["x-ms-client-request-id"] == server.requests[1].headers["x-ms-client-request-id"]
