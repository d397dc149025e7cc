"""/api/bridge/ledger: what doors counted, and who may see it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.installation import LEGACY_AUTHORIZATION, Installation

URL = "/api/bridge/ledger"
SERVICE = "WorkloadManagement/JobStateUpdate"
ADMIN = {"user": "admin", "group": "gridlab_admin"}


def line(count: int = 1, **changed: Any) -> dict[str, Any]:
    made = {
        "service": SERVICE, "method": "setJobStatus", "vo": "gridlab", "group": "gridlab_user", "user": "alice",
        "stage": "live", "side": "diracx", "outcome": "ok", "reason": "", "comparison": "",
        "count": count, "seconds": 0.5 * count, "longest": 0.5, "classes": [0] * 5 + [count] + [0] * 5,
    }  # fmt: skip
    return {**made, **changed}


def found(fingerprint: str = "a" * 64, **changed: Any) -> dict[str, Any]:
    made = {
        "fingerprint": fingerprint, "service": SERVICE, "method": "setJobStatus", "vo": "gridlab",
        "what": "Jobs.MinorStatus", "legacy": "a", "diracx": "b", "call": {"arguments": [1]}, "count": 2,
    }  # fmt: skip
    return {**made, **changed}


async def send(installation: Installation, **batch: Any) -> httpx.Response:
    """A batch of a DIRAC service."""
    return await installation.http.post(URL, json=batch, headers={"Authorization": LEGACY_AUTHORIZATION})


async def calls(installation: Installation, query: str = "", **who: str) -> list[dict[str, Any]]:
    answer = await installation.call("GET", f"{URL}/calls{query}", **{**ADMIN, **who})
    assert answer.status_code == 200, answer.text
    made: list[dict[str, Any]] = answer.json()
    return made


async def test_batches_of_services_add_up(installation: Installation) -> None:
    for _ in range(3):
        assert (
            await send(installation, calls=[line(2), line(5, user="bob"), line(1, side="legacy")])
        ).status_code == 204
    diracx, legacy = await calls(installation)
    assert (diracx["count"], diracx["users"], diracx["seconds"], diracx["longest"]) == (21, 2, 10.5, 0.5)
    assert diracx["classes"][5] == 21
    assert (legacy["side"], legacy["count"]) == ("legacy", 3)


async def test_metrics_count_what_services_tell_and_not_what_users_do(installation: Installation) -> None:
    await send(installation, calls=[line(2), line(3)], mismatches=[found()], dropped=4)
    await installation.call("POST", URL, {"calls": [line(7, method="made up")], "dropped": 50})
    metrics = (await installation.http.get("/metrics")).text
    labels = f'comparison="",method="setJobStatus",outcome="ok",service="{SERVICE}",side="diracx",stage="live"'
    assert f'diracx_bridge_routed_calls_total{{{labels},vo="gridlab"}} 5.0' in metrics
    assert f'diracx_bridge_mismatches_total{{method="setJobStatus",service="{SERVICE}",vo="gridlab"}} 2.0' in metrics
    assert "diracx_bridge_ledger_dropped_total 4.0" in metrics
    assert "made up" not in metrics


async def test_user_speaks_for_himself_only(installation: Installation) -> None:
    batch = {"calls": [line(3, user="root", vo="biolab", group="biolab_admin"), line(4, user="bob")]}
    assert (await installation.call("POST", URL, batch)).status_code == 204
    (summed,) = await calls(installation)
    assert (summed["vo"], summed["count"], summed["users"]) == ("gridlab", 7, 1)


async def test_mismatches_are_counted_by_kind_and_keep_their_first_example(installation: Installation) -> None:
    await send(installation, mismatches=[found(), found("b" * 64, count=1)])
    await send(installation, mismatches=[found(call={"arguments": [2]})])
    first, second = (await installation.call("GET", f"{URL}/mismatches", **ADMIN)).json()
    assert (first["count"], first["call"], first["legacy"]) == (4, {"arguments": [1]}, "a")
    assert second["count"] == 1
    assert (await installation.call("DELETE", f"{URL}/mismatches/{'a' * 12}", **ADMIN)).status_code == 204
    (left,) = (await installation.call("GET", f"{URL}/mismatches", **ADMIN)).json()
    assert left["fingerprint"] == "b" * 64


async def test_administrators_see_their_vo_and_users_nothing(installation: Installation) -> None:
    await send(installation, calls=[line(), line(vo="biolab")], mismatches=[found(vo="biolab")])
    assert [one["vo"] for one in await calls(installation)] == ["gridlab"]
    assert (await installation.call("GET", f"{URL}/mismatches", **ADMIN)).json() == []
    assert (await installation.call("GET", f"{URL}/calls?vo=biolab", **ADMIN)).status_code == 403
    assert (await installation.call("GET", f"{URL}/calls")).status_code == 403


@pytest.mark.parametrize(
    "batch",
    [
        {"calls": [line(classes=[1])]},
        {"calls": [line(count=-1)]},
        {"calls": [line(method="m" * 200)]},
        {"mismatches": [found("'; DROP TABLE Mismatches")]},
        {"mismatches": [found() for _ in range(201)]},
    ],
)
async def test_bad_batches_are_refused(installation: Installation, batch: dict[str, Any]) -> None:
    assert (await send(installation, **batch)).status_code == 422


async def test_example_that_is_too_large_is_refused_and_nothing_is_kept(installation: Installation) -> None:
    answer = await send(installation, calls=[line()], mismatches=[found(legacy="x" * 70_000)])
    assert answer.status_code == 400
    assert await calls(installation) == []


@pytest.mark.parametrize("header", [None, "Bearer diracx:legacy:d3Jvbmc=", "Bearer nonsense"])
async def test_batches_of_strangers_are_refused(installation: Installation, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = await installation.http.post(URL, json={"calls": [line()]}, headers=headers)
    assert answer.status_code in (400, 401)
