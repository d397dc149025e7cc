"""What the pages name exists: files, commands, options, variables, make targets, messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from diracx_bridge.cli.cs.sync import PREFIX
from diracx_bridge.client.preferences import Preferences
from diracx_bridge.core.routing.effective import VARIABLES
from diracx_bridge.core.settings import DOTENV, AuthSettings, SandboxStoreSettings, Settings
from diracx_bridge.cs_sync.git.place import TOKEN_VARIABLE
from tests.unit.docs.documents import DOCS, PAGES, ROOT, TEXTS, blocks, code, name_of

from pages.commands import commands, root  # isort: skip  # found by the path that `documents` adds

texts = pytest.mark.parametrize("path", TEXTS, ids=name_of)
COMMANDS = {
    command.name: {name for p in command.parameters for name in re.split(", |/", p.name)}
    for command in (root(), *commands())
}
GROUPS = {name.rpartition(" ")[0] for name in COMMANDS}
TEST_VARIABLES = {"DIRACX_BRIDGE_TEST_CACHE", "DIRACX_BRIDGE_CASES"}


@texts
def test_linked_files_exist(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if not target.startswith(("https://", "#")):
            assert (path.parent / target.partition("#")[0]).exists(), target


@texts
def test_commands_and_their_options_exist(path: Path) -> None:
    for line in code(path):
        for words in re.findall(r"(?<!of )diracx-bridge((?: [^\s|;#&)]+)+)", line):
            name, rest = "diracx-bridge", words.split()
            while rest and (f"{name} {rest[0]}" in COMMANDS or f"{name} {rest[0]}" in GROUPS):
                name = f"{name} {rest.pop(0)}"
            assert name != "diracx-bridge" or rest[0].startswith(("-", ".", "<")), line
            used = {word.partition("=")[0] for word in rest if word.startswith("--")}
            assert used <= COMMANDS.get(name, set()) | {"--help", "--install-completion"}, line


@texts
def test_variables_exist(path: Path) -> None:
    known = {f"DIRACX_{name.upper()}" for name in Settings.model_fields}
    known |= {f"DIRACX_SERVICE_AUTH_{name.upper()}" for name in AuthSettings.model_fields}
    known |= {f"DIRACX_SANDBOX_STORE_{name.upper()}" for name in SandboxStoreSettings.model_fields}
    known |= {f"DIRACX_{field.name.upper()}" for field in fields(Preferences)}
    known |= {DOTENV, f"{DOTENV}_1", f"{DOTENV}_2", TOKEN_VARIABLE, *VARIABLES} | TEST_VARIABLES
    known |= {f"{PREFIX}_{name[2:].upper().replace('-', '_')}" for name in COMMANDS["diracx-bridge cs sync"]} | {PREFIX}
    known |= set(re.findall(r"\$\{(DIRACX_[A-Z_]+)", (ROOT / "examples" / "cs-sync" / "dirac").read_text()))
    named = set(re.findall(r"\bDIRACX_[A-Z0-9_]*[A-Z0-9]\b(?!_?\.\.\.)", path.read_text()))
    assert named - {"DIRACX_BRIDGE"} <= known


@texts
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in code(path):
        for arguments in re.findall(r"(?:^|\s)make((?: [^\s#]+)+)", line):
            named = [word for word in arguments.split() if re.fullmatch(r"[a-z-]+", word)]
            assert not named or named[0] in targets, line


def pages_in(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    for entry in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from pages_in(entry)


def test_every_page_is_in_the_navigation_once() -> None:
    nav = list(pages_in(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]))
    assert sorted(nav) == sorted(str(page.relative_to(DOCS)) for page in PAGES)


def test_glossary_is_in_order_and_explains_each_word_once() -> None:
    words = re.findall(r"^\*\*(.+)\*\*$", (DOCS / "glossary.md").read_text(), re.MULTILINE)
    assert words == sorted(set(words), key=str.lower)


def test_messages_of_the_troubleshooting_page_are_those_of_the_code() -> None:
    constants = {
        node.value
        for path in (ROOT / "diracx_bridge").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    page = (DOCS / "how-to" / "when-things-go-wrong.md").read_text()
    first_cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("|")]
    quoted = [message for cell in first_cells for message in re.findall(r"`([^`]+)`", cell)]
    assert len(quoted) > 15
    missing = [message for message in quoted if not any(message in constant for constant in constants)]
    assert missing == []


def test_settings_of_the_guide_are_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (content,) = blocks(DOCS / "how-to" / "serve.md", "sh")
    (tmp_path / "service.env").write_text(content)
    monkeypatch.setenv(DOTENV, str(tmp_path / "service.env"))
    settings = Settings.from_environment()
    assert settings.auth is not None
    assert settings.auth.token_issuer == "https://diracx.example.org"
    assert settings.databases.keys() == {
        "AuthDB", "BridgeDB", "JobDB", "JobLoggingDB", "TaskQueueDB", "PilotAgentsDB",
        "SandboxMetadataDB", "ResourceStatusDB",
    }  # fmt: skip
    assert settings.os_db_jobparametersdb == {"hosts": "https://user:password@opensearch.example.org:9200"}
