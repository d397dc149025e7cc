"""From a job description to what DIRAC's databases hold, but for the id of the job, which only the database knows.

The steps are those of DIRAC 9.1's ``JobDB.insertNewJobIntoDB``, by the same functions of DIRACCommon. The id goes into
the texts at the end, so that a text which is submitted many times is parsed once.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from DIRACCommon.ConfigurationSystem.Client.Helpers.Resources import getDIRACPlatform
from DIRACCommon.Core.Utilities.ClassAd.ClassAdLight import ClassAd
from DIRACCommon.WorkloadManagementSystem.Client.JobState.JobManifest import JobManifest
from DIRACCommon.WorkloadManagementSystem.DB.JobDBUtils import checkAndPrepareJob, createJDLWithInitialStatus

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.services.jobs.jdl.checks import input_data, input_sandboxes
from diracx_bridge.services.jobs.jdl.reader import read_jdl
from diracx_bridge.services.jobs.jdl.rules import JobRules

FROM_JDL: Final = ("JobName", "JobType", "JobGroup")
FIRST_MARK: Final = 9_000_000_007
"""Stands for the job's id: as many digits as the longest one, and greater than any."""


@dataclass(frozen=True, slots=True)
class PreparedJob:
    """A job that may be stored. ``jdl`` and the text values hold ``mark`` where the id of the job belongs."""

    original: str
    jdl: str
    columns: dict[str, str]
    priority: int
    input_data: tuple[str, ...]
    input_sandboxes: tuple[str, ...]
    mark: str

    def jdl_for(self, job_id: int) -> str:
        """The executed JDL of this job."""
        return self.jdl.replace(self.mark, str(job_id))

    def columns_for(self, job_id: int) -> dict[str, str]:
        """``JobName``, ``JobType``, ``JobGroup`` and ``Site``, as far as the description gives them."""
        return {name: value.replace(self.mark, str(job_id)) for name, value in self.columns.items()}

    def input_data_for(self, job_id: int) -> list[str]:
        """The input files of this job."""
        return [lfn.replace(self.mark, str(job_id)) for lfn in self.input_data]


def prepare(text: str, ad: Any, rules: JobRules, owner: str, group: str) -> PreparedJob:
    """What the databases will hold of a job of ``owner``; ``ad`` is what `read_jdl` read from ``text``.

    Limits are not checked here: a job that was accepted once can be scheduled again.

    Raises:
        InvalidInput: DIRAC can't read it, or can't run it anywhere.
    """
    mark = FIRST_MARK
    while str(mark) in text:
        mark += 1
    try:
        kept = read_jdl(_dumped(text, rules, owner, group, mark).replace("%j", str(mark)))
        if missing := ad.contents.keys() - kept.contents.keys():
            raise InvalidInput(f"{min(missing)}: the value can't be kept, DIRAC's parsers lose the attribute")
        prepared = _prepared(kept, text, rules, owner, group, str(mark))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # the parsers of DIRACCommon check nothing: what they stumble over is the text
        raise InvalidInput("DIRAC's parsers can't read the job description") from error
    return prepared


def compressed(jdl: str) -> str:
    """The form in which JobDB keeps descriptions: base64 of zlib."""
    return base64.b64encode(zlib.compress(jdl.encode())).decode()


def extracted(stored: str) -> str:
    """The description of what JobDB keeps; rows of old releases hold the text itself."""
    return stored if stored.startswith("[") or not stored else zlib.decompress(base64.b64decode(stored)).decode()


def _dumped(text: str, rules: JobRules, owner: str, group: str, mark: int) -> str:
    manifest = JobManifest()
    _must(manifest.load(text))
    manifest.setOptionsFromDict({"Owner": owner, "OwnerGroup": group})
    for name, value, (least, most) in (
        ("CPUTime", rules.default_cpu_time, rules.cpu_time),
        ("Priority", rules.default_priority, rules.priority),
    ):
        if name not in manifest:
            manifest.setOption(name, max(least, min(value, most)))
    manifest.setOption("JobID", mark)
    return str(manifest.dumpAsJDL())


def _prepared(ad: Any, text: str, rules: JobRules, owner: str, group: str, mark: str) -> PreparedJob:
    ad.insertAttributeInt("JobID", mark)
    requirements = ClassAd("[]")
    row: dict[str, Any] = {}
    _must(
        checkAndPrepareJob(
            None, ad, requirements, owner, group, {}, rules.vo,
            config={
                "inputDataPolicyForVO": rules.input_data_module,
                "softwareDistModuleForVO": rules.software_dist_module,
                "defaultCPUTimeForOwnerGroup": rules.default_cpu_time,
                "getDIRACPlatform": lambda names: _platforms(names, rules),
            },
        )
    )  # fmt: skip
    jdl = createJDLWithInitialStatus(ad, requirements, FROM_JDL, row, "", "", modern=True)
    columns: dict[str, str] = {name: row[name] for name in (*FROM_JDL, "Site") if name in row}
    files = tuple(input_data(ad)), tuple(input_sandboxes(ad))
    return PreparedJob(compressed(text), jdl, columns, row["UserPriority"], *files, mark)


def _platforms(names: Sequence[str], rules: JobRules) -> Any:
    return getDIRACPlatform(names, rules.platforms)


def _must(result: Any) -> None:
    if not result["OK"]:
        raise InvalidInput(f"DIRAC can't use it: {result['Message']}")
