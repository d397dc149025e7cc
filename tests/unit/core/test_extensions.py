"""Extensions, as installed packages register them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diracx_bridge.core import extensions, properties
from diracx_bridge.core.errors import ExtensionError

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package: its module text and its entry points by group, as a wheel would leave them."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def add(name: str, module: str, **groups: str) -> None:
        (tmp_path / f"{name}.py").write_text(module)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"[{group.replace('__', '.')}]\n{points}\n" for group, points in groups.items()]
        (info / "entry_points.txt").write_text("".join(lines))

    _forget()
    yield add
    _forget()
    for name in [n for n in sys.modules if n.startswith("ext_")]:
        del sys.modules[name]


def _forget() -> None:
    extensions.load_all.cache_clear()
    extensions._priority.cache_clear()
    properties.known_properties.cache_clear()


def test_without_extensions_our_own_parts_are_used() -> None:
    assert extensions.load("diracx_bridge.no_such_group", {"a": 1}) == {"a": 1}


def test_an_extension_replaces_a_part_of_ours_and_adds_one(install: Install) -> None:
    install("ext_one", "A = 2\nB = 3\n", diracx_bridge__test="a = ext_one:A\nb = ext_one:B")
    assert extensions.load("diracx_bridge.test", {"a": 1, "c": 4}) == {"a": 2, "b": 3, "c": 4}


def test_the_extension_with_the_highest_priority_wins(install: Install) -> None:
    install("ext_low", "A = 'low'\n", diracx_bridge__test="a = ext_low:A")
    install(
        "ext_high", "A = 'high'\nP = 99\n", diracx_bridge__test="a = ext_high:A", diracx_bridge="priority = ext_high:P"
    )
    assert extensions.load("diracx_bridge.test", {}) == {"a": "high"}


def test_two_extensions_with_equal_priority_are_refused_by_name(install: Install) -> None:
    install("ext_one", "A = 1\n", diracx_bridge__test="a = ext_one:A")
    install("ext_two", "A = 2\n", diracx_bridge__test="a = ext_two:A")
    with pytest.raises(ExtensionError, match=r"ext_one and ext_two|ext_two and ext_one"):
        extensions.load("diracx_bridge.test", {})


def test_an_extension_that_cannot_be_loaded_is_named(install: Install) -> None:
    install("ext_broken", "raise RuntimeError('no')\n", diracx_bridge__test="a = ext_broken:A")
    with pytest.raises(ExtensionError, match=r"a = ext_broken:A of ext_broken .*RuntimeError"):
        extensions.load("diracx_bridge.test", {})


def test_extensions_add_security_properties(install: Install) -> None:
    install("ext_props", "NAMES = ['BeamOperator']\n", diracx_bridge__properties="ours = ext_props:NAMES")
    assert "BeamOperator" in properties.known_properties()
    assert "NormalUser" in properties.known_properties()
    assert len(properties.BUILT_IN) == 23
