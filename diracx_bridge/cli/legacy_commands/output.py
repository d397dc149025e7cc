"""``dirac-wms-job-get-output``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from diracx_bridge.cli.legacy_commands.arguments import Given, separated
from diracx_bridge.cli.legacy_commands.failed import Failed, end
from diracx_bridge.cli.legacy_commands.selection import by_switches, no_number
from diracx_bridge.core.errors import BridgeError, NoRoute, ServerRefused

if TYPE_CHECKING:
    from diracx_bridge.client import Jobs, Sandboxes


def get_output(given: Given, jobs: Jobs, sandboxes: Sandboxes) -> None:
    chosen = by_switches(given, jobs, "Done", "Failed")
    for word in separated(given.words):
        if os.path.isdir(word):
            print(f"Output for job {word} already retrieved, remove the output directory to redownload")
        else:
            chosen.append(word)
    if not chosen:
        print("No jobs selected")
        raise Failed(0)
    named = [part for part in (given.last("Dir"), given.last("JobGroup")) if part]
    folder = os.path.join(*named) if named else os.getcwd()
    os.makedirs(folder, exist_ok=True)
    there = set(os.listdir(folder))
    errors = []
    for word in [word for word in chosen if word not in there]:
        target = os.path.join(folder, word)
        try:
            _fetch(int(word), target, jobs, sandboxes)
        except (BridgeError, ValueError) as error:
            why = no_number(word) if isinstance(error, ValueError) else str(error)
            shutil.rmtree(target, ignore_errors=True)
            print(why)
            errors.append((word, why))
            continue
        print(f"Job output sandbox retrieved in {target}/")
    end(errors)


def _fetch(job: int, target: str, jobs: Jobs, sandboxes: Sandboxes) -> None:
    try:
        pfns = sandboxes.of_job(job, "output")["Output"]
    except ServerRefused as error:
        if error.status not in (403, 404) or isinstance(error, NoRoute):
            raise
        pfns = []
    if not pfns:
        raise BridgeError(_why_none(job, jobs))
    for pfn in pfns:
        sandboxes.download(pfn, Path(target))


def _why_none(job: int, jobs: Jobs) -> str:
    """Why there is no sandbox: too large ones are in storage, which DIRAC's command would read."""
    try:
        lfn = jobs.parameters(job).get(job, {}).get("OutputSandboxLFN")
    except ServerRefused:  # an official server can't tell
        lfn = None
    if lfn:
        return f"The output of job {job} was too large for a sandbox: get {lfn} with dirac-dms-get-file"
    return (
        f"No Output sandbox found for job {job}. Possible causes are: the job does not exist, no sandbox was "
        "registered or you do not have permission to access it."
    )
