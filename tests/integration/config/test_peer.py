"""The configuration has the values that the official packages load from the same file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from diracx_bridge.config.document import parse
from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import ConfigurationError
from tests.servers.peer import Peer

from .repository import document

HERE = Path(__file__).parent
VALID = document("lab_user")
REFUSED = {
    "unknown section": VALID + "LocalInstallation: {}\n",
    "missing option": VALID.replace("ClientID: client", ""),
    "unknown key of a default": VALID + "Operations: {Defaults: {Nonsense: {}}}\n",
    "option where a section belongs": VALID + "Operations: {lab: {Pilot: text}}\n",
    "address": VALID.replace("Users: {}", "Users: {s: {PreferedUsername: a, Email: a@localhost}}"),
    "boolean": VALID.replace("DIRAC: {}", "DIRAC: {NoSetup: enabled}"),
    "number": VALID + "Operations: {lab: {JobDescription: {MaxPriority: 0.5}}}\n",
    "number as user name": VALID.replace("Users: {}", "Users: {s: {PreferedUsername: 7}}"),
    "list as text": VALID.replace("Groups: {}", "Groups: {g: {Properties: 'A, B', Users: []}}"),
    "both spellings": VALID.replace("DIRAC: {}", "DIRAC: {NoSetup: false, no_setup: false}"),
    "defaults and VO both null": VALID + "Operations: {Defaults: null, lab: null}\n",
    "protocols": VALID + "Operations: {lab: {InputDataPolicy: {Protocols: {Other: []}}}}\n",
}


def theirs(peer: Peer, files: Sequence[Path]) -> list[str | None]:
    done = peer.run(HERE / "peer_load.py", *map(str, files))
    assert done.returncode == 0, done.stderr
    answers: list[str | None] = json.loads(done.stdout)
    return answers


def ours(file: Path) -> str:
    return parse(file.read_bytes(), Config).model_dump_json(by_alias=True)


def ordered(configuration: str | None) -> str:
    """The configuration with the one list sorted that upstream writes in the order of a hash table."""
    content = json.loads(configuration or "null")
    for platforms in content["Resources"]["Computing"]["OSCompatibility"].values():
        platforms.sort()
    return json.dumps(content, indent=1)


def test_our_examples_have_the_same_values(peer: Peer) -> None:
    files = sorted((HERE / "examples").glob("*.yml"))
    assert [ordered(ours(file)) for file in files] == [ordered(answer) for answer in theirs(peer, files)]


def test_what_upstream_converted_from_legacy_configurations_has_the_same_values(peer: Peer, cases: Path) -> None:
    files = sorted(cases.glob("**/*.upstream.yml"))
    assert len(files) > 50
    differing = [
        file.name
        for file, answer in zip(files, theirs(peer, files), strict=True)
        if ordered(ours(file)) != ordered(answer)
    ]
    assert differing == []


def test_what_upstream_refuses_is_refused(peer: Peer, tmp_path: Path) -> None:
    files = []
    for name, content in {"valid": VALID, **REFUSED}.items():
        files.append(tmp_path / f"{name}.yml")
        files[-1].write_text(content)
    accepted, *refused = theirs(peer, files)
    assert accepted is not None
    assert refused == [None] * len(REFUSED)
    for file in files[1:]:
        with pytest.raises(ConfigurationError):
            ours(file)


def test_two_spellings_of_a_top_section_are_refused_where_upstream_drops_one(peer: Peer, tmp_path: Path) -> None:
    file = tmp_path / "default.yml"
    file.write_text(VALID + "registry: {}\n")
    (answer,) = theirs(peer, [file])
    assert json.loads(answer or "")["Registry"] == {}
    with pytest.raises(ConfigurationError, match="registry"):
        ours(file)
