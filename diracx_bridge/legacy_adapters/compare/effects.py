"""The effect of a call on the rows of a job, as DiracX predicts it and as legacy then had it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

LOG_TEXTS: Final = ("Status", "MinorStatus", "ApplicationStatus", "StatusSource")
JOB_TEXTS: Final = ("Status", "MinorStatus", "ApplicationStatus", "Site")
JOB_TIMES: Final = ("StartExecTime", "EndExecTime", "HeartBeatTime", "LastUpdateTime")
OWN_PARAMETERS: Final = frozenset({"JobID", "timestamp"})
SLACK: Final = 2.0
"""Seconds by which times that are the moment of the call may differ, beyond the time that the call took."""
TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Diff:
    """``what`` (``Jobs.MinorStatus``, ``LoggingInfo rows``, ``answer``) that legacy and DiracX have differently.

    ``effects`` are both effects on the job, of legacy and DiracX, by which it may be explained; not for answers.
    """

    what: str
    legacy: Any
    diracx: Any
    effects: tuple[Effect, Effect] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call did to one job: the row as it is then, and what was added."""

    job: Row
    log: Sequence[Row] = ()
    commands: Sequence[Row] = ()
    beats: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When the call was carried out (naive UTC), and the texts that it was given, times among them."""

    begun: datetime
    ended: datetime
    texts: frozenset[str]

    @classmethod
    def of(cls, arguments: Any, begun: datetime, ended: datetime) -> Moment:
        """The moment of a call with these arguments."""
        texts = set(_texts(arguments))
        times = {found.replace("T", " ") for text in texts for found in TIME.findall(text)}
        return cls(begun, ended, frozenset(texts | times))

    @property
    def slack(self) -> float:
        """Seconds by which "now" may differ."""
        return (self.ended - self.begun).total_seconds() + SLACK

    def is_own(self, time: str) -> bool:
        """Whether a log record of this time can be one of the call's: its times are given, or the moment."""
        if any(TIME.fullmatch(text) for text in self.texts):
            return time in self.texts
        return abs((datetime.fromisoformat(time) - self.ended).total_seconds()) <= self.slack

    def same_time(self, legacy: Any, diracx: Any) -> bool:
        """Whether two times mean the same: equal, or both the moment of the call."""
        if legacy == diracx:
            return True
        if legacy is None or diracx is None or str(legacy) in self.texts:
            return False
        one, other = datetime.fromisoformat(str(legacy)), datetime.fromisoformat(str(diracx))
        now = abs((one - self.ended).total_seconds()) <= self.slack
        return now and abs((one - other).total_seconds()) <= self.slack


def predicted_effects(results: Sequence[Mapping[str, Any]]) -> dict[str, Effect]:
    """By job (text): the effects of rehearsals, each of which started from the same rows, taken together."""
    effects: dict[str, Effect] = {}
    for result in results:
        for job, after in result["after"].items():
            before = result["before"].get(job, {})
            known = effects.get(job) or Effect(before["Jobs"][0] if before.get("Jobs") else {})
            made = _effect(before, after, result["parameters"].get(job, {}), result["stored"], job)
            changed = {n: v for n, v in made.job.items() if before.get("Jobs") and v != before["Jobs"][0][n]}
            effects[job] = Effect(
                job={**known.job, **changed},
                log=[*known.log, *made.log],
                commands=[*known.commands, *made.commands],
                beats={**known.beats, **made.beats},
                parameters=None if made.parameters is None else {**(known.parameters or {}), **made.parameters},
            )
    return effects


def actual_effects(results: Sequence[Mapping[str, Any]], state: Mapping[str, Any]) -> dict[str, Effect]:
    """By job: what has changed since the first rehearsal, up to ``state`` (``POST /api/bridge/rehearsals/state``)."""
    effects = {}
    for result in results:
        for job, before in result["before"].items():
            if job not in effects and job in state["rows"]:
                now = None if state["parameters"] is None else state["parameters"].get(job, {})
                effects[job] = _effect(before, state["rows"][job], now, result["stored"], job)
    return effects


def _effect(before: Rows, after: Rows, parameters: Mapping[str, Any] | None, stored: Any, job: str) -> Effect:
    seen = max((row["SeqNum"] for row in before.get("LoggingInfo", ())), default=0)
    was = {} if stored is None else stored.get(job, {})
    return Effect(
        job=after["Jobs"][0] if after.get("Jobs") else {},
        log=[row for row in after.get("LoggingInfo", ()) if row["SeqNum"] > seen],
        commands=[row for row in after.get("JobCommands", ()) if row not in before.get("JobCommands", ())],
        beats={
            row["Name"]: row["Value"]
            for row in after.get("HeartBeatLoggingInfo", ())
            if row not in before.get("HeartBeatLoggingInfo", ())
        },
        parameters=None
        if parameters is None or stored is None
        else {n: v for n, v in parameters.items() if n not in OWN_PARAMETERS and (n not in was or was[n] != v)},
    )


def diffs_of(legacy: Effect, diracx: Effect, moment: Moment) -> list[Diff]:
    """What differs between the two effects on a job."""
    found = [
        *(Diff(f"Jobs.{n}", legacy.job.get(n), diracx.job.get(n)) for n in JOB_TEXTS if _differ(legacy, diracx, n)),
        *(
            Diff(f"Jobs.{n}", legacy.job.get(n), diracx.job.get(n))
            for n in JOB_TIMES
            if not moment.same_time(legacy.job.get(n), diracx.job.get(n))
        ),
        *_log_diffs(legacy.log, diracx.log, moment),
        *_command_diffs(legacy.commands, diracx.commands),
        *_named_diffs("HeartBeatLoggingInfo", legacy.beats, diracx.beats),
        *(
            _named_diffs("JobParameters", legacy.parameters, diracx.parameters)
            if legacy.parameters is not None and diracx.parameters is not None
            else ()
        ),
    ]
    return [replace(diff, effects=(legacy, diracx)) for diff in found]


def _differ(legacy: Effect, diracx: Effect, name: str) -> bool:
    return bool(legacy.job.get(name) != diracx.job.get(name))


def _log_diffs(legacy: Sequence[Row], diracx: Sequence[Row], moment: Moment) -> Iterator[Diff]:
    if len(legacy) != len(diracx):
        yield Diff("LoggingInfo rows", list(map(dict, legacy)), list(map(dict, diracx)))
        return
    for one, other in zip(legacy, diracx, strict=True):
        for name in LOG_TEXTS:
            if one[name] != other[name]:
                yield Diff(f"LoggingInfo.{name}", one[name], other[name])
        if not moment.same_time(one["StatusTime"], other["StatusTime"]):
            yield Diff("LoggingInfo.StatusTime", one["StatusTime"], other["StatusTime"])
        allowed = 0.0015 if one["StatusTime"] in moment.texts else moment.slack
        if abs(one["StatusTimeOrder"] - other["StatusTimeOrder"]) > allowed:
            yield Diff("LoggingInfo.StatusTimeOrder", one["StatusTimeOrder"], other["StatusTimeOrder"])


def _command_diffs(legacy: Sequence[Row], diracx: Sequence[Row]) -> Iterator[Diff]:
    def told(rows: Sequence[Row]) -> list[tuple[str, ...]]:
        return sorted((row["Command"], row["Arguments"], row["Status"]) for row in rows)

    if told(legacy) != told(diracx):
        yield Diff("JobCommands rows", told(legacy), told(diracx))


def _named_diffs(table: str, legacy: Mapping[str, Any], diracx: Mapping[str, Any]) -> Iterator[Diff]:
    for name in sorted(legacy.keys() | diracx.keys()):
        if legacy.get(name) != diracx.get(name):
            yield Diff(f"{table}.{name}", legacy.get(name), diracx.get(name))


def raced(legacy: Effect, diracx: Effect, before: Row, moment: Moment) -> bool:
    """Whether somebody else has changed the job meanwhile: there is what neither the call nor DiracX explains."""
    for name in JOB_TEXTS:
        value = legacy.job.get(name)
        if value not in (diracx.job.get(name), before.get(name)) and str(value) not in moment.texts:
            return True
    if len(legacy.log) > len(diracx.log):
        sources = {_source(row) for row in diracx.log}
        return any(
            not moment.is_own(row["StatusTime"]) or (_source(row) not in sources and _source(row) not in moment.texts)
            for row in legacy.log
        )
    return False


def _source(row: Row) -> str:
    return str(row["StatusSource"]).removesuffix("(SM)")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _texts(key)
            yield from _texts(member)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for member in value:
            yield from _texts(member)
    else:
        yield str(value)
