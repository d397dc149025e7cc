"""Legacy configurations from public repositories, their variants, and generated ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from diraccfg import CFG

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.anonymise import anonymise
from diracx_bridge.cs_sync.convert import Result, convert, convert_source
from diracx_bridge.cs_sync.secrecy import looks_secret
from diracx_bridge.cs_sync.source import Source
from diracx_bridge.cs_sync.tree import Option, Section, walk_options
from diracx_bridge.cs_sync.yaml_text import to_yaml
from tests.servers.peer import Peer

PEER_LOAD = Path(__file__).parents[1] / "config" / "peer_load.py"

DEFECTS = {
    "dirac-setup": "setup-left-over",
    "subject-shared": "subject-shared",
    "subject-dangling": "subject-dangling",
    "user-no-dn": "user-no-dn",
    "user-bad-email": "email-invalid",
    "user-suspended-none": "suspended-none",
    "user-extra-option": "not-in-diracx",
    "dn-comma": "dn-comma",
    "user-email-empty": "email-empty",
    "group-no-users": "group-without-users",
    "group-no-properties": "group-without-properties",
    "group-no-vo": "group-without-vo",
    "group-float-share": "number-invalid",
    "group-extra-option": "not-in-diracx",
    "inline-comment": "property-unknown",
    "operations-unknown": "unknown-section",
    "operations-setup-layer": "operations-setup-layer",
    "secret": "secret-not-written",
    "oscompat": "platforms-kept",
    "toplevel-unknown": "unknown-section",
}


@pytest.fixture(scope="module")
def results(cases: Path) -> dict[Path, Result]:
    """Every case with what becomes of it."""
    files = sorted(file for folder in ("real", "edge", "synthetic") for file in (cases / "cs" / folder).glob("*.cfg"))
    assert len(files) > 100
    return {file: convert(str(file)) for file in files}


def diraccfg_tree(result: Result) -> CFG | None:
    try:
        return CFG().loadFromBuffer(result.source.text)
    except Exception:
        return None


def same(section: Section, cfg: CFG) -> bool:
    """Whether both have the same entries with the same values and comments in the same order."""
    waiting = [(section, cfg)]
    while waiting:
        ours, theirs = waiting.pop()
        if list(ours.entries) != list(theirs):
            return False
        for name, entry in ours.entries.items():
            other = theirs[name]
            if entry.comment != theirs.getComment(name) or isinstance(entry, Option) != isinstance(other, str):
                return False
            if isinstance(entry, Section):
                waiting.append((entry, other))
            elif entry.value != other:
                return False
    return True


def test_every_case_is_read_as_diraccfg_reads_it(results: dict[Path, Result]) -> None:
    for file, result in results.items():
        theirs = diraccfg_tree(result)
        ours_refused = any(found.refuses and found.code.startswith("syntax") for found in result.findings)
        assert ours_refused == (theirs is None), file
        assert theirs is None or same(result.tree, theirs), file


def test_every_case_converts_or_is_refused_with_positions(results: dict[Path, Result]) -> None:
    for file, result in results.items():
        lines = result.source.text.count("\n") + 1
        assert all(1 <= found.line <= lines and found.column >= 1 for found in result.findings), file
        if result.content is None:
            assert any(found.refuses for found in result.findings), file
        else:
            Config.model_validate(result.content)
            counts = result.account.counts()
            assert counts["total"] == sum(1 for _ in walk_options(result.tree)), file


def test_every_real_file_that_dirac_reads_converts(results: dict[Path, Result]) -> None:
    real = {file: result for file, result in results.items() if file.parent.name == "real"}
    refused = [file.name for file, result in real.items() if result.refused and diraccfg_tree(result) is not None]
    assert len(real) > 10
    assert refused == []


def test_all_planted_defects_are_found_on_their_lines(results: dict[Path, Result], cases: Path) -> None:
    folder = cases / "cs" / "synthetic"
    found = {(finding.code, finding.line) for finding in results[folder / "defects.cfg"].findings}
    planted = json.loads((folder / "defects.truth.json").read_text())
    assert {(DEFECTS[defect["kind"]], defect["line"]) for defect in planted} <= found


def test_no_secret_of_any_case_is_written_or_shown(results: dict[Path, Result]) -> None:
    for file, result in results.items():
        options = list(walk_options(result.tree))
        secrets = {option.value for option in options if looks_secret(option.name, option.value)}
        secrets -= {option.value for option in options if not looks_secret(option.name, option.value)}
        written = to_yaml(result.content or {}).decode()
        shown = " ".join(found.message + found.remedy for found in result.findings)
        # short made-up ones are words that stand elsewhere too
        assert not [secret for secret in secrets if len(secret) > 8 and (secret in written or secret in shown)], file


def test_a_cut_file_is_refused(results: dict[Path, Result], cases: Path) -> None:
    cut = [result for file, result in results.items() if file.name.startswith(("P62", "P63", "P64", "S06"))]
    assert len(cut) > 2
    assert all(result.refused for result in cut)


def comparable(content: Any) -> Any:
    """A configuration as loaded, without what is different on purpose."""
    loaded = json.loads(Config.model_validate(content).model_dump_json(by_alias=True))
    for section in ("Systems", "WebApp", "LocalSite", "LogLevel", "MCTestingDestination", "Resources"):
        loaded.pop(section, None)
    for vo in loaded["Registry"].values():
        vo["IdP"]["URL"] = vo["IdP"]["URL"].rstrip("/")
    loaded["Operations"] = {vo: loaded["Operations"][vo] for vo in loaded["Registry"]}
    return loaded


def test_where_nothing_is_amiss_the_values_are_those_of_upstream(results: dict[Path, Result]) -> None:
    harmless = {"idp-url-slash", "secret-not-written", "vo-not-migrated", "members-without-subject", "platforms-kept"}
    compared = 0
    for file, result in results.items():
        upstream = file.with_name(f"{file.stem}.upstream.yml")
        if upstream.exists() and result.content and set(result.findings.by_code()) <= harmless:
            assert comparable(result.content) == comparable(yaml.safe_load(upstream.read_text())), file
            compared += 1
    assert compared > 40


def test_the_official_packages_load_equal_values(results: dict[Path, Result], peer: Peer, tmp_path: Path) -> None:
    contents = [result.content for result in results.values() if result.content is not None]
    files = []
    for number, content in enumerate(contents):
        files.append(tmp_path / f"{number}.yml")
        files[-1].write_bytes(to_yaml(content))
    done = peer.run(PEER_LOAD, *map(str, files))
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers) == len(contents) > 100
    for content, answer in zip(contents, answers, strict=True):
        assert answer is not None
        theirs = json.loads(answer)
        for platforms in theirs["Resources"]["Computing"]["OSCompatibility"].values():
            platforms.sort()  # upstream writes them in the order of a hash table
        assert theirs == json.loads(Config.model_validate(content).model_dump_json(by_alias=True))


def places_in_text(result: Result) -> set[tuple[str, int]]:
    """Codes and lines, without those about bytes, which a text has no more."""
    return {(found.code, found.line) for found in result.findings if not found.code.startswith("file-")}


def test_every_case_has_the_same_findings_when_it_is_anonymised(results: dict[Path, Result]) -> None:
    for file, result in results.items():
        if file.stat().st_size > 150_000:
            continue
        other = convert_source(Source(result.source.name, anonymise(result.source.text), ""))
        before, after = (places_in_text(each) for each in (result, other))
        assert before == after, file
