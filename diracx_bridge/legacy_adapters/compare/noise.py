"""What is no mismatch: the deliberate differences, by the marks that they leave, and the forms of equal answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from diracx_bridge.legacy_adapters.compare.effects import Diff, Effect
from diracx_bridge.legacy_adapters.job_monitoring.contract import CONTRACT as MONITORING
from diracx_bridge.legacy_adapters.job_state_update.heartbeat import NUMBERS, as_number

STATUS: Final = ("setJobStatus", "setJobStatusBulk", "setJobApplicationStatus", "updateJobFromStager")
STORE: Final = ("setJobParameter", "setJobParameters", "setJobsParameter")
BEAT: Final = ("sendHeartBeat",)
PARAMETERS: Final = (*STORE, *BEAT)
ATTRIBUTE: Final = ("setJobAttribute", "setJobSite")
EVERY: Final = (*STATUS, *PARAMETERS, *ATTRIBUTE)
READS: Final = tuple(method.name for method in MONITORING.methods)


@dataclass(frozen=True, slots=True)
class Noise:
    """``difference`` (its id in ``differences.py``) explains a ``Diff`` of these methods about ``what`` (a pattern).

    ``beside``: what else has to be true of the effects of legacy and of DiracX on the job. ``rows``: what differs of
    these rows and columns (a pattern) is explained with an answer.
    """

    difference: str
    methods: tuple[str, ...]
    what: str
    explains: Callable[[Any, Any], bool] = lambda legacy, diracx: True
    beside: Callable[[Effect, Effect], bool] = lambda legacy, diracx: True
    rows: str = ""

    def fits(self, method: str, diff: Diff) -> bool:
        """Whether it does."""
        return (
            method in self.methods
            and re.fullmatch(self.what, diff.what) is not None
            and self.explains(diff.legacy, diff.diracx)
            and (diff.effects is None or self.beside(*diff.effects))
        )


def _both_set(legacy: Any, diracx: Any) -> bool:
    return legacy is not None and diracx is not None


def _only_legacy(legacy: Any, diracx: Any) -> bool:
    return legacy is not None and diracx is None


def _equal_numbers(legacy: Any, diracx: Any) -> bool:
    try:
        return int(float(str(legacy))) == int(float(str(diracx)))
    except ValueError:
        return legacy == "" and diracx is None


def _only_legacy_and_no_number(legacy: Any, diracx: Any) -> bool:
    return _only_legacy(legacy, diracx) and as_number(legacy) is None


def _only_diracx(legacy: Any, diracx: Any) -> bool:
    return legacy is None and diracx is not None


def _set_with_start(legacy: Effect, diracx: Effect) -> bool:
    """Whether legacy has set the time of the heartbeat with that of the start: both are its now."""
    beat, start = (legacy.job.get(name) for name in ("HeartBeatTime", "StartExecTime"))
    return bool(beat and start) and abs(_seconds(beat) - _seconds(start)) <= 1


def _seconds(time: Any) -> float:
    return datetime.fromisoformat(str(time)).timestamp()


def _of_own_record(column: str, source: str = "") -> Callable[[Effect, Effect], bool]:
    """Whether the time that DiracX has set is that of a record which it has written, of this source if one is given."""

    def so(legacy: Effect, diracx: Effect) -> bool:
        return any(
            row["StatusTime"] == diracx.job.get(column) and (not source or row["StatusSource"] == source)
            for row in diracx.log
        )

    return so


def _said(*words: str) -> Callable[[Any, Any], bool]:
    """Legacy's error has one of these words, and DiracX's answer is another."""
    return lambda legacy, diracx: not legacy["OK"] and any(word in str(legacy["Message"]) for word in words)


def _also(*conditions: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda legacy, diracx: all(condition(legacy, diracx) for condition in conditions)


def _nothing_here(legacy: Any, diracx: Any) -> bool:
    """Legacy has refused what sets nothing."""
    return "Not authorized" in str(legacy.get("Message")) and bool(diracx["OK"]) and diracx["Value"] is None


def _none_for_no_row(legacy: Any, diracx: Any) -> bool:
    return bool(legacy["OK"] and diracx["OK"]) and legacy["Value"] is None and diracx["Value"] == 0


def _done_here(legacy: Any, diracx: Any) -> bool:
    return bool(diracx["OK"])


def _done_there(legacy: Any, diracx: Any) -> bool:
    return bool(legacy["OK"])


def _both_ok(legacy: Any, diracx: Any) -> bool:
    return bool(legacy["OK"] and diracx["OK"])


def _refused_here(*words: str) -> Callable[[Any, Any], bool]:
    def explains(legacy: Any, diracx: Any) -> bool:
        return not diracx["OK"] and any(word in str(diracx["Message"]) for word in words)

    return explains


def _more_kills(legacy: Any, diracx: Any) -> bool:
    return [row for row in diracx if row[0] != "Kill"] == [row for row in legacy if row[0] != "Kill"]


def _beats_logged(legacy: Any, diracx: Any) -> bool:
    return not legacy and all(str(row["StatusSource"]).startswith("Heartbeat") for row in diracx)


NOISE: Final = (
    Noise("jsu-exec-times", STATUS, r"Jobs\.(Start|End)ExecTime", _both_set),
    Noise("jsu-refused-start", STATUS, r"Jobs\.(Start|End)ExecTime", _only_legacy),
    Noise("jsu-end-of-ended", STATUS, r"Jobs\.EndExecTime", _only_diracx, _of_own_record("EndExecTime")),
    Noise("jsu-start-of-running", STATUS, r"Jobs\.StartExecTime", _only_diracx, _of_own_record("StartExecTime")),
    Noise("jsu-start-heartbeat", STATUS, r"Jobs\.HeartBeatTime", _only_legacy, _set_with_start),
    Noise("jsu-heartbeat-source", STATUS, r"Jobs\.HeartBeatTime", beside=_of_own_record("HeartBeatTime", "Heartbeat")),
    Noise(
        "jsu-refused-source",
        STATUS,
        r"LoggingInfo\.StatusSource",
        lambda legacy, diracx: (legacy, diracx) == ("(SM)", "Unknown(SM)"),
    ),
    Noise("jsu-kill", STATUS, r"JobCommands rows", _more_kills),
    Noise("jsu-unknown-state", STATUS, r"answer", _refused_here("is not a valid state")),
    Noise("jsu-bad-time", STATUS, r"answer", _refused_here("is not a time")),
    Noise("jsu-empty-updates", STATUS, r"answer", _refused_here("statusDict is empty")),
    Noise("jsu-scouting", (*STATUS, "setJobAttribute"), r"answer", _refused_here("Scouting")),
    Noise(
        "jsu-long-text",
        (*STATUS, *ATTRIBUTE),
        r"answer",
        _also(_said("Data too long"), _refused_here("1131")),
        rows=r"Jobs\.(Status|LastUpdateTime)",
    ),
    Noise("jsu-bad-value", ATTRIBUTE, r"answer", _also(_said("1131"), _refused_here("is not a time"))),
    Noise(
        "jsu-no-log", STATUS, r"answer", _also(_said("No Logging Info"), _done_here), rows=r"Jobs\..*|LoggingInfo rows"
    ),
    Noise(
        "jsu-id-range",
        EVERY,
        r"answer",
        _also(_said("Out of range value for column 'JobID'"), _refused_here("No Matching Job", "not found")),
    ),
    Noise("jsu-id-range", ATTRIBUTE, r"answer", _none_for_no_row),
    Noise("jsu-parameter-of-no-job", STORE, r"answer", _also(_done_there, _refused_here("No Matching Job"))),
    Noise("jsu-parameter-value", ("setJobParameter", "setJobParameters"), r"answer", _both_ok),
    Noise("jsu-parameter-names", PARAMETERS, r"answer", _refused_here("can't be called Site", "can't be set here")),
    Noise("jsu-parameter-names", BEAT, r"JobParameters\.(Site|Status|JobType)", _only_legacy),
    Noise("jsu-parameter-refused", STORE, r"answer", _also(_said("RequestError("), lambda _, diracx: not diracx["OK"])),
    Noise(
        "jsu-parameter-parked",
        STORE,
        r"answer",
        _also(_said("mapper_parsing_exception"), _done_here),
        rows=r"JobParameters\..*",
    ),
    Noise("jsu-nothing-to-set", ("setJobStatus", "setJobApplicationStatus", *STORE), r"answer", _nothing_here),
    Noise("jsu-parameter-numbers", PARAMETERS, r"JobParameters\..*", _equal_numbers),
    Noise("jsu-heartbeat-items", BEAT, r"HeartBeatLoggingInfo\..*", _equal_numbers),
    Noise("jsu-heartbeat-items", BEAT, rf"HeartBeatLoggingInfo\.(?!({'|'.join(NUMBERS)})$).*", _only_legacy),
    Noise("jsu-heartbeat-items", BEAT, r"HeartBeatLoggingInfo\..*", _only_legacy_and_no_number),
    Noise("jsu-heartbeat-state", BEAT, r"Jobs\.Status", lambda legacy, diracx: legacy == "Running"),
    Noise("jsu-heartbeat-state", BEAT, r"Jobs\.(StartExecTime|LastUpdateTime)"),
    Noise("jsu-heartbeat-state", BEAT, r"LoggingInfo rows", _beats_logged),
    Noise("jsu-heartbeat-time", BEAT, r"Jobs\.HeartBeatTime", _both_set),
    Noise("jm-vo", READS, r"answer", _refused_here("none of the properties that allow to search jobs")),
    Noise("jm-bad-id", READS, r"answer", _refused_here("is not a job id")),
    Noise("jm-bad-heartbeat", ("getJobHeartBeatData",), r"answer", _also(_said(""), _done_here)),
)


def unexplained(method: str, diffs: Sequence[Diff]) -> list[Diff]:
    """Those of the ``diffs`` of one call that no deliberate difference explains."""
    answers = [noise for diff in diffs for noise in NOISE if diff.effects is None and noise.fits(method, diff)]
    beside = [noise.rows for noise in answers if noise.rows]
    return [
        diff
        for diff in diffs
        if explained(method, diff) is None and not any(re.fullmatch(rows, diff.what) for rows in beside)
    ]


def explained(method: str, diff: Diff) -> str | None:
    """The deliberate difference that explains ``diff``, by its id; ``None`` if none does."""
    return next((noise.difference for noise in NOISE if noise.fits(method, diff)), None)


def same_form(value: Any, *, ordered: bool = True) -> Any:
    """``value`` in the one form in which equal answers are equal.

    Keys are texts, tuples are lists, times have whole seconds; without ``ordered`` lists are sorted by their texts.
    """
    if isinstance(value, Mapping):
        return {str(key): same_form(member, ordered=ordered) for key, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        members = [same_form(member, ordered=ordered) for member in value]
        return members if ordered and isinstance(value, list | tuple) else sorted(members, key=repr)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value
