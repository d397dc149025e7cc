"""Small legacy configurations to vary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diracx_bridge.cs_sync.convert import Result, convert_source
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.source import Source

Tree = dict[str, Any]


def minimal() -> Tree:
    """One VO, gridlab, with users alice and bob in group gridlab_user."""
    return {
        "DIRAC": {"Configuration": {"Name": "Test", "Version": "2026-01-01 00:00:00"}},
        "DiracX": {
            "CsSync": {
                "VOs": {
                    "gridlab": {
                        "DefaultGroup": "gridlab_user",
                        "IdP": {"URL": "https://idp.example.org", "ClientID": "client"},
                        "UserSubjects": {"alice": "sub-alice", "bob": "sub-bob"},
                    }
                }
            }
        },
        "Registry": {
            "Users": {"alice": {"DN": "/CN=Alice"}, "bob": {"DN": "/CN=Bob"}},
            "Groups": {"gridlab_user": {"Users": "alice, bob", "Properties": "NormalUser", "VO": "gridlab"}},
        },
        "Operations": {"Defaults": {"Pilot": {"Version": "9.1.22"}}},
    }


def changed(**changes: Any) -> Tree:
    """The minimal configuration with options set: ``Registry__Users__alice__DN="..."``; None removes one.

    A dot stands in names for what Python can't spell: use `put` for those.
    """
    tree = minimal()
    for path, value in changes.items():
        put(tree, path.replace("__", "/"), value)
    return tree


def put(tree: Tree, path: str, value: Any) -> Tree:
    """``tree`` with the entry at ``path`` set, or removed if ``value`` is None."""
    *names, last = path.split("/")
    section = tree
    for name in names:
        section = section.setdefault(name, {})
    if value is None:
        section.pop(last, None)
    else:
        section[last] = value
    return tree


def with_biolab(tree: Tree | None = None) -> Tree:
    """The minimal configuration and a second VO, biolab, with carol and alice."""
    tree = tree or minimal()
    tree["DiracX"]["CsSync"]["VOs"]["biolab"] = {
        "DefaultGroup": "biolab_user",
        "IdP": {"URL": "https://idp.example.org/biolab", "ClientID": "client"},
        "UserSubjects": {"carol": "sub-carol", "alice": "bio-alice"},
    }
    tree["Registry"]["Users"]["carol"] = {"DN": "/CN=Carol"}
    tree["Registry"]["Groups"]["biolab_user"] = {"Users": "carol, alice", "Properties": "NormalUser", "VO": "biolab"}
    return tree


def cfg(tree: Mapping[str, Any], indent: str = "") -> str:
    """``tree`` as CFG text."""
    lines = []
    for name, value in tree.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}", f"{indent}{{", cfg(value, indent + "  ") + f"{indent}}}"]
        else:
            lines.append(f"{indent}{name} = {value}")
    return "".join(f"{line}\n" for line in lines)


def convert_text(text: str, **options: Any) -> Result:
    return convert_source(Source("test.cfg", text, "0" * 64), None, Options(**options))


def convert(tree: Tree, **options: Any) -> Result:
    return convert_text(cfg(tree), **options)


def content(tree: Tree) -> Any:
    """The typed configuration of a legacy one that must not be refused."""
    result = convert(tree)
    assert result.content is not None, [finding.message for finding in result.findings]
    return result.content


def codes(result: Result) -> list[str]:
    """Codes of the findings in the order of the file."""
    return [finding.code for finding in result.findings]
