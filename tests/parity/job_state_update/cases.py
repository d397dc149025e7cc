"""Calls of JobStateUpdate, generated: every method, with what clients send and what they should not."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from DIRACCommon.WorkloadManagementSystem.Client.JobStatus import JOB_STATES

from tests.parity.sides import Asked

STATES: Final = tuple(JOB_STATES)
STARTED: Final = frozenset({"Running", "Stalled", "Completing", "Completed", "Done", "Failed"})
ENDED: Final = frozenset({"Done", "Completed", "Failed", "Killed"})
LATE, LATER, LATEST = "2030-01-01 12:00:01", "2030-01-01 12:00:02.250000", "2030-01-01 12:00:30"
EARLY: Final = "2020-01-01 12:00:00"
OWNER = ("alice", "dirac_user")
ADMIN = ("adminuser", "dirac_admin")
PILOT = ("pilot", "dirac_pilot")
STRANGER = ("bob", "dirac_user")
SHARER = ("alice", "dirac_prod")
FOREIGNER = ("carol", "othervo_user")
OPERATOR = ("adminuser", "dirac_operator")
CALLERS: Final = (OWNER, ADMIN, PILOT, STRANGER, SHARER, FOREIGNER)


@dataclass(frozen=True, slots=True)
class Job:
    """Stands for the id of the case's job, in one of the forms in which callers give it."""

    form: str = "int"

    def of(self, number: int) -> Any:
        return {"int": number, "text": str(number), "blank": f" {number}", "float": float(number)}[self.form]


@dataclass(frozen=True, slots=True)
class Case:
    """One call on a job that is in ``status``; `Job` in the arguments stands for its id."""

    method: str
    arguments: tuple[Any, ...]
    status: str = "Received"
    caller: tuple[str, str] = OWNER
    owner: tuple[str, str] = OWNER
    started: bool | None = None
    logged: bool = True
    tags: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_started(self) -> bool:
        return self.status in STARTED if self.started is None else self.started

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED and self.has_started

    def arguments_for(self, job: int) -> tuple[Any, ...]:
        """The arguments with the id of a job."""
        return tuple(_filled(argument, job) for argument in self.arguments)

    def call_for(self, job: int) -> Asked:
        """The call on a job."""
        return (self.method, self.arguments_for(job), *self.caller)

    def __str__(self) -> str:
        return f"{self.method}{self.arguments} by {self.caller[0]}/{self.caller[1]} of a {self.status} job"


def _filled(value: Any, job: int) -> Any:
    if isinstance(value, Job):
        return value.of(job)
    if isinstance(value, dict):
        return {_filled(key, job): _filled(member, job) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_filled(member, job) for member in value)
    return value


def cases() -> list[Case]:
    """All calls, always the same ones."""
    made = [
        *transitions(),
        *bulks(),
        *times(),
        *attributes(),
        *rights(),
        *ids(),
        *parameters(),
        *heartbeats(),
        *others(),
        *shared(),
    ]
    return list(made)


def transitions() -> Iterator[Case]:
    """Every pair of states: as the owner, forced by who may and by who may not, and as an attribute."""
    for before, after in itertools.product(STATES, (*STATES, "Nonsense")):
        yield Case("setJobStatus", (Job(), after, "minor", "parity", LATE), before)
        yield Case("setJobStatusBulk", (Job(), {LATE: {"Status": after, "Source": "JobManager"}}, True), before, ADMIN)
        yield Case("setJobAttribute", (Job(), "Status", after), before)
    for before, after in itertools.product(STATES, ("Waiting", "Running", "Done")):
        yield Case("setJobStatus", (Job(), after, "", "parity", LATE, True), before)
        yield Case("setJobStatus", (Job(), after, "m", "Job_17", LATE), before, started=False)
        yield Case("setJobStatusBulk", (Job("text"), {EARLY: {"Status": after, "MinorStatus": "old"}}), before)


def bulks() -> Iterator[Case]:
    """Several updates at once: late and early ones, the same time twice, empty and unknown members."""
    random_ = random.Random("bulks")
    stamps = (EARLY, LATE, LATER, LATEST, "2026-01-01 12:30:00", "2026-01-01 12:30:01", "2030-01-01 12:00:02.000250")
    sources = ("JobWrapper", "JobAgent@CREAM", "Heartbeat", "s" * 40, "", "Unknown", "StagerSystem")
    for _ in range(500):
        updates = {}
        for stamp in random_.sample(stamps, random_.randint(1, 4)):
            members: dict[str, Any] = {}
            if random_.random() < 0.6:
                members["Status"] = random_.choice((*STATES, ""))
            if random_.random() < 0.6:
                members["MinorStatus"] = random_.choice(("Application", "m", "", "idem", "äöü µ"))
            if random_.random() < 0.4:
                members["ApplicationStatus"] = random_.choice(("step 1", "", "'; DROP TABLE Jobs; --"))
            if random_.random() < 0.7:
                members["Source"] = random_.choice(sources)
            if random_.random() < 0.1:
                members["Nonsense"] = "x"
            updates[stamp] = members
        before = random_.choice(STATES)
        yield Case("setJobStatusBulk", (Job(random_.choice(("int", "text"))), updates), before)


def times() -> Iterator[Case]:
    """Times in each form that DIRAC reads, and in forms that it does not."""
    read = (LATE, LATER, "2030-01-01 12:00:02.5", "2030-1-1 1:2:3", datetime(2030, 1, 1, 12, 0, 1))
    for stamp in (*read, datetime(2030, 1, 1, 12, 0, 1, tzinfo=UTC)):
        yield Case("setJobStatus", (Job(), "Checking", "m", "parity", stamp))
    unread = ("2030-01-01T12:00:01", "2030-01-01 12:00:01Z", "2030-01-01 12:00:01+00:00", "yesterday", "2030-01-01",
              "12:00:01", "2030-13-45 12:00:00", "  ", "99999-01-01 00:00:00")  # fmt: skip
    for stamp in unread:
        yield Case("setJobStatus", (Job(), "Checking", "m", "parity", stamp), tags=frozenset({"bad time"}))
        yield Case("setJobStatusBulk", (Job(), {stamp: {"MinorStatus": "m"}}), tags=frozenset({"bad time"}))
    yield Case("setJobStatusBulk", (Job(), {}))
    for member, length in (("MinorStatus", 129), ("ApplicationStatus", 256), ("MinorStatus", 128), ("Source", 33)):
        yield Case("setJobStatusBulk", (Job(), {LATE: {"Status": "Checking", member: "x" * length}}))
    for before in STATES:
        yield Case("setJobStatus", (Job(), "", "m", "parity", LATE), before, logged=False)


def attributes() -> Iterator[Case]:
    """Each attribute, those that may be set and those that may not."""
    values = {
        "MinorStatus": ("m", "Job accepted", "x" * 129, ""),
        "ApplicationStatus": ("a", "Unknown", "x" * 256),
        "Site": ("LCG.A.org", "ANY", "x" * 101),
        "StartExecTime": (LATE, "2030-01-01 12:00:02.25", "2026-01-01T12:00:00", "yesterday"),
        "EndExecTime": (LATE, ""),
        "HeartBeatTime": (LATE, EARLY),
    }
    for name, given in values.items():
        for value, before in itertools.product(given, ("Received", "Running", "Done")):
            yield Case("setJobAttribute", (Job(), name, value), before)
            yield Case("setJobAttribute", (Job("text"), name, value), before, PILOT)
    forbidden = ("JobID", "JobType", "JobGroup", "JobName", "Owner", "OwnerGroup", "VO", "SubmissionTime",
                 "RescheduleTime", "LastUpdateTime", "UserPriority", "RescheduleCounter", "VerifiedFlag",
                 "AccountedFlag", "Foo", "")  # fmt: skip
    for name, caller in itertools.product(forbidden, (OWNER, ADMIN, STRANGER)):
        yield Case("setJobAttribute", (Job(), name, "1"), caller=caller)
    for site, before in itertools.product(("LCG.A.org", "ANY", "x" * 101), ("Received", "Running", "Killed")):
        yield Case("setJobSite", (Job(), site), before)


def plain_calls(job: object) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """One harmless call of each method that needs no waiting."""
    return (
        ("setJobStatus", (job, "Checking", "m", "parity", LATE)),
        ("setJobStatusBulk", (job, {LATE: {"MinorStatus": "m"}})),
        ("setJobAttribute", (job, "Site", "LCG.A.org")),
        ("setJobSite", (job, "LCG.A.org")),
        ("setJobApplicationStatus", (job, "a", "parity")),
        ("setJobParameter", (job, "HostName", "node1")),
        ("setJobParameters", (job, [("HostName", "node1"), ("Memory", "5")])),
        ("setJobsParameter", ({job: ["HostName", "node1"]},)),
        ("sendHeartBeat", (job, {"CPUConsumed": 1.5}, {"StandardOutput": "peek"})),
    )


def rights() -> Iterator[Case]:
    """Each method by users of each kind, on jobs of each kind of owner."""
    owners = (OWNER, ("bob", "dirac_user"), SHARER, FOREIGNER)
    for caller, owner, (method, arguments) in itertools.product(CALLERS, owners, plain_calls(Job())):
        yield Case(method, arguments, "Running" if method == "sendHeartBeat" else "Received", caller, owner)


def ids() -> Iterator[Case]:
    """Ids as callers write them, and ids of no job."""
    for form in ("text", "blank"):
        for method, arguments in plain_calls(Job(form)):
            yield Case(method, arguments, "Running" if method == "sendHeartBeat" else "Received")
    for number, caller in itertools.product((999_999_999, "999999999", 0, -5, 2**40), (OWNER, ADMIN)):
        for method, arguments in plain_calls(number):
            yield Case(method, arguments, caller=caller, tags=frozenset({"no job"}))
    for word in ("abc", "", "1.5", None):
        for method, arguments in plain_calls(word):
            yield Case(method, arguments, caller=ADMIN, tags=frozenset({"no id"}))


def parameters() -> Iterator[Case]:
    """Job parameters: names with a type of their own, names of attributes, values of each kind."""
    names = ("HostName", "CPUNormalizationFactor", "NormCPUTime(s)", "Memory(MB)", "LocalAccount", "My own", "ünïcode",
             "PilotAgent", "Status", "JobType", "Site", "timestamp")  # fmt: skip
    for name, value in itertools.product(names, ("5", "12.7", "text", "")):
        yield Case("setJobParameter", (Job(), name, value))
        yield Case("setJobsParameter", ({Job("text"): [name, value]},))
    for value in (5, 1.5, True, None, [1], {"a": 1}, float("nan")):
        yield Case("setJobParameters", (Job(), [("My own", value)]))
        yield Case("setJobsParameter", ({Job(): ["My own", value]},))
    yield Case("setJobParameters", (Job(), []))
    yield Case("setJobsParameter", ({},))


def heartbeats() -> Iterator[Case]:
    """Heartbeats in each state, with and without a time, with items of each kind."""
    dynamic = {"CPUConsumed": "12.5", "LoadAverage": 0.8, "Vsize": 5}
    for before in STATES:
        yield Case("sendHeartBeat", (Job(), dynamic, {}), before)
        yield Case("sendHeartBeat", (Job("text"), {"HeartBeatTime": LATE}, {"StandardOutput": "x"}), before)
    for items in ({"Nonsense": 1}, {"CPUConsumed": "much"}, {"MemoryUsed": float("inf")}, {}):
        yield Case("sendHeartBeat", (Job(), items, {}), "Running")
    for static in ({"StandardOutput": "ä" * 1000}, {"HostName": "n", "My own": 5}, {"Site": "x"}):
        yield Case("sendHeartBeat", (Job(), {"CPUConsumed": 1}, static), "Running")


def others() -> Iterator[Case]:
    """What is left: calls that set nothing, the stager."""
    for before in STATES:
        yield Case("setJobApplicationStatus", (Job(), "step 5", "JobWrapper"), before)
    yield Case("setJobApplicationStatus", (Job(), ""))
    yield Case("setJobStatus", (Job(), "", "", "parity"))
    yield Case("setJobStatusBulk", (Job(), {LATE: {}}))
    for status, caller in itertools.product(("Done", "Failed", ""), (OWNER, ADMIN, STRANGER)):
        yield Case("updateJobFromStager", (Job(), status), "Staging", caller)


def shared() -> Iterator[Case]:
    """Each method by members of a group that shares its jobs, on jobs of others, and by an operator."""
    of_the_group = ("bob", SHARER[1])
    for caller, owner in ((SHARER, of_the_group), (SHARER, STRANGER), (OPERATOR, OWNER), (OPERATOR, FOREIGNER)):
        for method, arguments in plain_calls(Job()):
            yield Case(method, arguments, "Running" if method == "sendHeartBeat" else "Received", caller, owner)
