"""A sandbox store that is down, full or not set up degrades its own routes, and nothing else."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.core.settings import SandboxStoreSettings
from diracx_bridge.db.sandbox_store import s3 as s3_store
from tests.installation import Installation, running
from tests.integration.services.sandbox_stores import Archive, file_settings, s3_settings, send, upload
from tests.jobs import Jobs
from tests.servers.s3 import S3, OwnS3


async def announce(installation: Installation, archive: Archive) -> int:
    answer = await installation.call("POST", "/api/jobs/sandbox", archive.info())
    assert answer.status_code in (200, 503), answer.text
    if answer.status_code == 503:
        assert int(answer.headers["Retry-After"]) > 0
        assert "sandbox store" in answer.json()["detail"]
    return answer.status_code


async def test_without_s3_everything_else_works_and_it_comes_back(
    own_s3: OwnS3, sqlite_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_store, "GOOD_SECONDS", 0.0)
    monkeypatch.setattr(s3_store, "BAD_SECONDS", 0.0)
    own_s3.stop()
    async with running(tmp_path, sqlite_urls, **s3_settings(own_s3.s3)) as installation:
        jobs = Jobs(installation.runtime.jobs.server)
        (job,) = await jobs.add(Status="Running")
        assert await announce(installation, Archive.new()) == 503
        own_s3.start()
        archive = Archive.new()
        pfn = await upload(installation, archive)
        own_s3.stop()
        assert await announce(installation, archive) == 503
        assert await announce(installation, Archive.new()) == 503
        assert (await installation.call("GET", "/api/jobs/sandbox", params={"pfn": pfn})).status_code == 503
        assert (await installation.call("PATCH", f"/api/jobs/{job}/sandbox/output", pfn)).status_code == 200
        assert (await installation.call("GET", f"/api/jobs/{job}/sandbox")).json()["Output"] != []
        assert (await installation.call("DELETE", f"/api/jobs/{job}/sandbox")).status_code == 200
        change = {job: {"2040-01-01T00:00:00Z": {"Status": "Completing"}}}
        assert (await installation.call("PATCH", "/api/jobs/status", change)).status_code == 200
        assert (await installation.http.get("/api/health/ready")).status_code == 200
        own_s3.start()
        assert await announce(installation, archive) == 200


async def test_a_failure_is_believed_for_a_while(
    own_s3: OwnS3, sqlite_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_store, "BAD_SECONDS", 3600.0)
    own_s3.stop()
    async with running(tmp_path, sqlite_urls, **s3_settings(own_s3.s3)) as installation:
        own_s3.start()
        assert await announce(installation, Archive.new()) == 503


async def test_wrong_keys_and_missing_buckets_are_an_outage_that_tells_no_secret(
    s3: S3, sqlite_urls: Mapping[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = SandboxStoreSettings(
        bucket_name="sandboxes", s3_client_kwargs={**s3.client_kwargs, "aws_secret_access_key": "a wrong secret"}
    )
    missing = SandboxStoreSettings(bucket_name="no-such-bucket", s3_client_kwargs=s3.client_kwargs)
    for number, store in enumerate((wrong, missing)):
        folder = tmp_path / str(number)
        folder.mkdir()
        more = {"bridge_sandbox_directory": None, "sandbox_store": store}
        async with running(folder, sqlite_urls, **more) as installation:
            assert await announce(installation, Archive.new()) == 503
    shown = "".join(capfd.readouterr())
    assert "no-such-bucket" in shown
    assert "a wrong secret" not in shown
    assert s3.secret_key not in shown + repr(missing)


async def test_without_a_store_the_answer_says_what_to_set(mariadb_urls: Mapping[str, str], tmp_path: Path) -> None:
    async with running(tmp_path, mariadb_urls, bridge_sandbox_directory=None) as installation:
        answer = await installation.call("POST", "/api/jobs/sandbox", Archive.new().info())
        assert answer.status_code == 503
        assert "DIRACX_SANDBOX_STORE_BUCKET_NAME" in answer.json()["detail"]


async def test_without_the_database_the_answer_says_what_to_set(
    mariadb_urls: Mapping[str, str], tmp_path: Path
) -> None:
    urls = {name: url for name, url in mariadb_urls.items() if name != "SandboxMetadataDB"}
    async with running(tmp_path, urls) as installation:
        for method, path, body in (
            ("POST", "/api/jobs/sandbox", Archive.new().info()),
            ("GET", "/api/jobs/1/sandbox", None),
            ("POST", "/api/jobs/sandbox/unassign", {"job_ids": [1]}),
        ):
            answer = await installation.call(method, path, body)
            assert answer.status_code == 503
            assert "DIRACX_DB_URL_SANDBOXMETADATADB" in answer.json()["detail"]


async def test_a_full_disk_is_an_outage_and_leaves_nothing(
    sqlite_urls: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int, _data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with running(tmp_path, sqlite_urls, **file_settings(tmp_path)) as installation:
        archive = Archive.new()
        announced = (await installation.call("POST", "/api/jobs/sandbox", archive.info())).json()
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            refused = await send(installation, announced, archive.content)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
        assert not list((tmp_path / "sandboxes").rglob("*.part"))
        assert (await send(installation, announced, archive.content)).status_code == 204


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"sandbox_store": {"s3_client_kwargs": {}, "bucket_name": "b-1"}}, "aws_access_key_id"),
        (
            {
                "sandbox_store": {
                    "s3_client_kwargs": {"aws_access_key_id": "a", "aws_secret_access_key": "b", "config": 1},
                    "bucket_name": "b-1",
                }
            },
            "has config",
        ),
        ({"sandbox_store": {"s3_client_kwargs": {"aws_access_key_id": "a"}}}, "DIRACX_SANDBOX_STORE_BUCKET_NAME"),
        (
            {"sandbox_store": {"s3_client_kwargs": {}}, "bridge_sandbox_directory": Path("/tmp/x")},
            "DIRACX_BRIDGE_SANDBOX_DIRECTORY",
        ),
        ({"bridge_sandbox_directory": Path("/proc/nothing")}, "/proc/nothing"),
    ],
)
async def test_half_a_set_up_stops_the_start(
    sqlite_urls: Mapping[str, str], tmp_path: Path, settings: dict[str, object], named: str
) -> None:
    chosen = {"bridge_sandbox_directory": None, **settings}
    if "sandbox_store" in chosen:
        chosen["sandbox_store"] = SandboxStoreSettings.model_validate(chosen["sandbox_store"])
    with pytest.raises(SettingsError, match=named):
        async with running(tmp_path, sqlite_urls, **chosen):
            pass
