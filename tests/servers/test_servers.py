"""The servers of the tests are what the other tests take them for."""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pymysql
import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from tests.login import PASSWORD, Browser
from tests.servers.keycloak import Keycloak
from tests.servers.legacy import Legacy
from tests.servers.oidc_provider import OidcProvider
from tests.servers.opensearch import OpenSearch
from tests.servers.peer import Peer
from tests.servers.process import ServerError
from tests.servers.s3 import S3
from tests.servers.sql_server import SqlServer

CALL_SERVICES = """
import sys
import DIRAC
DIRAC.initialize()
from answer import answer
from DIRAC.Core.Base.Client import Client
job_id = int(sys.argv[1])
https = Client(url="WorkloadManagement/JobStateUpdate").setJobStatus(job_id, "Waiting", "over HTTPS", "test")
diset = Client(url="WorkloadManagement/DisetJobMonitoring").getJobSummary(job_id)
answer((https["OK"], diset["Value"]["MinorStatus"]))
"""
LIST_EXTENSIONS = """
from answer import answer
from importlib.metadata import entry_points
answer(sorted(point.dist.name.lower() for point in entry_points(group="dirac")))
"""


def _insert_log_record(url: str, job_id: int) -> int:
    """Insert a row and return the SeqNum that it got."""
    _, _, rest = url.partition("@")
    address, _, database = rest.partition("/")
    host, _, port = address.partition(":")
    connection = pymysql.connect(
        host=host, port=int(port), user="Dirac", password="Dirac", database=database, autocommit=True
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO LoggingInfo (JobID, Status, StatusTime, StatusTimeOrder) VALUES (%s, 'x', now(), 1)", (job_id,)
        )
        cursor.execute("SELECT MAX(SeqNum) FROM LoggingInfo WHERE JobID=%s", (job_id,))
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_the_schema_has_the_trigger_of_dirac_when_rows_are_inserted(mariadb_urls: Mapping[str, str]) -> None:
    assert [_insert_log_record(mariadb_urls["JobLoggingDB"], 1) for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("time", ["first", "second"])
def test_databases_have_no_rows_when_a_test_begins(mariadb_urls: Mapping[str, str], time: str) -> None:
    assert _insert_log_record(mariadb_urls["JobLoggingDB"], 2) == 1


def test_all_databases_have_a_url_on_each_kind_of_server(database_urls: Mapping[str, str]) -> None:
    assert set(database_urls) == {
        "AuthDB", "BridgeDB", "JobDB", "JobLoggingDB", "TaskQueueDB", "PilotAgentsDB", "SandboxMetadataDB",
        "ResourceStatusDB",
    }  # fmt: skip


def test_an_empty_database_has_no_tables_when_it_is_asked_for(mariadb: SqlServer, empty_mariadb_url: str) -> None:
    name = empty_mariadb_url.rpartition("/")[2]
    mariadb.execute("CREATE TABLE left_over (x INT)", name)
    mariadb.execute("DROP TABLE left_over", name)
    assert mariadb.execute("SHOW TABLES", name) == ""


def test_mysql_runs_json_table_when_it_is_asked_for(mysql: SqlServer) -> None:
    query = "SELECT SUM(x) FROM JSON_TABLE('[1,2,3]', '$[*]' COLUMNS(x INT PATH '$')) AS t"
    assert mysql.execute(query).strip() == "6"


def test_opensearch_runs_painless_scripts_when_a_field_is_removed(
    opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    def send(method: str, path: str, body: object = None) -> dict[str, object]:
        request = urllib.request.Request(
            f"{opensearch.url}/{opensearch_prefix}x/{path}",
            json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            found: dict[str, object] = json.loads(response.read())
            return found

    send("PUT", "_doc/1", {"a": 1, "b": 2})
    send("POST", "_update/1", {"script": "ctx._source.remove('a')"})
    assert send("GET", "_doc/1")["_source"] == {"b": 2}


def test_the_legacy_handler_changes_a_job_when_it_is_called_in_process(legacy: Legacy) -> None:
    job_id = legacy.new_job()
    assert legacy.call("JobStateUpdate", "setJobStatus", job_id, "Checking", "", "test")["OK"]
    assert legacy.call("JobStateUpdate", "setJobParameter", job_id, "HostName", "here")["OK"]
    attributes, log = legacy.state(job_id)
    assert (attributes["Status"], [row[1] for row in log]) == ("Checking", ["Received", "Checking"])
    assert legacy.call("JobMonitoring", "getJobParameters", job_id)["Value"][job_id]["HostName"] == "here"


def test_the_legacy_services_change_the_same_rows_when_a_client_calls_them(legacy: Legacy, tmp_path: Path) -> None:
    script = tmp_path / "call_services.py"
    script.write_text(CALL_SERVICES)
    job_id = legacy.new_job()
    assert legacy.run(script, job_id, services=True) == (True, "over HTTPS")
    assert legacy.state(job_id)[0]["MinorStatus"] == "over HTTPS"


def test_this_project_is_seen_by_the_legacy_environment_only_when_asked_for(legacy: Legacy, tmp_path: Path) -> None:
    script = tmp_path / "list_extensions.py"
    script.write_text(LIST_EXTENSIONS)
    assert legacy.run(script) == ["dirac"]
    assert legacy.run(script, bridge=True) == ["dirac", "diracx-bridge"]


def test_the_output_is_in_the_error_when_a_legacy_script_fails(legacy: Legacy, tmp_path: Path) -> None:
    script = tmp_path / "fails.py"
    script.write_text("raise SystemExit('no such luck')")
    with pytest.raises(ServerError, match="no such luck"):
        legacy.run(script)


def _id_token(provider: OidcProvider | Keycloak, user: str = "sub-alice", password: str = PASSWORD) -> jwt.Token:
    """The checked ID token of a user who goes through the whole authorization code flow."""
    endpoints = httpx.get(f"{provider.issuer}/.well-known/openid-configuration").raise_for_status().json()
    verifier = "v" * 43
    form = {"client_id": provider.client_id, "redirect_uri": "http://localhost:12345/api/auth/device/complete"}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {**form, "response_type": "code", "scope": "openid profile", "state": "s", "nonce": "n"}
    asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    with Browser(user, password) as browser:
        back = browser.back_from(f"{endpoints['authorization_endpoint']}?{urlencode(asked)}")
    (code,) = parse_qs(urlsplit(back).query)["code"]
    form |= {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    issued = httpx.post(endpoints["token_endpoint"], data=form).raise_for_status().json()
    keys = KeySet.import_key_set(httpx.get(endpoints["jwks_uri"]).json())
    return jwt.decode(issued["id_token"], keys)


def test_the_identity_provider_names_the_user_who_logged_in(oidc_provider: OidcProvider) -> None:
    claims = _id_token(oidc_provider).claims
    assert (claims["sub"], claims["preferred_username"], claims["nonce"]) == ("sub-alice", "alice", "n")
    assert (claims["iss"], claims["aud"]) == (oidc_provider.issuer, oidc_provider.client_id)


def test_keycloak_names_the_user_whose_password_was_given(keycloak: Keycloak) -> None:
    claims = _id_token(keycloak, "alice", "alice's password").claims
    assert (claims["sub"], claims["preferred_username"], claims["nonce"]) == ("sub-alice", "alice", "n")
    assert (claims["iss"], claims["aud"]) == (keycloak.issuer, keycloak.client_id)


def test_an_identity_provider_misbehaves_only_as_long_as_it_is_asked_to(own_oidc_provider: OidcProvider) -> None:
    keys = f"{own_oidc_provider.issuer}/jwks"
    own_oidc_provider.faults(status=503, paths=["/token", "/jwks"])
    assert httpx.get(keys).status_code == 503
    own_oidc_provider.faults(delay=2000)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(keys, timeout=0.2)
    own_oidc_provider.faults(forge=True)
    with pytest.raises(BadSignatureError):
        _id_token(own_oidc_provider)
    own_oidc_provider.faults()
    former = _id_token(own_oidc_provider).header["kid"]
    own_oidc_provider.rotate_keys()
    assert _id_token(own_oidc_provider).header["kid"] != former


def test_the_official_client_has_its_version_when_it_is_imported(peer: Peer, tmp_path: Path) -> None:
    script = tmp_path / "version.py"
    script.write_text("import diracx.client, importlib.metadata as m; print(m.version('diracx-client'))")
    done = peer.run(script)
    assert (done.stdout, done.stderr) == ("0.7.0\n", "")


def test_s3_refuses_strangers_when_it_is_asked_for(s3: S3) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(s3.url, timeout=10)
    with caught.value:
        assert caught.value.code == 403
