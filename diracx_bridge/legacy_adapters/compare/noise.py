"""What is no mismatch: the deliberate differences, by the marks that they leave, and the forms of equal answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from diracx_bridge.legacy_adapters.compare.effects import Diff

STATUS: Final = ("setJobStatus", "setJobStatusBulk", "setJobApplicationStatus", "updateJobFromStager")
PARAMETERS: Final = ("setJobParameter", "setJobParameters", "setJobsParameter", "sendHeartBeat")
BEAT: Final = ("sendHeartBeat",)


@dataclass(frozen=True, slots=True)
class Noise:
    """``difference`` (its id in ``differences.py``) explains a ``Diff`` of these methods about ``what`` (a pattern)."""

    difference: str
    methods: tuple[str, ...]
    what: str
    explains: Callable[[Any, Any], bool] = lambda legacy, diracx: True

    def fits(self, method: str, diff: Diff) -> bool:
        """Whether it does."""
        return (
            method in self.methods
            and re.fullmatch(self.what, diff.what) is not None
            and self.explains(diff.legacy, diff.diracx)
        )


def _both_set(legacy: Any, diracx: Any) -> bool:
    return legacy is not None and diracx is not None


def _only_legacy(legacy: Any, diracx: Any) -> bool:
    return legacy is not None and diracx is None


def _equal_numbers(legacy: Any, diracx: Any) -> bool:
    try:
        return int(float(str(legacy))) == int(float(str(diracx)))
    except ValueError:
        return False


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
    Noise("jsu-long-text", (*STATUS, "setJobAttribute"), r"answer", _refused_here("1131")),
    Noise("jsu-no-log", STATUS, r"answer", lambda legacy, diracx: "No Logging Info" in str(legacy.get("Message"))),
    Noise("jsu-parameter-value", ("setJobParameter", "setJobParameters"), r"answer", _both_ok),
    Noise("jsu-parameter-names", PARAMETERS, r"answer", _refused_here("can't be called Site", "can't be set here")),
    Noise("jsu-parameter-numbers", PARAMETERS, r"JobParameters\..*", _equal_numbers),
    Noise("jsu-heartbeat-items", BEAT, r"HeartBeatLoggingInfo\..*", _equal_numbers),
    Noise("jsu-heartbeat-items", BEAT, r"HeartBeatLoggingInfo\..*", _only_legacy),
    Noise("jsu-heartbeat-state", BEAT, r"Jobs\.Status", lambda legacy, diracx: legacy == "Running"),
    Noise("jsu-heartbeat-state", BEAT, r"Jobs\.(StartExecTime|LastUpdateTime)"),
    Noise("jsu-heartbeat-state", BEAT, r"LoggingInfo rows", _beats_logged),
    Noise("jsu-heartbeat-time", BEAT, r"Jobs\.HeartBeatTime", _both_set),
)


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
