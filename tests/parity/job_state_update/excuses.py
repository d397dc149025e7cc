"""What each deliberate difference explains: fields of an outcome that differ, under conditions that are checked.

An outcome is a flat mapping: the members of the answer (``OK``, ``Value``, ``Errno``, ``Message``, ``Raised``) and
those of the rows (`twins.Twins.rows`). An excuse looks at a case and says which of the differing fields its difference
explains; what no excuse explains is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.parity.job_state_update.cases import ENDED, FOREIGNER, Case

Fields = Mapping[str, Any]
ANSWER: Final = ("OK", "Value", "Errno", "Message", "Raised")
COLUMNS_OF_ATTRIBUTES: Final = frozenset({"Status", "JobType", "Site"})
NUMBERS: Final = frozenset({"CPUNormalizationFactor", "NormCPUTime(s)", "TotalCPUTime(s)", "Memory(MB)", "PayloadPID"})
BROKEN: Final = ("500 Server Error", "Server error while serving", "Peer closed connection")
"""How errors begin where the handler raised, or gave what can't be sent: of HTTPS, and of DISET."""
PARAMETER_METHODS: Final = frozenset({"setJobParameter", "setJobParameters", "setJobsParameter"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One case with both outcomes, and the rows ``before`` the call."""

    case: Case
    before: Fields
    theirs: Fields
    ours: Fields

    @property
    def differing(self) -> set[str]:
        """The fields in which the outcomes differ."""
        return {name for name in {*self.theirs, *self.ours} if self.theirs.get(name) != self.ours.get(name)}

    @property
    def updates(self) -> dict[str, dict[str, Any]]:
        """The updates of a status call by their time as it is stored (seconds)."""
        if self.case.method == "setJobStatusBulk":
            return {str(time): members for time, members in self.case.arguments[1].items()}
        if self.case.method == "setJobStatus":
            names = ("Status", "MinorStatus", "Source")
            time = self.case.arguments[4] if len(self.case.arguments) > 4 else "now"
            return {str(time): dict(zip(names, self.case.arguments[1:4], strict=True))}
        return {}

    def times(self, wanted: Callable[[dict[str, Any]], bool]) -> set[str]:
        """The times, in whole seconds, of the updates that are ``wanted``."""
        return {time[:19] for time, members in self.updates.items() if wanted(members)}

    @property
    def unchanged(self) -> bool:
        """Whether our side has changed no row."""
        return all(self.ours.get(name) == value for name, value in self.before.items())

    def refused(self, *texts: str) -> bool:
        """Whether our side said no with one of these texts, and has changed nothing."""
        message = str(self.ours.get("Message", ""))
        return not self.ours["OK"] and self.unchanged and any(text in message for text in texts)

    def broke(self, exception: str) -> bool:
        """Whether the legacy handler raised this; a client sees a broken service, in each transport's own way."""
        said = str(self.theirs.get("Message", ""))
        return self.theirs.get("Raised") == exception or (not self.theirs["OK"] and said.startswith(BROKEN))

    @property
    def statuses(self) -> set[Any]:
        """The states that the updates ask for."""
        if self.case.method == "setJobAttribute":
            return {self.case.arguments[2]} if self.case.arguments[1] == "Status" else set()
        return {members.get("Status") for members in self.updates.values()}


Excuse = Callable[[Seen], Iterable[str]]
EXCUSES: dict[str, Excuse] = {}


def excuses(difference: str) -> Callable[[Excuse], Excuse]:
    """Register a function as what the difference explains: the names of the fields."""

    def register(function: Excuse) -> Excuse:
        EXCUSES[difference] = function
        return function

    return register


def unexplained(seen: Seen) -> tuple[set[str], set[str]]:
    """(fields that differ and that no difference explains, ids of the differences that explain some)."""
    left, used = seen.differing, set()
    for difference, excuse in EXCUSES.items():
        if explained := left.intersection(excuse(seen)):
            left -= explained
            used.add(difference)
    return left, used


def everything(seen: Seen) -> set[str]:
    return seen.differing


@excuses("jsu-bad-time")
def _bad_time(seen: Seen) -> Iterable[str]:
    return everything(seen) if "bad time" in seen.case.tags and seen.refused("is not a time: write it as") else ()


@excuses("jsu-datetime")
def _datetime(seen: Seen) -> Iterable[str]:
    objects = any(not isinstance(argument, str) for argument in seen.case.arguments[4:5])
    return everything(seen) if objects and seen.broke("TypeError") and seen.ours["OK"] else ()


@excuses("jsu-empty-updates")
def _empty_updates(seen: Seen) -> Iterable[str]:
    return everything(seen) if seen.broke("IndexError") and seen.refused("statusDict is empty") else ()


@excuses("jsu-unknown-state")
def _unknown_state(seen: Seen) -> Iterable[str]:
    return everything(seen) if "Nonsense" in seen.statuses and seen.refused("'Nonsense' is not a valid state") else ()


@excuses("jsu-scouting")
def _scouting(seen: Seen) -> Iterable[str]:
    return everything(seen) if "Scouting" in seen.statuses and seen.refused("Scouting") else ()


@excuses("jsu-no-log")
def _no_log(seen: Seen) -> Iterable[str]:
    said = seen.theirs.get("Message") == "No Logging Info for job <job>"
    return everything(seen) if said and not seen.case.logged and seen.ours["OK"] and seen.ours["log"] else ()


@excuses("jsu-long-text")
def _long_text(seen: Seen) -> Iterable[str]:
    both = seen.theirs.get("Errno") == 1131 == seen.ours.get("Errno")
    return (
        everything(seen) if both and "Data too long" in seen.theirs["Message"] and seen.refused("longer than") else ()
    )


@excuses("jsu-bad-value")
def _bad_value(seen: Seen) -> Iterable[str]:
    both = seen.theirs.get("Errno") == 1131 == seen.ours.get("Errno")
    return {"Message"} if both and seen.case.method == "setJobAttribute" and seen.refused("is not a time") else ()


@excuses("jsu-bad-id")
def _bad_id(seen: Seen) -> Iterable[str]:
    return everything(seen) if "no id" in seen.case.tags and seen.refused("is not a job id") else ()


@excuses("jsu-id-range")
def _id_range(seen: Seen) -> Iterable[str]:
    (number, *_) = seen.case.arguments
    if isinstance(number, dict):
        number = next(iter(number), None)
    if number not in (2**40, 0, -5):
        return ()
    return (
        everything(seen)
        if seen.ours.get("Value") == 0 or seen.refused("No Matching Job", "not found", "Not auth")
        else ()
    )


@excuses("jsu-vo")
def _vo(seen: Seen) -> Iterable[str]:
    others = (seen.case.caller == FOREIGNER) != (seen.case.owner == FOREIGNER)
    return everything(seen) if others and seen.refused("Not authorized to modify job") else ()


@excuses("jsu-parameter-of-no-job")
def _parameter_of_no_job(seen: Seen) -> Iterable[str]:
    about = "no job" in seen.case.tags and seen.case.method in PARAMETER_METHODS
    return everything(seen) if about and seen.theirs["OK"] and seen.refused("No Matching Job") else ()


@excuses("jsu-parameter-names")
def _parameter_names(seen: Seen) -> Iterable[str]:
    if not COLUMNS_OF_ATTRIBUTES & set(_parameter_names_of(seen.case)):
        return ()
    if seen.case.method == "sendHeartBeat":
        return {"parameters"} if "parameters" not in seen.ours else ()
    return everything(seen) if seen.refused("can't be set here", "can't be called Site") else ()


@excuses("jsu-parameter-refused")
def _parameter_refused(seen: Seen) -> Iterable[str]:
    about = seen.case.method in PARAMETER_METHODS and not seen.theirs["OK"] and not seen.ours["OK"]
    refused = "RequestError(" in str(seen.theirs.get("Message")) or seen.broke("RequestError")  # no JSON, so not sent
    return {"Message"} if about and refused and seen.unchanged else ()


@excuses("jsu-parameter-parked")
def _parameter_parked(seen: Seen) -> Iterable[str]:
    broke = seen.case.method in PARAMETER_METHODS and seen.broke("RequestError")
    refused = broke or "mapper_parsing_exception" in str(seen.theirs.get("Message"))
    return everything(seen) if refused and seen.ours["OK"] and "parameters" not in seen.ours else ()


@excuses("jsu-nothing-to-set")
def _nothing_to_set(seen: Seen) -> Iterable[str]:
    empty = set(_parameter_names_of(seen.case)) <= {"timestamp"} and seen.case.method in PARAMETER_METHODS
    return {"Value", "parameters"} if empty and seen.ours["OK"] and "parameters" not in seen.ours else ()


@excuses("jsu-parameter-value")
def _parameter_value(seen: Seen) -> Iterable[str]:
    index = isinstance(seen.theirs.get("Value"), str) and "job_parameters_" in seen.theirs["Value"]
    return {"Value"} if index and seen.ours["OK"] and seen.ours["Value"] is None else ()


@excuses("jsu-parameter-numbers")
def _parameter_numbers(seen: Seen) -> Iterable[str]:
    theirs, ours = seen.theirs.get("parameters"), seen.ours.get("parameters")
    if not theirs or not ours or theirs.keys() != ours.keys():
        return ()
    other = {name for name in theirs if theirs[name] != ours[name]}
    same = all(name in NUMBERS and _whole(theirs[name]) == ours[name] for name in other)
    return {"parameters"} if same else ()


@excuses("jsu-refused-source")
def _refused_source(seen: Seen) -> Iterable[str]:
    theirs = [(*record[:-1], "Unknown(SM)" if record[-1] == "(SM)" else record[-1]) for record in seen.theirs["log"]]
    return {"log"} if theirs == seen.ours["log"] else ()


@excuses("jsu-exec-times")
def _exec_times(seen: Seen) -> Iterable[str]:
    running = seen.times(lambda members: members.get("Status") == "Running")
    if seen.theirs.get("StartExecTime") == "now" and seen.ours.get("StartExecTime") in running:
        yield "StartExecTime"
    if seen.theirs.get("EndExecTime") == "now" and seen.ours.get("EndExecTime") in seen.times(lambda members: True):
        yield "EndExecTime"


@excuses("jsu-refused-start")
def _refused_start(seen: Seen) -> Iterable[str]:
    # a long Source is cut, with its mark
    refused = any(record[-1].endswith("(SM)") or len(record[-1]) == 32 for record in seen.ours.get("log", ()))
    if refused and seen.theirs.get("StartExecTime") == "now" and seen.ours.get("StartExecTime") is None:
        yield "StartExecTime"
    if refused and seen.theirs.get("EndExecTime") == "now" and seen.ours.get("EndExecTime") is None:
        yield "EndExecTime"


@excuses("jsu-end-of-ended")
def _end_of_ended(seen: Seen) -> Iterable[str]:
    ended = seen.ours.get("EndExecTime") in seen.times(lambda members: True)
    return {"EndExecTime"} if seen.theirs.get("EndExecTime") is None and ended and seen.case.status in ENDED else ()


@excuses("jsu-start-heartbeat")
def _start_heartbeat(seen: Seen) -> Iterable[str]:
    started = seen.theirs.get("StartExecTime") == "now" and seen.theirs.get("HeartBeatTime") == "now"
    return {"HeartBeatTime"} if started else ()


@excuses("jsu-heartbeat-source")
def _heartbeat_source(seen: Seen) -> Iterable[str]:
    beats = seen.times(lambda members: members.get("Source") == "Heartbeat")
    return {"HeartBeatTime"} if seen.ours.get("HeartBeatTime") in beats else ()


@excuses("jsu-kill")
def _kill(seen: Seen) -> Iterable[str]:
    stops = bool(seen.statuses & {"Killed", "Deleted"})
    return (
        {"commands"}
        if stops and not seen.theirs["commands"] and seen.ours["commands"] == [("Kill", "", "Received")]
        else ()
    )


@excuses("jsu-heartbeat-state")
def _heartbeat_state(seen: Seen) -> Iterable[str]:
    if seen.case.method != "sendHeartBeat":
        return ()
    if seen.case.status in ("Matched", "Stalled"):
        records = seen.ours["log"][len(seen.before["log"]) :]
        logged = records == [("Running", "idem", "idem", "now", "now", "Heartbeat")]
        return {"log", "LastUpdateTime", "StartExecTime"} if logged else ()
    return {"Status"} if seen.theirs["Status"] == "Running" and seen.ours["Status"] == seen.case.status else ()


@excuses("jsu-heartbeat-items")
def _heartbeat_items(seen: Seen) -> Iterable[str]:
    if seen.case.method != "sendHeartBeat":
        return ()
    ours = dict(seen.ours["beats"])
    known = {name: value for name, value in seen.theirs["beats"] if name in ours}
    same = known.keys() == ours.keys() and all(float(known[name]) == float(ours[name]) for name in ours)
    return {"beats"} if same else ()


def _parameter_names_of(case: Case) -> list[Any]:
    if case.method == "setJobParameter":
        return [case.arguments[1]]
    if case.method == "setJobParameters":
        return [name for name, _ in case.arguments[1]]
    if case.method == "setJobsParameter":
        return [name for name, _ in case.arguments[0].values()]
    return list(case.arguments[2]) if case.method == "sendHeartBeat" else []


def _whole(value: Any) -> Any:
    try:
        return int(float(value))
    except ValueError:
        return value or None
