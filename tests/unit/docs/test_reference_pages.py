"""The reference pages say what the code has: each is made from it, and nothing is missing."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi.routing import APIRoute

from diracx_bridge.cli.main import app as command_line
from diracx_bridge.core import errors
from diracx_bridge.core.settings import AuthSettings, SandboxStoreSettings, Settings
from diracx_bridge.legacy_adapters.registry import BUILT_IN
from diracx_bridge.services.app import SERVICES
from tests.unit.docs.documents import DOCS, ROOT

import reference_pages  # isort: skip  # found by the path that `documents` adds
from pages.extensions import GROUPS  # isort: skip

PACKAGE = ROOT / "diracx_bridge"


def text(name: str) -> str:
    return (DOCS / "reference" / name).read_text()


@pytest.mark.parametrize("name", reference_pages.PAGES)
def test_page_is_as_the_code_is(name: str) -> None:
    assert text(name) == reference_pages.PAGES[name](), "run `python tools/reference_pages.py`"


@pytest.mark.parametrize(
    ("prefix", "model"),
    [
        ("DIRACX_", Settings),
        ("DIRACX_SERVICE_AUTH_", AuthSettings),
        ("DIRACX_SANDBOX_STORE_", SandboxStoreSettings),
    ],
)
def test_every_setting_is_described(prefix: str, model: type[Any]) -> None:
    page = text("settings.md")
    for name, field in model.model_fields.items():
        if name not in ("auth", "sandbox_store"):
            assert field.description, name
            assert f"| `{prefix}{name.upper()}` |" in page


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", {})
    if not below:
        yield name, command
    for key, subcommand in below.items():
        yield from leaves(subcommand, f"{name} {key}")


def test_every_command_and_option_is_described() -> None:
    sections = text("commands.md").split("\n## ")
    described = {section.partition("\n")[0]: section for section in sections[1:]}
    found = dict(leaves(typer.main.get_command(command_line), "diracx-bridge"))
    assert described.keys() == found.keys()
    for name, command in found.items():
        for parameter in command.params:
            if parameter.param_type_name == "option" and parameter.name != "help":
                for option in parameter.opts:
                    assert option in described[name], name


def test_every_route_is_described() -> None:
    page = text("routes.md")
    for service, router in SERVICES.items():
        prefix = "/.well-known" if service == ".well-known" else f"/api/{service}"
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods:
                assert f"| `{method} {prefix}{route.path}` |" in page


def test_every_metric_is_described() -> None:
    page = text("metrics.md")
    tree = ast.parse((PACKAGE / "services" / "metrics.py").read_text())
    names = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    ours = {name for name in names if name.startswith("diracx_bridge_")}
    assert len(ours) >= 6
    for name in ours:
        assert f"`{name}" in page


def test_every_error_is_described() -> None:
    page = text("errors.md")
    for name, kind in vars(errors).items():
        if inspect.isclass(kind) and issubclass(kind, errors.BridgeError):
            assert f"| `{name}` |" in page


def test_every_adapted_method_is_described() -> None:
    page = text("adapters.md")
    for service, adapted in BUILT_IN.items():
        assert f"## {service}" in page
        for name, _ in inspect.getmembers(adapted.adapter, inspect.isfunction):
            if not name.startswith("_"):
                assert f"| `{name}(" in page


def groups_in(path: Path) -> Iterator[str]:
    """The entry point groups that a module loads: arguments of load, load_all and entry_points."""
    tree = ast.parse(path.read_text())
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Constant)
        for target in ([node.target] if isinstance(node, ast.AnnAssign) else node.targets)
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in ("load", "load_all"):
            named = node.args[:1]
        elif node.func.id == "entry_points":
            named = [keyword.value for keyword in node.keywords if keyword.arg == "group"]
        else:
            continue
        for value in named:
            group = constants.get(value.id) if isinstance(value, ast.Name) else getattr(value, "value", None)
            if isinstance(group, str) and group.startswith("diracx_bridge"):
                yield group


def test_every_entry_point_group_is_described_and_no_other() -> None:
    loaded = {group for path in PACKAGE.rglob("*.py") for group in groups_in(path)}
    assert loaded == GROUPS.keys()
    page = text("extensions.md")
    for group in loaded:
        assert f"| `{group}` |" in page


def test_check_tells_a_page_that_is_not_current_when_one_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference_pages, "REFERENCE", tmp_path)
    monkeypatch.setattr("sys.argv", ["reference_pages.py"])
    assert reference_pages.main() == 0
    monkeypatch.setattr("sys.argv", ["reference_pages.py", "--check"])
    assert reference_pages.main() == 0
    (tmp_path / "routes.md").write_text("edited by hand")
    capsys.readouterr()
    assert reference_pages.main() == 1
    assert capsys.readouterr().out == "not current: docs/reference/routes.md\n"
