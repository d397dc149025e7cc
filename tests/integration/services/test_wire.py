"""What holds for every route: discovery, configuration, health, headers, problems."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from diracx_bridge.core.errors import SettingsError, Unavailable
from tests.installation import CONFIGURATION, ISSUER, Installation, commit, running
from tests.servers.databases import DIRAC_DATABASES

ALL = (*DIRAC_DATABASES, "AuthDB", "BridgeDB")


async def test_discovery_names_the_endpoints_at_the_host_of_the_caller(installation: Installation) -> None:
    answer = await installation.http.get("/.well-known/openid-configuration", headers={"Host": "other.example.org"})
    found = answer.json()
    assert found["issuer"] == ISSUER
    assert found["token_endpoint"] == "https://other.example.org/api/auth/token"
    assert "vo:gridlab" in found["scopes_supported"]


async def test_discovery_announces_what_is_served(installation: Installation) -> None:
    document = (await installation.http.get("/.well-known/openid-configuration")).json()
    assert document["grant_types_supported"] == [
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
    ]
    kinds = [scope.partition(":")[0] for scope in document["scopes_supported"]]
    assert kinds == sorted(kinds, key=["vo", "group", "property"].index)
    for kind in ("vo", "group", "property"):
        names = [scope for scope in document["scopes_supported"] if scope.startswith(kind)]
        assert names == sorted(set(names))
    for name, url in document.items():
        if name.endswith(("_endpoint", "_uri")):
            # no credentials, no parameters, perhaps the wrong method: but something is there
            assert (await installation.http.get(url)).status_code != 404, name


async def test_discovery_announces_the_properties_that_the_setting_names(
    sqlite_urls: Mapping[str, str], tmp_path: Path
) -> None:
    auth = {"available_properties": ["NormalUser", "GenericPilot"]}
    async with running(tmp_path, sqlite_urls, auth=auth) as chosen:
        scopes = (await chosen.http.get("/.well-known/openid-configuration")).json()["scopes_supported"]
    assert [scope for scope in scopes if scope.startswith("property")] == [
        "property:GenericPilot",
        "property:NormalUser",
    ]


async def test_public_keys_hold_no_private_part(installation: Installation) -> None:
    (key,) = (await installation.http.get("/.well-known/jwks.json")).json()["keys"]
    assert key["key_ops"] == ["verify"]
    assert "d" not in key


async def test_metadata_lists_vos_groups_and_support(installation: Installation) -> None:
    found = (await installation.http.get("/.well-known/dirac-metadata")).json()["virtual_organizations"]["gridlab"]
    assert found["default_group"] == "gridlab_user"
    assert found["groups"]["gridlab_pilot"] == {"properties": ["GenericPilot", "LimitedDelegation"]}
    assert found["support"] == {"message": "Write to us", "webpage": None, "email": "help@gridlab.example.org"}


async def test_the_security_contact_is_text_and_json_for_clients_that_want_only_json(
    installation: Installation,
) -> None:
    text = await installation.http.get("/.well-known/security.txt")
    assert text.headers["Content-Type"].startswith("text/plain")
    assert text.text.startswith("Contact: mailto:help@gridlab.example.org\nExpires: ")
    as_json = await installation.http.get("/.well-known/security.txt", headers={"Accept": "application/json"})
    assert as_json.json() == text.text


async def test_the_configuration_is_served_plain_and_compressed_and_not_twice(installation: Installation) -> None:
    headers = await installation.headers("admin", "gridlab_admin")
    plain = await installation.http.get("/api/config/", headers={**headers, "Accept-Encoding": "identity"})
    packed = await installation.http.get("/api/config/", headers={**headers, "Accept-Encoding": "gzip"})
    assert plain.json() == packed.json()
    assert plain.json()["Registry"]["gridlab"]["Users"]["sub-alice"]["PreferedUsername"] == "alice"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(installation.runtime.source.current.body_gzip) == plain.content
    for tag in (plain.headers["ETag"], packed.headers["ETag"], plain.headers["ETag"].strip('"')):
        again = await installation.http.get("/api/config/", headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    unchanged = {**headers, "If-Modified-Since": plain.headers["Last-Modified"]}
    assert (await installation.http.get("/api/config/", headers=unchanged)).status_code == 304


async def test_members_get_no_personal_data_and_little_of_other_vos(tmp_path: Path, sqlite_urls: Any) -> None:
    content = CONFIGURATION.read_text().replace(
        "{PreferedUsername: alice}", "{PreferedUsername: alice, Email: a@example.org, DNs: [/O=x/CN=alice]}"
    )
    commit(tmp_path / "config.git", f"{content}Systems: {{Secret: of somebody}}\n".encode())
    async with running(tmp_path, sqlite_urls) as installation:
        headers = await installation.headers()
        answer = await installation.http.get("/api/config/", headers=headers)
        whole = installation.runtime.source.current
        tag = whole.etag
        assert answer.headers["ETag"] not in (tag, whole.etag_gzip)
        assert "Authorization" in answer.headers["Vary"]
        seen, all_of_it = answer.json(), orjson.loads(whole.body)
        for secret in ("a@example.org", "CN=alice", "of somebody", "carol"):
            assert secret in whole.body.decode()
            assert secret not in answer.text
        own = seen["Registry"]["gridlab"]
        assert own["Users"].keys() == all_of_it["Registry"]["gridlab"]["Users"].keys()
        assert all(not user["DNs"] and user["Email"] is None for user in own["Users"].values())
        assert own["Groups"] == all_of_it["Registry"]["gridlab"]["Groups"]
        others = {vo: of for vo, of in seen["Registry"].items() if vo != "gridlab"}
        assert others
        for vo, of in others.items():
            assert of["Users"] == {}
            assert all(group["Users"] == [] for group in of["Groups"].values())
            assert of["Groups"].keys() == all_of_it["Registry"][vo]["Groups"].keys()
        assert seen["Systems"] is None
        assert seen["Operations"]["gridlab"] == all_of_it["Operations"]["gridlab"]
        # who was an administrator may still hold the whole one: that is no reason for 304
        of_administrator = await installation.http.get("/api/config/", headers={**headers, "If-None-Match": tag})
        assert of_administrator.status_code == 200
        same = await installation.http.get("/api/config/", headers={**headers, "If-None-Match": answer.headers["ETag"]})
        assert same.status_code == 304


async def test_a_setting_gives_the_whole_configuration_to_everybody(tmp_path: Path, sqlite_urls: Any) -> None:
    async with running(tmp_path, sqlite_urls, bridge_config_for_everybody=True) as installation:
        answer = await installation.http.get("/api/config/", headers=await installation.headers())
        assert answer.content == installation.runtime.source.current.body


async def test_the_configuration_needs_a_token(installation: Installation) -> None:
    assert (await installation.http.get("/api/config/")).status_code == 401
    assert (await installation.http.get("/api/config")).status_code == 307


async def test_a_bad_commit_is_told_by_health_and_metrics_and_a_good_one_is_served(
    installation: Installation,
) -> None:
    source = installation.runtime.source
    good = source.current.revision
    bad = commit(installation.folder / "config.git", b"DIRAC: {}\nRegistry: nonsense\n")
    await source.refresh()
    ready = await installation.http.get("/api/health/ready")
    assert ready.status_code == 200
    assert ready.json()["config"]["rejected_revision"] == bad
    assert source.current.revision == good
    assert "diracx_bridge_config_healthy 0.0" in (await installation.http.get("/metrics")).text
    better = commit(installation.folder / "config.git", CONFIGURATION.read_bytes().replace(b"Write to us", b"Call us"))
    await source.refresh()
    assert (await installation.http.get("/api/health/ready")).json() == {"status": "ready"}
    assert source.current.revision == better
    metadata = (await installation.http.get("/.well-known/dirac-metadata")).json()
    assert metadata["virtual_organizations"]["gridlab"]["support"]["message"] == "Call us"


async def test_probes_answer(installation: Installation) -> None:
    for name, told in (("live", "live"), ("ready", "ready"), ("startup", "startup complete")):
        answer = await installation.http.get(f"/api/health/{name}")
        assert (answer.status_code, answer.json()) == (200, {"status": told})


@pytest.mark.parametrize(
    ("version", "status"), [("0.7.0", 200), ("0.0.1a0", 400), ("old", 400), ("0.0.1a49.dev19+ge8b2.d2024", 200)]
)
async def test_clients_that_are_too_old_are_told_to_upgrade(
    installation: Installation, version: str, status: int
) -> None:
    headers = {"DiracX-Client-Version": version}
    assert (await installation.http.get("/.well-known/jwks.json", headers=headers)).status_code == status
    if status == 400:
        assert (await installation.http.get("/nowhere", headers=headers)).status_code == 400


async def test_every_answer_carries_the_id_of_its_request(installation: Installation) -> None:
    given = await installation.http.get("/nowhere", headers={"x-ms-client-request-id": "abc-123"})
    assert (given.status_code, given.headers["x-request-id"]) == (404, "abc-123")
    made = await installation.http.get("/nowhere", headers={"x-request-id": "evil\tid " + "x" * 200})
    assert len(made.headers["x-request-id"]) == 36


async def test_browsers_of_allowed_origins_see_the_range(installation: Installation) -> None:
    answer = await installation.call("POST", "/api/jobs/search", {}, user="alice")
    assert "Access-Control-Expose-Headers" not in answer.headers
    assert answer.headers["Vary"] == "Origin"
    headers = {**await installation.headers(), "Origin": "http://localhost:3000"}
    answer = await installation.http.post("/api/jobs/search", json={}, headers=headers)
    assert answer.headers["Access-Control-Expose-Headers"] == "Content-Range"


async def test_metrics_count_requests_by_route_not_by_job(installation: Installation) -> None:
    await installation.call("POST", "/api/jobs/search", {})
    text = (await installation.http.get("/metrics")).text
    assert 'diracx_bridge_requests_total{method="POST",route="/api/jobs/search",status="200"} 1.0' in text


async def test_two_applications_live_in_one_process(sqlite_urls: Mapping[str, str], tmp_path: Path) -> None:
    async with running(tmp_path, sqlite_urls) as one, running(tmp_path, sqlite_urls) as two:
        assert one.runtime is not two.runtime
        for installation in (one, two):
            assert (await installation.call("POST", "/api/jobs/search", {})).status_code == 200


async def test_a_database_without_tables_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    urls = dict.fromkeys(ALL, f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    with pytest.raises(SettingsError, match="db check"):
        async with running(tmp_path, urls):
            pass


async def test_a_database_that_does_not_answer_stops_the_start(tmp_path: Path) -> None:
    url = "mysql+aiomysql://Dirac:secret@127.0.0.1:9/JobDB"
    urls = dict.fromkeys(ALL, url)
    with pytest.raises(Unavailable) as refused:
        async with running(tmp_path, urls):
            pass
    assert "secret" not in str(refused.value)


async def test_a_defect_is_told_with_its_request_id_and_without_what_was_in_memory(
    sqlite_urls: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, sqlite_urls) as installation:
        headers = await installation.headers()

        async def broken(*_: object, **__: object) -> None:
            raise RuntimeError("a defect")

        monkeypatch.setattr("diracx_bridge.services.jobs.routes.search_jobs", broken)
        answer = await installation.http.post("/api/jobs/search", json={}, headers=headers)
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert answer.headers["x-request-id"]
    logged = "".join(capsys.readouterr())
    assert "a defect" in logged
    assert headers["Authorization"].removeprefix("Bearer ") not in logged
