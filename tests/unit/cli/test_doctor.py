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

import httpx
import pytest
import respx
from typer.testing import CliRunner

from diracx_bridge import __version__
from diracx_bridge.cli.doctor.configuration import of_configuration
from diracx_bridge.cli.doctor.credentials import of_credentials
from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.cli.doctor.server import of_server
from diracx_bridge.cli.main import app
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


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (httpx.ConnectError("refused"), "unreachable"),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "ca-not-trusted"),
        (partial(answer, status=404), "no-diracx"),
        (partial(answer, json={}), "no-diracx"),
        (partial(answer, headers={"x-diracx-bridge": "99.0.1"}), "versions-differ"),
        (lambda: answer(headers={"date": dated(minutes=3)}), "clock-skew"),
        (lambda: answer(headers={"date": dated(minutes=-3)}), "clock-skew"),
    ],
)
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


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([token()], []),
        ([], ["no-token"]),
        ([token(), token()], ["two-tokens"]),
        ([token(left=-5)], ["token-over"]),
        ([token(lifetime=1200)], ["short-tokens"]),
    ],
)
def test_what_is_wrong_with_a_proxy_is_told(tokens: list[dict[str, Any]], expected: list[str], tmp_path: Path) -> None:
    assert codes(of_credentials(proxy(tmp_path / "proxy", *tokens))) == expected


def test_a_proxy_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert codes(of_credentials(tmp_path / "absent")) == ["no-proxy"]


def test_a_temporary_directory_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/nowhere/at/all")
    assert codes(of_credentials(None)) == ["read-only-tmp"]


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
    found = of_configuration(str(tmp_path / "dirac.cfg"))
    said = {diagnosis.code: diagnosis for diagnosis in found}
    contradiction = [d for d in found if "FutureClientEnabled" in d.cause and "LegacyClientEnabled" in d.cause]
    assert contradiction, codes(found)
    assert said["no-adapter"].affected == "WorkloadManagement/PilotManager"
    assert any("IdP" in d.cause and d.affected == "VO gridlab" for d in found), [(d.affected, d.cause) for d in found]
    assert any("ann" in d.cause or "ann" in d.affected for d in found)
    assert all(d.remedy for d in found)


def test_the_command_ends_by_what_it_found(tmp_path: Path, serve: Callable[[Any], None]) -> None:
    serve(answer())
    env = {"DIRACX_URL": "", "X509_USER_PROXY": "", "DIRACX_OUTPUT_FORMAT": "RICH"}
    good = CliRunner().invoke(app, ["doctor", "--url", URL, "--cfg", str(EXAMPLE)], env=env)
    assert (good.exit_code, "error" in good.stdout) == (0, False), good.output
    (tmp_path / "dirac.cfg").write_text(CFG)
    bad = CliRunner().invoke(app, ["doctor", "--cfg", str(tmp_path / "dirac.cfg"), "--json"], env=env)
    assert bad.exit_code == 1
    assert {entry["level"] for entry in json.loads(bad.stdout)} >= {"error"}
