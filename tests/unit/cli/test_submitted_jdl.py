"""Job descriptions before they are sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from diracx_bridge.cli.submitted_jdl import input_files, is_parametric, with_input_files, without_comments
from diracx_bridge.client import Sandboxes
from diracx_bridge.core.errors import InvalidInput

JDL = """# comment
[
    Executable = "run.sh";
    OutputSandbox = {"std.out"};
    InputSandbox = {"run.sh", "LFN:/vo/data",
        "SB:SandboxSE|/S3/x"};
    # another
]"""


class Uploads:
    """Sandboxes that only remember what is to be sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def upload(self, paths: list[str]) -> str:
        self.sent.append(paths)
        return "SB:new"


def test_lines_that_begin_with_a_number_sign_are_comments() -> None:
    assert "comment" not in without_comments(JDL)
    assert "another" not in without_comments(JDL)
    assert without_comments('Arguments = "#1";') == 'Arguments = "#1";'


@pytest.mark.parametrize(
    ("jdl", "files"),
    [
        (JDL, ["run.sh"]),
        ('InputSandbox = "a file.txt";', ["a file.txt"]),
        ("InputSandbox = {a.txt, LFN:/x};", ["a.txt"]),
        ("InputSandbox = {};", []),
        ('InputSandbox = {"%s", "%(name)s", "lfn:/x"};', []),
        ('OutputSandbox = {"a"}; MyInputSandbox = {"b"};', []),
    ],
)
def test_files_of_the_input_sandbox_are_those_of_this_machine(jdl: str, files: list[str]) -> None:
    assert input_files(jdl) == files


def test_files_are_sent_and_their_sandbox_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.sh").write_text("echo")
    uploads = Uploads()
    changed = with_input_files(JDL, cast("Sandboxes", uploads))
    assert uploads.sent == [["run.sh"]]
    assert 'InputSandbox = {"run.sh","LFN:/vo/data","SB:SandboxSE|/S3/x","SB:new"};' in changed
    assert changed.replace(changed[changed.index('InputSandbox = {"run') :], "") in JDL


def test_files_that_are_not_there_are_named_and_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    uploads = Uploads()
    with pytest.raises(InvalidInput, match=r"not there: run\.sh"):
        with_input_files(JDL, cast("Sandboxes", uploads))
    assert uploads.sent == []


@pytest.mark.parametrize(
    ("jdl", "parametric"),
    [
        ("Parameters = 3;", True),
        ("[Parameters.Name={1,2};]", True),
        ("ParametersOfMine = 1;", True),
        ("JobParameters = 3;", False),
        ('Arguments = "Parameters";', False),
    ],
)
def test_a_jdl_with_parameters_is_parametric(jdl: str, parametric: bool) -> None:
    assert is_parametric(jdl) is parametric
