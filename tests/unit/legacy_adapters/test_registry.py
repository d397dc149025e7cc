"""Services with an adapter, those of other packages among them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from diracx_bridge.cli.adapters import app
from diracx_bridge.core import extensions
from diracx_bridge.core.routing.rules import parse_rules
from diracx_bridge.legacy_adapters.administration.change import as_cfg
from diracx_bridge.legacy_adapters.dispatch.call import Call, Caller
from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.registry import BUILT_IN, adapted_services
from tests.unit.legacy_adapters.fake_server import FakeServer

EXTENSION = Path(__file__).parents[2] / "example_extension"
SERVICE = "Gridlab/Lollygag"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example extension, whose folder with the adapter is all that a service takes."""
    monkeypatch.syspath_prepend(str(EXTENSION))
    for cached in (extensions.load_all, extensions._priority, adapted_services):
        cached.cache_clear()
    yield
    for cached in (extensions.load_all, extensions._priority, adapted_services):
        cached.cache_clear()
    for name in [name for name in sys.modules if name.startswith("gridlab_bridge")]:
        del sys.modules[name]


@pytest.mark.usefixtures("installed")
def test_service_of_another_package_is_adapted_and_routed_like_ours(tmp_path: Path) -> None:
    assert set(adapted_services()) == {*BUILT_IN, SERVICE}
    adapted, server = adapted_services()[SERVICE], FakeServer()
    server.answer("GET /api/lollygag/greeting", httpx.Response(200, json={"greeting": "hello"}))
    call = Call(SERVICE, "greet", Caller("alice", "gridlab_user", "gridlab"), (2,))
    for stage, answer in (("live", "hello"), ("legacy", "by legacy")):
        rules = parse_rules(SERVICE, {"Stage": stage}, "/x")
        adapter = lambda: adapted.adapter(server.client())  # noqa: E731
        found = Dispatcher().perform(call, adapted.contract, rules, adapter, lambda: {"OK": True, "Value": "by legacy"})
        assert found == {"OK": True, "Value": answer}
    assert [name for name, _ in server.calls] == ["GET /api/lollygag/greeting?times=2"]

    cfg = tmp_path / "dirac.cfg"
    cfg.write_text(as_cfg(SERVICE, {"Stage": "live", "Methods": {"greet": {"Stage": "compare"}}}))
    shown = CliRunner().invoke(app, ["status", "Lollygag", "--cfg", str(cfg), "--json"])
    routes = json.loads(shown.stdout)["routes"]
    assert [(route["method"], route["stage"]) for route in routes] == [("", "live"), ("greet", "compare")]
    coverage = json.loads(CliRunner().invoke(app, ["coverage", "--json"]).stdout)
    assert (SERVICE, "greet") in {(row["service"], row["method"]) for row in coverage}
