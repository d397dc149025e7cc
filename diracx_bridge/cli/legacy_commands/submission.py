"""``dirac-wms-job-submit``."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from diracx_bridge.cli.legacy_commands.arguments import Given
from diracx_bridge.cli.legacy_commands.failed import end
from diracx_bridge.cli.submitted_jdl import input_files, is_parametric, with_input_files, without_comments
from diracx_bridge.core.errors import BridgeError, InvalidInput

if TYPE_CHECKING:
    from diracx_bridge.client import Jobs, Sandboxes


def submit(given: Given, jobs: Jobs, sandboxes: Sandboxes) -> None:
    if given.last("UseJobRepo") is not None:
        print("-r, --UseJobRepo: no effect, there is no job repository in DIRAC 9", file=sys.stderr)
    errors: list[tuple[str, str]] = []
    with ExitStack() as stack:
        for name, path in given.switches:
            if name == "File":
                if os.path.isfile(path):
                    print(f"Appending job ids to existing logfile: {path}")
                try:
                    kept = stack.enter_context(open(path, "a", buffering=1))
                except OSError as error:
                    end([(path, f"{error.strerror}. No job was submitted")])
        for word in given.words:
            try:
                made, parametric = _submitted(word, jobs, sandboxes)
            except (BridgeError, OSError, UnicodeDecodeError) as error:
                print("Job submission failure", error)
                errors.append((word, str(error)))
                continue
            print(f"JobID = {made if parametric else made[0]}")
            if given.last("File") is not None:
                kept.writelines(f"{job}\n" for job in made)
    end(errors)


def _submitted(word: str, jobs: Jobs, sandboxes: Sandboxes) -> tuple[list[int], bool]:
    """The ids of the jobs of a JDL or of a file with one, and whether it is parametric."""
    if not os.path.exists(word) and "=" not in word:
        raise InvalidInput("There is no such file, and it is no JDL")
    text = without_comments(Path(word).read_text() if os.path.exists(word) else word)
    if missing := [path for path in input_files(text) if not os.path.exists(path)]:
        for path in missing:
            print(f"inputSandbox file/directory {path} not found. Keep looking for the others")
        raise InvalidInput("Invalid job description ( 1501 : Input Sandbox is not valid)")
    made = jobs.submit(with_input_files(text, sandboxes))
    return [job["JobID"] for job in made], is_parametric(text)
