"""An installed extension replaces each access policy, for every route that asks it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from diracx_bridge.core import extensions
from tests.installation import Installation, running
from tests.jobs import Jobs

PACKAGE = '''
"""Policies of an experiment on holiday: nobody may do anything, and is told so."""
from diracx_bridge.core.errors import PermissionDenied
from diracx_bridge.services.pilot_policy import PilotPolicy
from diracx_bridge.services.policies import JobPolicy
from diracx_bridge.services.rss.policy import ResourceStatusPolicy
from diracx_bridge.services.sandbox_policy import SandboxPolicy


def closed(name):
    def refuse(self, *_, **__):
        raise PermissionDenied(f"{name} is on holiday")
    return refuse


def on_holiday(name, policy):
    """The policy with all its questions answered by a refusal."""
    questions = [key for key in vars(policy) if not key.startswith("_")]
    return type(policy.__name__, (policy,), {key: closed(name) for key in questions})


wms, sandbox = on_holiday("wms", JobPolicy), on_holiday("sandbox", SandboxPolicy)
pilot, rss = on_holiday("pilot", PilotPolicy), on_holiday("rss", ResourceStatusPolicy)
'''
NAMES = ("wms", "sandbox", "pilot", "rss")
REQUESTS: dict[str, list[tuple[str, str, Any]]] = {
    "wms": [
        ("POST", "/api/jobs/jdl", ['Executable = "x";']),
        ("POST", "/api/jobs/search", {}),
        ("POST", "/api/jobs/kill", {"job_ids": [1]}),
        ("PATCH", "/api/jobs/status", {1: {"2040-01-01T00:00:00Z": {"MinorStatus": "m"}}}),
        ("GET", "/api/jobs/1/jdl", None),
        ("POST", "/api/jobs/parameters", {"job_ids": [1]}),
    ],
    "sandbox": [
        ("POST", "/api/jobs/sandbox",
         {"checksum_algorithm": "sha256", "checksum": "0" * 64, "size": 1, "format": "tar.zst"}),
        ("GET", "/api/jobs/1/sandbox", None),
    ],
    "pilot": [
        ("POST", "/api/pilots/", {"pilot_stamp": "p", "vo": "gridlab"}),
        ("POST", "/api/pilots/search", {}),
    ],
    "rss": [("GET", "/api/rss/site", None)],
}  # fmt: skip


@pytest.fixture
async def installation(
    sqlite_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Installation]:
    info = tmp_path / "package" / "holiday-1.0.dist-info"
    info.mkdir(parents=True)
    (info.parent / "holiday_policies.py").write_text(PACKAGE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: holiday\nVersion: 1.0\n")
    points = "\n".join(f"{name} = holiday_policies:{name}" for name in NAMES)
    (info / "entry_points.txt").write_text(f"[diracx_bridge.access_policies]\n{points}\n")
    monkeypatch.syspath_prepend(str(info.parent))
    forget()
    async with running(tmp_path, sqlite_urls) as started:
        yield started
    forget()
    sys.modules.pop("holiday_policies", None)


def forget() -> None:
    importlib.invalidate_caches()
    extensions.load_all.cache_clear()
    extensions._priority.cache_clear()


@pytest.mark.parametrize("name", NAMES)
async def test_the_policy_of_the_extension_decides(installation: Installation, name: str) -> None:
    (job,) = await Jobs(installation.runtime.jobs.server).add(Status="Running")
    assert job == 1
    for method, path, body in REQUESTS[name]:
        answer = await installation.call(method, path, body)
        assert (answer.status_code, answer.json()) == (403, {"detail": f"{name} is on holiday"}), path
