"""What each command does; entry points are in `diracx_bridge.cli.legacy_commands.main`."""

from __future__ import annotations

import pprint
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from diracx_bridge.cli.legacy_commands.arguments import Given
from diracx_bridge.cli.legacy_commands.shown import jdl_members, table, time
from diracx_bridge.core.errors import BridgeError, InvalidInput

if TYPE_CHECKING:
    from diracx_bridge.client import Jobs, Sandboxes

LOG: Final = ("Source", "Status", "MinorStatus", "ApplicationStatus", "DateTime")
STATES: Final = ("ApplicationStatus", "MinorStatus", "Status", "Site")
ATTRIBUTE_TIMES: Final = frozenset(
    {"SubmissionTime", "RescheduleTime", "LastUpdateTime", "StartExecTime", "HeartBeatTime", "EndExecTime"}
)
FLAGS: Final = frozenset({"VerifiedFlag", "AccountedFlag"})
RECENT: Final = timedelta(days=30)


class Failed(Exception):
    """The command ends with this exit code; what there is to say has been printed."""

    def __init__(self, code: int = 2) -> None:
        super().__init__()
        self.code = code


def status(given: Given, jobs: Jobs) -> None:
    found = jobs.status(_ids([*given.ids_in_file(), *_of_group(given, jobs), *given.words]))
    for job, states in sorted(found.items()):
        print(f"JobID={job} " + "".join(f"{name}={states.get(name)}; " for name in STATES))


def submit(given: Given, jobs: Jobs) -> None:
    errors: list[tuple[str, str]] = []
    kept: list[int] = []
    for file in given.words:
        try:
            made = [job["JobID"] for job in jobs.submit(Path(file).read_text())]
        except (BridgeError, OSError, UnicodeDecodeError) as error:
            errors.append((file, str(error)))
            continue
        kept += made
        print(f"JobID = {made[0] if len(made) == 1 else made}")
    if "File" in given.switches and kept:
        with Path(given.switches["File"]).open("a") as file_of_ids:
            file_of_ids.writelines(f"{job}\n" for job in kept)
    _end(errors)


def kill(given: Given, jobs: Jobs) -> None:
    _report("Killed jobs", *jobs.kill(_ids(given.words)))


def delete(given: Given, jobs: Jobs) -> None:
    chosen = [*given.ids_in_file(), *_of_group(given, jobs), *given.words]
    if not chosen:
        print("Warning: no jobs selected")
        raise Failed(0)
    _report("Deleted jobs", *jobs.delete(_ids(chosen)))


def reschedule(given: Given, jobs: Jobs) -> None:
    _report("Rescheduled job", *jobs.reschedule(_ids(given.words)))


def logging_info(given: Given, jobs: Jobs) -> None:
    errors = []
    found = jobs.log(_ids(given.words))
    for job in _ids(given.words):
        if job not in found:
            errors.append((str(job), f"No Logging information for job {job}"))
            continue
        rows = [
            [r["Source"], r["Status"], r["MinorStatus"], r["ApplicationStatus"], str(time(r["StatusTime"]))]
            for r in found[job]
        ]
        print(f"{table(LOG, rows)}\n")
    _end(errors)


def parameters(given: Given, jobs: Jobs) -> None:
    found = jobs.parameters(_ids(given.words))
    for job in _ids(given.words):
        kept = {name: value for name, value in found.get(job, {}).items() if name != "StandardOutput"}
        print(pprint.pformat({job: kept}))


def attributes(given: Given, jobs: Jobs) -> None:
    found = jobs.attributes(_ids(given.words))
    for job in _ids(given.words):
        values = {name: _attribute(name, value) for name, value in found.get(job, {}).items()}
        print("=================\n", job)
        print(pprint.pformat(values))


def get_jdl(given: Given, jobs: Jobs) -> None:
    errors = []
    for job in _ids(given.words):
        try:
            text = jobs.jdl(job, original="Original" in given.switches)
        except BridgeError as error:
            errors.append((str(job), str(error)))
            continue
        print(pprint.pformat(jdl_members(text)))
    _end(errors)


def get_output(given: Given, jobs: Jobs, sandboxes: Sandboxes) -> None:
    chosen = [*given.ids_in_file(), *_of_group(given, jobs, ("Done", "Failed"))]
    for word in given.words:
        if Path(word).is_dir():
            print(f"Output for job {word} already retrieved, remove the output directory to redownload")
        else:
            chosen.append(word)
    if not chosen:
        print("No jobs selected")
        raise Failed(0)
    named = [part for part in (given.switches.get("Dir"), given.switches.get("JobGroup")) if part]
    folder = Path(*named) if named else Path.cwd()
    folder.mkdir(parents=True, exist_ok=True)
    errors = []
    for job in _ids(chosen):
        if (target := folder / str(job)).exists():
            continue
        try:
            pfns = sandboxes.of_job(job, "output")["Output"]
            if not pfns:
                raise InvalidInput("No Output sandbox found for job")
            for pfn in pfns:
                sandboxes.download(pfn, target)
        except BridgeError as error:
            shutil.rmtree(target, ignore_errors=True)
            errors.append((str(job), str(error)))
            continue
        print(f"Job output sandbox retrieved in {target}/")
    _end(errors)


def _attribute(name: str, value: Any) -> Any:
    if name in ATTRIBUTE_TIMES:
        return time(value)
    return str(value) if name in FLAGS else value


def _of_group(given: Given, jobs: Jobs, states: Iterable[str] = ()) -> list[str]:
    group = given.switches.get("JobGroup")
    if not group:
        return []
    since = f"{datetime.now(UTC) - RECENT:%Y-%m-%d}"
    search: list[dict[str, Any]] = [
        {"parameter": "JobGroup", "operator": "eq", "value": group},
        {"parameter": "LastUpdateTime", "operator": "gt", "value": since},
    ]
    if wanted := list(states):
        search.append({"parameter": "Status", "operator": "in", "values": wanted})
    return [str(row["JobID"]) for row in jobs.search(search, parameters=["JobID"])]


def _ids(words: Iterable[str]) -> list[int]:
    words = list(words)
    if wrong := [word for word in words if not word.isdigit()]:
        print(f"invalid literal for int() with base 10: {wrong[0]!r}")
        print("ERROR: Expected (list of)  integer or string for existing jobID")
        raise Failed
    return list(dict.fromkeys(map(int, words)))


def _report(done: str, success: dict[int, Any], failed: dict[int, str]) -> None:
    if failed and not success:
        print("ERROR", "; ".join(f"{job}: {why}" for job, why in failed.items()))
        raise Failed
    print(f"{done} {','.join(map(str, success))}")
    _end((str(job), why) for job, why in failed.items())


def _end(errors: Iterable[tuple[str, str]]) -> None:
    errors = list(errors)
    for subject, message in errors:
        print(f"ERROR {subject}: {message}")
    if errors:
        raise Failed
