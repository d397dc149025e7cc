"""The doctor finds what can't work, and says who is affected and what to do."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import respx
from typer.testing import CliRunner

from diracx_bridge import __version__
from diracx_bridge.cli.doctor.configuration import of_configuration
from diracx_bridge.cli.doctor.credentials import of_credentials
from diracx_bridge.cli.doctor.databases import of_databases
from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.cli.doctor.identity_provider import of_identity_provider, of_identity_providers
from diracx_bridge.cli.doctor.server import of_server
from diracx_bridge.cli.main import app
from diracx_bridge.cs_sync.convert import convert
from tests.unit.client.tokens import jwt

URL = "https://diracx.example.org"
EXAMPLE = Path(__file__).parents[3] / "examples" / "dirac.cfg"
DOCUMENT = dict.fromkeys(("token_endpoint", "revocation_endpoint", "jwks_uri", "issuer"), URL)


def codes(found: list[Diagnosis]) -> list[str]:
    return [diagnosis.code for diagnosis in found]


def answer(**more: Any) -> httpx.Response:
    now = format_datetime(datetime.now(UTC), usegmt=True)
    headers = {"date": now, "x-diracx-bridge": __version__, **more.pop("headers", {})}
    return httpx.Response(more.pop("status", 200), json=more.pop("json", DOCUMENT), headers=headers)


def dated(minutes: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)


@pytest.fixture
def serve(respx_mock: respx.MockRouter) -> Callable[[Any], None]:
    def reply(with_: Any) -> None:
        route = respx_mock.get(f"{URL}/.well-known/openid-configuration")
        route.mock(side_effect=with_) if isinstance(with_, Exception) else route.mock(return_value=with_)

    return reply


def test_a_good_server_has_no_findings(serve: Callable[[Any], None]) -> None:
    serve(answer())
    assert of_server(URL, None) == []


SERVER_FAULTS: list[tuple[Any, str]] = [
    (httpx.ConnectError("refused"), "unreachable"),
    (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "ca-not-trusted"),
    (partial(answer, status=404), "no-diracx"),
    (partial(answer, json={}), "no-diracx"),
    (partial(answer, headers={"x-diracx-bridge": "99.0.1"}), "versions-differ"),
    (lambda: answer(headers={"date": dated(minutes=3)}), "clock-skew"),
    (lambda: answer(headers={"date": dated(minutes=-3)}), "clock-skew"),
]


@pytest.mark.parametrize(("reply", "code"), SERVER_FAULTS)
def test_what_is_wrong_with_a_server_is_told(reply: Any, code: str, serve: Callable[[Any], None]) -> None:
    serve(reply() if callable(reply) else reply)  # made now, because it has the time in it
    (found,) = of_server(URL, None)
    assert found.code == code
    assert found.cause
    assert found.remedy


def test_an_official_server_is_told_by_its_header(serve: Callable[[Any], None]) -> None:
    reply = answer()
    del reply.headers["x-diracx-bridge"]
    serve(reply)
    assert codes(of_server(URL, None)) == ["official-server"]


def proxy(path: Path, *tokens: dict[str, Any]) -> Path:
    blocks = [base64.b64encode(json.dumps(token).encode()).decode() for token in tokens]
    path.write_text("".join(f"-----BEGIN DIRACX-----\n{b}\n-----END DIRACX-----\n" for b in blocks))
    return path


def token(*, lifetime: float = 12 * 3600, left: float = 3600) -> dict[str, Any]:
    access = jwt(lifetime, iat=int(time.time()))
    return {"access_token": access, "refresh_token": jwt(left), "expires_on": int(time.time() + lifetime)}


PROXY_FAULTS: list[tuple[list[dict[str, Any]], str]] = [
    ([], "no-token"),
    ([token(), token()], "two-tokens"),
    ([token(left=-5)], "token-over"),
    ([token(lifetime=1200)], "short-tokens"),
]


def test_a_good_proxy_has_no_findings(tmp_path: Path) -> None:
    assert of_credentials(proxy(tmp_path / "proxy", token())) == []


@pytest.mark.parametrize(("tokens", "code"), PROXY_FAULTS)
def test_what_is_wrong_with_a_proxy_is_told(tokens: list[dict[str, Any]], code: str, tmp_path: Path) -> None:
    assert codes(of_credentials(proxy(tmp_path / "proxy", *tokens))) == [code]


def official(lifetime: float) -> dict[str, Any]:
    """A token as official servers make them: no ``iat``, an id that begins with the time."""
    id_ = UUID(int=(int(time.time() * 1000) << 80) | (7 << 76) | (2 << 62) | 1)
    return {**token(), "access_token": jwt(lifetime, jti=str(id_))}


@pytest.mark.parametrize(
    ("at_official", "named", "not_named"),
    [
        (True, "DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES", "DIRACX_BRIDGE_PROXY_TOKEN_MINUTES"),
        (False, "DIRACX_BRIDGE_PROXY_TOKEN_MINUTES", "DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES"),
        (None, "DIRACX_SERVICE_AUTH_ACCESS_TOKEN_EXPIRE_MINUTES", "nothing"),
    ],
)
def test_tokens_that_do_not_live_from_one_heartbeat_to_the_next_are_told_with_the_setting_of_their_server(
    at_official: bool | None, named: str, not_named: str, tmp_path: Path
) -> None:
    short = proxy(tmp_path / "short", official(1200) if at_official else token(lifetime=1200))
    (found,) = of_credentials(short, official=at_official)
    assert (found.level, found.code) == ("warning", "short-tokens")
    assert "20 minutes" in found.cause
    assert "all jobs" in found.affected
    assert named in found.remedy
    assert not_named not in found.remedy
    assert of_credentials(proxy(tmp_path / "long", official(12 * 3600)), official=at_official) == []


def test_the_command_looks_at_the_proxy_with_regard_to_the_server(tmp_path: Path, serve: Callable[[Any], None]) -> None:
    reply = answer()
    del reply.headers["x-diracx-bridge"]
    serve(reply)
    short = proxy(tmp_path / "short", official(1200))
    done = CliRunner().invoke(
        app, ["doctor", "--url", URL, "--proxy", str(short), "--json"], env={"DIRACX_OUTPUT_FORMAT": "RICH"}
    )
    found = {entry["code"]: entry for entry in json.loads(done.stdout)}
    assert set(found) == {"official-server", "short-tokens"}
    assert "1.80 exchanges" in found["short-tokens"]["cause"]
    assert "DIRACX_BRIDGE" not in found["short-tokens"]["remedy"]


def test_a_proxy_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert codes(of_credentials(tmp_path / "absent")) == ["no-proxy"]


def test_a_temporary_directory_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/nowhere/at/all")
    assert codes(of_credentials(None)) == ["read-only-tmp"]


IDP = "https://idp.example.org/realms/gridlab"
OPENID = {
    "issuer": IDP,
    "authorization_endpoint": f"{IDP}/login",
    "token_endpoint": f"{IDP}/token",
    "jwks_uri": f"{IDP}/keys",
    "code_challenge_methods_supported": ["plain", "S256"],
}
KEYS = {"keys": [{"kty": "RSA", "use": "sig", "kid": "1"}]}
BACK = f"{URL}/api/auth/authorize/complete"
IDP_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"discovery": httpx.ConnectError("refused")}, "idp-unreachable"),
    ({"discovery": httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")}, "idp-not-trusted"),
    ({"discovery": httpx.Response(404)}, "idp-no-openid"),
    ({"discovery": httpx.Response(200, text="<html>")}, "idp-no-openid"),
    ({"discovery": httpx.Response(200, json={**OPENID, "jwks_uri": None})}, "idp-no-openid"),
    ({"discovery": httpx.Response(200, json={**OPENID, "issuer": "https://other.example.org"})}, "idp-other-issuer"),
    ({"discovery": httpx.Response(200, json={**OPENID, "code_challenge_methods_supported": []})}, "idp-no-pkce"),
    (
        {"discovery": httpx.Response(200, json=OPENID, headers={"date": "Thu, 01 Jan 2026 00:00:00 GMT"})},
        "idp-clock-skew",
    ),
    ({"keys": httpx.Response(503)}, "idp-no-keys"),
    ({"keys": httpx.ConnectError("refused")}, "idp-no-keys"),
    ({"keys": httpx.Response(200, json={"keys": [{"kty": "RSA", "use": "enc"}]})}, "idp-no-keys"),
    ({"login": httpx.Response(400, text="Client not found")}, "idp-client-refused"),
    (
        {"login": httpx.Response(302, headers={"location": f"{BACK}?error=unauthorized_client"})},
        "idp-client-refused",
    ),
]
Provider = Callable[[dict[str, Any]], list[Diagnosis]]


@pytest.fixture
def look_at(respx_mock: respx.MockRouter) -> Provider:
    """What is found of a provider that answers so, and well otherwise."""

    def found(faults: dict[str, Any]) -> list[Diagnosis]:
        well = {
            "discovery": (".well-known/openid-configuration", httpx.Response(200, json=OPENID)),
            "keys": ("keys", httpx.Response(200, json=KEYS)),
            "login": ("login", httpx.Response(303, headers={"location": f"{IDP}/page"})),
        }
        for name, (path, reply) in well.items():
            route = respx_mock.get(url__startswith=f"{IDP}/{path}")
            reply = faults.get(name, reply)
            route.mock(side_effect=reply) if isinstance(reply, Exception) else route.mock(return_value=reply)
        return of_identity_provider(IDP, "bridge", "logins of gridlab", URL, None)

    return found


@pytest.mark.respx(assert_all_called=False)
def test_a_good_identity_provider_has_no_findings(look_at: Provider) -> None:
    assert look_at({}) == []


@pytest.mark.respx(assert_all_called=False)
@pytest.mark.parametrize(("faults", "code"), IDP_FAULTS)
def test_what_is_wrong_with_an_identity_provider_is_told(faults: dict[str, Any], code: str, look_at: Provider) -> None:
    (found,) = look_at(faults)
    assert (found.code, found.affected) == (code, "logins of gridlab")
    assert found.cause
    assert found.remedy


@pytest.mark.respx(assert_all_called=False)
def test_vos_with_one_provider_are_told_together(respx_mock: respx.MockRouter) -> None:
    respx_mock.get(url__startswith=IDP).mock(side_effect=httpx.ConnectError("refused"))
    idp = {"URL": IDP, "ClientID": "bridge"}
    content = {"Registry": {"biolab": {"IdP": idp}, "gridlab": {"IdP": idp}, "none": {}}}
    (found,) = of_identity_providers(content, URL, None)
    assert found.affected == "logins of biolab, gridlab"


def test_an_unprepared_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRACX_DB_URL_AUTHDB", f"sqlite+aiosqlite:///{tmp_path / 'auth.db'}")
    found = of_databases()
    assert {diagnosis.code for diagnosis in found} == {"database"}
    assert any("AuthDB" in diagnosis.cause for diagnosis in found)


def test_fifteen_kinds_of_faults_and_more_are_injected_and_found() -> None:
    """Those of the tables here, and those that a test of its own injects."""
    tables = {code for _, code in (*SERVER_FAULTS, *PROXY_FAULTS, *IDP_FAULTS)}
    alone = {"official-server", "no-proxy", "read-only-tmp", "no-adapter", "database"}
    assert not tables & alone
    assert len(tables | alone) >= 15


CFG = """
Registry
{
  DefaultGroup = g_user
  Users
  {
    ann
    {
      DN = /CN=ann
    }
  }
  Groups
  {
    g_user
    {
      Users = ann
      VO = gridlab
      Properties = NormalUser
    }
  }
}
DiracX
{
  CsSync
  {
    VOs
    {
      gridlab
      {
        DefaultGroup = g_user
      }
    }
  }
  FutureClientEnabled
  {
    WorkloadManagement
    {
      PilotManager = Yes
      JobStateUpdate = Yes
    }
  }
  LegacyClientEnabled
  {
    WorkloadManagement
    {
      JobStateUpdate = No
    }
  }
}
"""


def test_a_configuration_that_cannot_work_is_told_with_all_its_causes(tmp_path: Path) -> None:
    (tmp_path / "dirac.cfg").write_text(CFG)
    found = of_configuration(convert(str(tmp_path / "dirac.cfg")))
    said = {diagnosis.code: diagnosis for diagnosis in found}
    contradiction = [d for d in found if "FutureClientEnabled" in d.cause and "LegacyClientEnabled" in d.cause]
    assert contradiction, codes(found)
    assert said["no-adapter"].affected == "WorkloadManagement/PilotManager"
    assert any("IdP" in d.cause and d.affected == "VO gridlab" for d in found), [(d.affected, d.cause) for d in found]
    assert any("ann" in d.cause or "ann" in d.affected for d in found)
    assert all(d.remedy for d in found)


WRONG_NAMES = """
  FutureClientEnable
  {
    WorkloadManagement
    {
      JobStateUpdate = Yes
    }
  }
  Bridge
  {
    WorkloadManagement
    {
      JobMonitoring
      {
        Stage = on
        Percnt = 5
      }
    }
  }
"""


def test_options_of_the_switch_and_the_routing_with_wrong_names_or_values_are_told_with_what_is_meant(
    tmp_path: Path,
) -> None:
    (tmp_path / "dirac.cfg").write_text(CFG.replace("DiracX\n{", f"DiracX\n{{{WRONG_NAMES}", 1))
    found = of_configuration(convert(str(tmp_path / "dirac.cfg")))
    told = {diagnosis.affected: f"{diagnosis.cause} {diagnosis.remedy}" for diagnosis in found}
    routing = "/DiracX/Bridge/WorkloadManagement/JobMonitoring"
    assert "FutureClientEnabled" in told["/DiracX/FutureClientEnable"]
    assert "'on' is no stage: write one of legacy, compare" in told[f"{routing}/Stage"]
    assert "did you mean Percent?" in told[f"{routing}/Percnt"]


def test_the_command_ends_by_what_it_found(tmp_path: Path, serve: Callable[[Any], None]) -> None:
    serve(answer())
    env = {"DIRACX_URL": "", "X509_USER_PROXY": "", "DIRACX_OUTPUT_FORMAT": "RICH"}
    good = CliRunner().invoke(app, ["doctor", "--url", URL, "--cfg", str(EXAMPLE), "--no-providers"], env=env)
    assert (good.exit_code, "error" in good.stdout) == (0, False), good.output
    (tmp_path / "dirac.cfg").write_text(CFG)
    bad = CliRunner().invoke(app, ["doctor", "--cfg", str(tmp_path / "dirac.cfg"), "--json"], env=env)
    assert bad.exit_code == 1
    assert {entry["level"] for entry in json.loads(bad.stdout)} >= {"error"}
