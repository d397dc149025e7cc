"""`diracx-bridge cs` from outside: streams, files, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from diracx_bridge.cs_sync.rules import RULES
from diracx_bridge.cs_sync.yaml_text import from_yaml

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "dirac.cfg"
START = "from diracx_bridge.cli.cs import app; app(prog_name='cs')"


def cs(*arguments: object, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", START, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "200", **env},
        check=False,
    )


def test_a_converted_file_ends_with_zero_and_a_summary(tmp_path: Path) -> None:
    done = cs("convert", EXAMPLE, tmp_path / "default.yml")
    assert done.returncode == 0
    assert done.stdout == b""
    assert "VO gridlab: 6 users, 4 groups" in done.stderr.decode()
    assert set(from_yaml((tmp_path / "default.yml").read_bytes())["Registry"]) == {"gridlab", "biolab"}


def test_standard_input_goes_to_standard_output(tmp_path: Path) -> None:
    done = cs("convert", "-", "-", stdin=EXAMPLE.read_bytes())
    assert done.returncode == 0
    assert set(from_yaml(done.stdout)) == {"DIRAC", "Operations", "Registry", "Resources"}


def test_the_output_is_the_same_for_every_hash_seed() -> None:
    outputs = {cs("convert", EXAMPLE, "-", PYTHONHASHSEED=seed).stdout for seed in ("1", "2", "3")}
    assert len(outputs) == 1


def test_a_refused_file_ends_with_one_and_writes_nothing(tmp_path: Path) -> None:
    done = cs("convert", "-", tmp_path / "default.yml", stdin=b"A\n{\n")
    assert done.returncode == 1
    assert b"<stdin>:1:1: error syntax-unclosed" in done.stderr
    assert not (tmp_path / "default.yml").exists()


def test_strict_refuses_what_would_be_dropped(tmp_path: Path) -> None:
    text = EXAMPLE.read_bytes().replace(b"JobShare = 1000", b"JobShare = 0.5")
    assert cs("convert", "-", tmp_path / "a.yml", stdin=text).returncode == 0
    assert cs("convert", "-", tmp_path / "b.yml", "--strict", stdin=text).returncode == 1
    assert not (tmp_path / "b.yml").exists()


def test_json_is_all_there_is_on_standard_output(tmp_path: Path) -> None:
    report = json.loads(cs("convert", EXAMPLE, tmp_path / "cs.git", "--git", "--json").stdout)
    assert report["published"]["changed"] is True
    assert len(report["published"]["commit"]) == 40
    assert report["severities"]["error"] == 0


def test_json_of_a_refused_file_has_its_findings() -> None:
    done = cs("convert", "-", "nowhere.yml", "--json", stdin=b"A\n{\n")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["refused"], report["published"]) == (True, None)
    assert report["findings"][0]["line"] == 1


@pytest.mark.parametrize("name", ["report.txt", "report.json"])
def test_the_report_is_written_to_a_file(tmp_path: Path, name: str) -> None:
    assert cs("convert", EXAMPLE, tmp_path / "x.yml", "--report", tmp_path / name).returncode == 0
    text = (tmp_path / name).read_text()
    assert "vo-not-migrated" in text
    assert name.endswith(".txt") or json.loads(text)["options"]["unknown"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert",),
        ("convert", EXAMPLE, "http://example.org/cs"),
        ("convert", EXAMPLE, ROOT / "docs"),
        ("convert", EXAMPLE, "-", "--json"),
        ("convert", EXAMPLE, "x.yml", "--branch", "main"),
    ],
)
def test_wrong_usage_ends_with_two(arguments: tuple[object, ...]) -> None:
    done = cs(*arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_what_can_not_be_read_or_written_ends_with_three(tmp_path: Path) -> None:
    missing = cs("convert", tmp_path / "gone.cfg", tmp_path / "x.yml")
    unwritable = cs("convert", EXAMPLE, tmp_path / "gone" / "x.yml")
    assert (missing.returncode, unwritable.returncode) == (3, 3)
    assert b"gone.cfg can't be read: No such file" in missing.stderr
    assert b"can't be written: No such file" in unwritable.stderr


def test_rules_are_printed_as_text_and_json() -> None:
    text = cs("rules").stdout.decode()
    assert all(rule.pattern in text for rule in RULES)
    assert len(json.loads(cs("rules", "--json").stdout)) == len(RULES)


def test_help_is_light() -> None:
    code = "import sys; from diracx_bridge.cli.cs import app; print({'pydantic','yaml','pygit2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "set()"


def test_the_exit_code_tells_whether_something_changed_when_asked(tmp_path: Path) -> None:
    new = tmp_path / "default.yml"
    codes = [cs("convert", EXAMPLE, new, "--exit-code", *more).returncode for more in (["--dry-run"], [], [])]
    assert codes == [4, 4, 0]
    assert cs("convert", EXAMPLE, new).returncode == 0


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert cs("convert", EXAMPLE, tmp_path / "default.yml", "--dry-run").returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("new", [["cs.git", "--git"], ["default.yml"]])
def test_a_cut_file_changes_nothing(tmp_path: Path, new: list[str]) -> None:
    target = [tmp_path / new[0], *new[1:]]
    assert cs("convert", EXAMPLE, *target).returncode == 0
    text = EXAMPLE.read_bytes()
    cut = text[: text.index(b"Operations\n")]
    done = cs("convert", "-", *target, stdin=cut)
    assert done.returncode == 1
    assert b"entries-vanished" in done.stderr
    allowed = cs("convert", "-", *target, "--policy", "entries-vanished=keep", "--exit-code", stdin=cut)
    assert allowed.returncode == 4


def test_an_older_version_is_refused_by_a_repository(tmp_path: Path) -> None:
    text = EXAMPLE.read_bytes()
    assert cs("convert", EXAMPLE, tmp_path / "cs.git", "--git").returncode == 0
    older = cs("convert", "-", tmp_path / "cs.git", stdin=text.replace(b"Version = 2026", b"Version = 2025", 1))
    assert older.returncode == 1
    assert b"version-older" in older.stderr


def test_a_policy_of_the_command_line_comes_before_that_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("findings: {vo-not-migrated: fail}")
    arguments = ("convert", EXAMPLE, "-", "--policy-file", tmp_path / "policy.yaml")
    assert cs(*arguments).returncode == 1
    assert cs(*arguments, "--policy", "vo-not-migrated@/other=fail").returncode == 1
    assert cs("convert", EXAMPLE, "-", "--policy", "nothing=fail").returncode == 2


def test_personal_data_is_left_out_on_request() -> None:
    content = from_yaml(cs("convert", EXAMPLE, "-", "--no-personal-data").stdout)
    users = [user for vo in content["Registry"].values() for user in vo["Users"].values()]
    assert users
    assert all(set(user) <= {"PreferedUsername", "Quota", "Suspended"} for user in users)


def test_files_are_merged_and_a_setup_folded(tmp_path: Path) -> None:
    (tmp_path / "local.cfg").write_text(
        "Operations\n{\n  Prod\n  {\n    Pilot\n    {\n      Queue = long\n    }\n  }\n}\n"
    )
    done = cs("convert", EXAMPLE, "-", "--merge", tmp_path / "local.cfg", "--setup", "Prod")
    assert from_yaml(done.stdout)["Operations"]["Defaults"]["Pilot"]["Queue"] == "long"
    assert b"local.cfg:3:3: note setup-folded" in done.stderr
    assert cs("convert", EXAMPLE, "-", "--setup", "Prod").returncode == 1
    assert cs("convert", EXAMPLE, "-", "--setup", "Prod", "--compat", "upstream-0.7.0").returncode == 2


def test_check_finds_what_convert_finds_and_writes_nothing(tmp_path: Path) -> None:
    done = cs("check", EXAMPLE, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["options"]["total"] > 200
    assert sum(report["options"]["manners"].values()) == report["options"]["converted"]
    assert cs("check", "-", stdin=b"A {").returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_check_against_what_is_published_lists_the_changes(tmp_path: Path) -> None:
    assert cs("convert", EXAMPLE, tmp_path / "cs.git", "--git").returncode == 0
    text = EXAMPLE.read_bytes().replace(b"JobShare = 4000", b"JobShare = 4001")
    done = cs("check", "-", "--against", tmp_path / "cs.git", stdin=text)
    assert "gridlab: group gridlab_prod: JobShare changed from 4000 to 4001" in done.stderr.decode()
    assert json.loads(cs("check", "-", "--against", tmp_path / "cs.git", "--json", stdin=text).stdout)["changes"]


def test_diff_compares_what_two_sides_are_converted_to(tmp_path: Path) -> None:
    (tmp_path / "new.cfg").write_bytes(EXAMPLE.read_bytes().replace(b"JobShare = 4000", b"JobShare = 0007"))
    assert cs("convert", EXAMPLE, tmp_path / "default.yml").returncode == 0
    assert cs("convert", EXAMPLE, tmp_path / "cs.git", "--git").returncode == 0
    url = f"git+file://{tmp_path}/cs.git?revision=master"
    for old in (EXAMPLE, tmp_path / "default.yml", tmp_path / "cs.git", url):
        assert cs("diff", old, EXAMPLE).returncode == 0
        done = cs("diff", old, tmp_path / "new.cfg")
        assert done.returncode == 4
        assert done.stdout == b"gridlab: group gridlab_prod: JobShare changed from 4000 to 7\n"
    assert b"+        JobShare: 7" in cs("diff", EXAMPLE, tmp_path / "new.cfg", "--yaml").stdout
    (change,) = json.loads(cs("diff", EXAMPLE, tmp_path / "new.cfg", "--json").stdout)
    assert (change["vo"], change["action"]) == ("gridlab", "changed")
    assert change["path"] == "Registry/gridlab/Groups/gridlab_prod/JobShare"


def test_diff_of_a_refused_side_ends_with_one_and_of_a_missing_one_with_three(tmp_path: Path) -> None:
    assert cs("diff", "-", EXAMPLE, stdin=b"A {").returncode == 1
    assert cs("diff", EXAMPLE, tmp_path / "gone.yml").returncode == 3


def test_explain_goes_both_ways() -> None:
    done = cs("explain", EXAMPLE, "/Registry/Users/nkowalski/Email", "Registry/gridlab/Users/nkowalski/Email")
    assert done.returncode == 0
    assert done.stdout.decode().count("dirac.cfg:138:7: /Registry/Users/nkowalski/Email") == 2
    missing = cs("explain", EXAMPLE, "/Registry/Usrs", "--json")
    assert missing.returncode == 1
    assert json.loads(missing.stdout)[0]["found"] is False


def test_an_anonymised_file_has_the_same_findings(tmp_path: Path) -> None:
    done = cs("anonymize", EXAMPLE, tmp_path / "report.cfg", "--json")
    assert json.loads(done.stdout)["same_findings"] is True
    assert b"nkowalski" not in (tmp_path / "report.cfg").read_bytes()
    assert cs("check", tmp_path / "report.cfg").returncode == 0


def test_findings_are_printed_as_text_and_json() -> None:
    assert b"dn-comma (warning)" in cs("findings").stdout
    assert [kind["code"] for kind in json.loads(cs("findings", "dn-comma", "--json").stdout)] == ["dn-comma"]
    assert cs("findings", "nothing").returncode == 2


def test_a_report_in_sarif_names_rule_file_and_line(tmp_path: Path) -> None:
    assert cs("check", EXAMPLE, "--report", tmp_path / "report.sarif").returncode == 0
    (run,) = json.loads((tmp_path / "report.sarif").read_text())["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("examples/dirac.cfg")
        assert location["physicalLocation"]["region"]["startLine"] > 1
