"""What is wrong with a job description: one function for each kind of fault, all faults at once.

The limits are those of DIRAC 9.1's ``JobDescriptionModel`` and ``JobManifest``, but for the names of sites: those
are not in DiracX's configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from diracx_bridge.services.jobs.jdl.rules import JobRules

LENGTHS: Final = {"JobName": 128, "JobType": 32, "JobGroup": 32, "Site": 100}
"""Columns of Jobs that are filled from the attributes of the same name."""
LFN_LENGTH: Final = 255
LOG_LEVELS: Final = ("DEBUG", "VERBOSE", "INFO", "WARN", "NOTICE", "ERROR", "ALWAYS", "FATAL")
MOST_PROCESSORS: Final = 1024


def faults(ad: Any, rules: JobRules) -> Iterator[str]:
    """Each fault of a job description (a ``ClassAd``), with the attribute and what to change."""
    for check in CHECKS:
        yield from check(ad, rules)


def _executable(ad: Any, _rules: JobRules) -> Iterator[str]:
    if not ad.getAttributeString("Executable").strip():
        yield "Executable is missing; name the program to run"


def _numbers(ad: Any, rules: JobRules) -> Iterator[str]:
    for name, (least, most) in (("CPUTime", rules.cpu_time), ("Priority", rules.priority)):
        yield from _bounds(ad, name, least, most)


def _processors(ad: Any, _rules: JobRules) -> Iterator[str]:
    names = ("NumberOfProcessors", "MinNumberOfProcessors", "MaxNumberOfProcessors")
    for name in names:
        yield from _bounds(ad, name, 1, MOST_PROCESSORS)
    least, most = (ad.getAttributeInt(name) for name in names[1:])
    if least is not None and most is not None and most < least:
        yield f"MaxNumberOfProcessors = {most} is less than MinNumberOfProcessors = {least}"


def _job_type(ad: Any, rules: JobRules) -> Iterator[str]:
    for name in ad.getListFromExpression("JobType"):
        if name not in rules.job_types:
            allowed = ", ".join(rules.job_types)
            yield f"JobType {name!r:.60} is not allowed in VO {rules.vo}; the allowed ones are {allowed}"


def _input_data(ad: Any, rules: JobRules) -> Iterator[str]:
    lfns = input_data(ad)
    if len(lfns) > rules.max_input_data:
        yield f"InputData names {len(lfns)} files; the most are {rules.max_input_data}"
        return
    for lfn in lfns:
        path = lfn.removeprefix("LFN:")
        if not path.startswith(f"/{rules.vo}/") or "//" in path:
            yield f"InputData {lfn!r:.100} is no file of VO {rules.vo}; write LFN:/{rules.vo}/..., single slashes"
        elif len(lfn) > LFN_LENGTH:
            yield f"InputData {lfn!r:.60}... is longer than {LFN_LENGTH} characters"
    if len({lfn.casefold() for lfn in lfns}) < len(lfns):
        yield "InputData names files that differ in upper and lower case only; DIRAC's JobDB can't tell them apart"


def _input_sandbox(ad: Any, _rules: JobRules) -> Iterator[str]:
    for name in ad.getListFromExpression("InputSandbox"):
        if name.startswith("LFN:") and not name.startswith("LFN:/"):
            yield f"InputSandbox {name!r:.100}: an LFN begins with LFN:/"


def _sites(ad: Any, _rules: JobRules) -> Iterator[str]:
    sites, banned = (set(ad.getListFromExpression(name)) for name in ("Site", "BannedSites"))
    if sites and sites <= banned:
        yield "Every Site is also one of BannedSites; no site is left to run at"


def _log_level(ad: Any, _rules: JobRules) -> Iterator[str]:
    level = ad.getAttributeString("LogLevel")
    if level and level.upper() not in LOG_LEVELS:
        yield f"LogLevel {level!r:.60} is none of {', '.join(LOG_LEVELS)}"


def _lengths(ad: Any, _rules: JobRules) -> Iterator[str]:
    for name, most in LENGTHS.items():
        value = ad.getAttributeString(name)
        if len(value) > most and not (name == "Site" and "," in value):
            yield f"{name} is longer than {most} characters: {value!r:.60}..."


def _owner(ad: Any, rules: JobRules) -> Iterator[str]:
    vo = ad.getAttributeString("VirtualOrganization")
    if vo and vo != rules.vo:
        yield f"VirtualOrganization {vo!r:.60} is not that of your token, {rules.vo}; remove the attribute"


def _bounds(ad: Any, name: str, least: int, most: int) -> Iterator[str]:
    if not ad.lookupAttribute(name):
        return
    value = ad.getAttributeInt(name)
    if value is None:
        yield f"{name} = {ad.get_expression(name)!r:.60} is no whole number; give one from {least} to {most}"
    elif not least <= value <= most:
        yield f"{name} = {value} is out of bounds; give a number from {least} to {most}"


def input_data(ad: Any) -> list[str]:
    """The input files of a job description, each once."""
    return list(dict.fromkeys(lfn.strip() for lfn in ad.getListFromExpression("InputData") if lfn.strip()))


def input_sandboxes(ad: Any) -> list[str]:
    """The uploaded sandboxes (``SB:...``) that a job description names, each once."""
    names = (name.strip() for name in ad.getListFromExpression("InputSandbox"))
    return list(dict.fromkeys(name for name in names if name.startswith("SB:")))


CHECKS: Final[tuple[Callable[[Any, JobRules], Iterator[str]], ...]] = (
    _executable,
    _numbers,
    _processors,
    _job_type,
    _input_data,
    _input_sandbox,
    _sites,
    _log_level,
    _lengths,
    _owner,
)
