"""The access matrix: who gets through which route, to whose job, in which VO.

Every route of jobs, pilots and resource status has an entry; a new one without entry fails here.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from sqlalchemy import insert

from diracx_bridge.db.sql.pilot_agents.schema import pilot_agents
from diracx_bridge.services.app import SERVICES
from tests.installation import Installation, commit, running
from tests.jobs import Jobs

PROPERTIES: Final = {
    "user": ["NormalUser"],
    "sharer": ["NormalUser", "JobSharing"],
    "admin": ["JobAdministrator"],
    "pilot": ["GenericPilot"],
    "monitor": ["JobMonitor"],
    "operator": ["Operator"],
    "service": ["ServiceAdministrator"],
    "nobody": ["StageAllowed"],
}
VOS: Final = ("shown", "hidden", "elsewhere")
"""In ``shown`` users see each other's jobs (GlobalJobsInfo), in ``hidden`` they don't."""

OWN, SHARED, VO, FOREIGN = "own", "shared", "vo", "foreign"
"""Alice's job; bob's of her group; bob's of another group; a job of her name and group in another VO."""
RELATIONS: Final = (OWN, SHARED, VO, FOREIGN)
NONE: frozenset[str] = frozenset()
MINE, OURS, WITHIN, EVERYWHERE = (frozenset(RELATIONS[:count]) for count in (1, 2, 3, 4))

Rule = Mapping[str, frozenset[str]]
"""By set of properties: the relations that are let through; sets that are absent never are."""

CHANGE: Rule = {"user": MINE, "sharer": OURS, "admin": WITHIN, "pilot": WITHIN, "operator": WITHIN}
END: Rule = {"user": MINE, "sharer": OURS, "admin": WITHIN}
RESCHEDULE: Rule = {**END, "pilot": WITHIN}
CONFIRM: Rule = {"user": MINE, "sharer": OURS}
READ: Rule = {"user": MINE, "sharer": OURS, "admin": WITHIN, "pilot": WITHIN, "monitor": WITHIN}
FIND: Rule = {"user": MINE, "sharer": MINE, "admin": WITHIN, "pilot": WITHIN, "monitor": WITHIN}
OF_ALL_IN_SHOWN: Rule = {"user": WITHIN, "sharer": WITHIN}
LIST: Rule = {"user": MINE, "sharer": MINE, "admin": WITHIN}
CREATE: Rule = {"user": EVERYWHERE, "sharer": EVERYWHERE}
"""For what belongs to the caller, whatever the job."""
PILOTS: Rule = {"pilot": WITHIN, "service": EVERYWHERE}
FIND_PILOTS: Rule = {**dict.fromkeys(PROPERTIES, WITHIN), "pilot": NONE, "service": EVERYWHERE}
ANYBODY: Rule = dict.fromkeys(PROPERTIES, EVERYWHERE)


@dataclass(frozen=True)
class Case:
    """One request: about which job, by a member of which group, with which VO the relation has."""

    job: int
    group: str
    owner: str
    owner_group: str
    vo: str


@dataclass(frozen=True)
class Access:
    """A route: its rule (``shown`` replaces it there), its request, and how an answer tells that it was let through."""

    rule: Rule
    body: Callable[[Case], Any] = lambda case: None
    path: Callable[[Case], str] = lambda case: ""
    through: Callable[[httpx.Response, Case], bool] = lambda answer, case: answer.status_code != 403
    shown: Rule | None = None


def pfn(case: Case) -> str:
    return f"/S3/sandboxes/{case.vo}/{case.owner_group}/{case.owner}/sha256:{'0' * 64}.tar.zst"


def ids(case: Case) -> Any:
    return {"job_ids": [case.job]}


def by_id(case: Case) -> Any:
    return {"search": [{"parameter": "JobID", "operator": "eq", "value": case.job}]}


def by_stamp(case: Case) -> Any:
    return {"search": [{"parameter": "PilotStamp", "operator": "eq", "value": f"pilot-{case.vo}"}]}


def done(answer: httpx.Response, case: Case) -> bool:
    """These routes tell of each job what became of it."""
    if answer.status_code == 403:
        return False
    told = answer.json().get("detail", answer.json())
    return bool(told["failed"].get(str(case.job), {}).get("code") != "not_authorized")


def but_for_the_sandbox(answer: httpx.Response, case: Case) -> bool:
    """Nobody has registered it, so nobody may use it; that is looked at after the job."""
    return answer.status_code != 403 or answer.json()["detail"].startswith("Not a sandbox of yours")


def in_map(answer: httpx.Response, case: Case) -> bool:
    return answer.status_code == 200 and str(case.job) in answer.json()


def in_rows(answer: httpx.Response, case: Case) -> bool:
    return answer.status_code == 200 and len(answer.json()) == 1


def counted(answer: httpx.Response, case: Case) -> bool:
    return answer.status_code == 200 and sum(row["count"] for row in answer.json()) == 1


def read_one(name: str, query: str = "") -> Access:
    return Access(READ, path=lambda case: f"/{case.job}/{name}{query}", shown={**READ, **OF_ALL_IN_SHOWN})


READ_MANY = Access(READ, ids, through=in_map, shown={**READ, **OF_ALL_IN_SHOWN})
SANDBOX = {"checksum_algorithm": "sha256", "size": 1, "format": "tar.zst"}
STATUS = {"2040-01-01T00:00:00Z": {"MinorStatus": "m"}}

MATRIX: Final[dict[str, Access]] = {
    "POST /api/jobs/jdl": Access(CREATE, lambda case: ['Executable = "x";']),
    "POST /api/jobs/search": Access(FIND, by_id, through=in_rows, shown={**FIND, **OF_ALL_IN_SHOWN}),
    "POST /api/jobs/summary": Access(
        FIND,
        lambda case: {"grouping": ["Status"], **by_id(case)},
        through=counted,
        shown={**FIND, **OF_ALL_IN_SHOWN},
    ),
    "PATCH /api/jobs/status": Access(CHANGE, lambda case: {case.job: STATUS}),
    "PATCH /api/jobs/heartbeat": Access(CHANGE, lambda case: {case.job: {"CPUConsumed": 1}}),
    "PATCH /api/jobs/metadata": Access(CHANGE, lambda case: {case.job: {"HostName": "wn1"}}),
    "POST /api/jobs/reschedule": Access(RESCHEDULE, ids, through=done),
    "POST /api/jobs/kill": Access(END, ids, through=done),
    "POST /api/jobs/delete": Access(END, ids, through=done),
    "POST /api/jobs/remove": Access(END, ids, through=done),
    "POST /api/jobs/confirm": Access(CONFIRM, ids, through=done),
    "GET /api/jobs/{job_id}/jdl": read_one("jdl", "?original=true"),
    "GET /api/jobs/{job_id}/log": read_one("log"),
    "GET /api/jobs/{job_id}/heartbeats": read_one("heartbeats"),
    "GET /api/jobs/{job_id}/input-data": read_one("input-data"),
    "GET /api/jobs/{job_id}/parameters": read_one("parameters"),
    "POST /api/jobs/log": READ_MANY,
    "POST /api/jobs/input-data": READ_MANY,
    "POST /api/jobs/attributes": READ_MANY,
    "POST /api/jobs/parameters": READ_MANY,
    "POST /api/jobs/parameters/search": Access(FIND, by_id, through=in_rows, shown={**FIND, **OF_ALL_IN_SHOWN}),
    "POST /api/jobs/sandbox": Access(CREATE, lambda case: {**SANDBOX, "checksum": f"{case.job:064x}"}),
    "GET /api/jobs/sandbox": Access(LIST, path=lambda case: f"?pfn={pfn(case)}"),
    "GET /api/jobs/{job_id}/sandbox": Access(LIST, path=lambda case: f"/{case.job}/sandbox"),
    "GET /api/jobs/{job_id}/sandbox/{sandbox_type}": Access(LIST, path=lambda case: f"/{case.job}/sandbox/input"),
    "PATCH /api/jobs/{job_id}/sandbox/output": Access(
        CHANGE, pfn, path=lambda case: f"/{case.job}/sandbox/output", through=but_for_the_sandbox
    ),
    "DELETE /api/jobs/{job_id}/sandbox": Access(CHANGE, path=lambda case: f"/{case.job}/sandbox"),
    "POST /api/jobs/sandbox/unassign": Access(CHANGE, ids),
    "POST /api/pilots/": Access(PILOTS, lambda case: {"pilot_stamp": uuid.uuid4().hex, "vo": case.vo}),
    "PATCH /api/pilots/metadata": Access(PILOTS, lambda case: {f"pilot-{case.vo}": {"Status": "Running"}}),
    "POST /api/pilots/search": Access(FIND_PILOTS, by_stamp, through=in_rows),
    "POST /api/pilots/summary": Access(
        FIND_PILOTS, lambda case: {"grouping": ["Status"], **by_stamp(case)}, through=counted
    ),
    "GET /api/rss/storage": Access(ANYBODY),
    "GET /api/rss/compute": Access(ANYBODY),
    "GET /api/rss/site": Access(ANYBODY),
    "GET /api/rss/fts": Access(ANYBODY),
}


def hides(rule: Rule, seen_by: str) -> Access:
    """The question which jobs are hidden: the same rules as for those who read."""
    return Access(
        rule,
        lambda case: {"jobs": [case.job], "seen_by": seen_by},
        through=lambda answer, case: case.job not in answer.json(),
        shown={**rule, **OF_ALL_IN_SHOWN},
    )


ALL: Final = {
    **MATRIX,
    "POST /api/bridge/rehearsals/hidden?by-id": hides(READ, "id"),
    "POST /api/bridge/rehearsals/hidden?by-search": hides(FIND, "search"),
}


def served() -> set[str]:
    return {
        f"{method} /api/{service}{route.path}"  # type: ignore[attr-defined]
        for service in ("jobs", "pilots", "rss")
        for route in SERVICES[service].routes
        for method in route.methods  # type: ignore[attr-defined]
    }


def test_every_route_is_in_the_matrix() -> None:
    assert served() == set(MATRIX)


def configuration() -> bytes:
    """The VOs with a group for each set of properties, and alice in all of them."""
    users = {"sub-alice": {"PreferedUsername": "alice"}}
    groups = {name: {"Properties": properties, "Users": ["sub-alice"]} for name, properties in PROPERTIES.items()}
    registry = {
        vo: {
            "DefaultGroup": f"{vo}_user",
            "IdP": {"URL": "https://idp.example.org", "ClientID": "x"},
            "Users": users,
            "Groups": {f"{vo}_{name}": group for name, group in groups.items()},
        }
        for vo in VOS
    }
    hidden = {"Services": {"JobMonitoring": {"GlobalJobsInfo": False}}}
    return yaml.safe_dump(
        {"DIRAC": {}, "Registry": registry, "Operations": {"Defaults": {}, "hidden": hidden}}
    ).encode()


@pytest.fixture
async def installation(sqlite_urls: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Installation]:
    commit(tmp_path / "config.git", configuration())
    async with running(tmp_path, sqlite_urls) as started:
        yield started


async def cases(jobs: Jobs, vo: str) -> dict[tuple[str, str], list[Case]]:
    """For each set of properties and relation, as many cases as there are routes, each about a job of its own."""
    made: dict[tuple[str, str], list[Case]] = {}
    for name in PROPERTIES:
        group = f"{vo}_{name}"
        for relation, owner, owner_group, of in (
            (OWN, "alice", group, vo),
            (SHARED, "bob", group, vo),
            (VO, "bob", f"{vo}_else", vo),
            (FOREIGN, "alice", group, "elsewhere"),
        ):
            found = await jobs.add(len(ALL), Status="Running", Owner=owner, OwnerGroup=owner_group, VO=of)
            made[name, relation] = [Case(job, group, owner, owner_group, of) for job in found]
    return made


@pytest.mark.parametrize("vo", ["shown", "hidden"])
async def test_each_request_gets_through_if_the_matrix_says_so(installation: Installation, vo: str) -> None:
    jobs = Jobs(installation.runtime.jobs.server)
    await jobs.server.write(
        lambda tx: tx.raw(insert(pilot_agents), [{"PilotStamp": f"pilot-{name}", "VO": name} for name in VOS])  # type: ignore[arg-type]
    )
    made = await cases(jobs, vo)
    await with_parameters(installation, made)
    wrong = []
    for position, (route, access) in enumerate(ALL.items()):
        method, _, path = route.partition(" ")
        rule = access.shown if vo == "shown" and access.shown is not None else access.rule
        for (name, relation), each in made.items():
            case = each[position]
            own_path = access.path(case)
            url = f"/api/jobs{own_path}" if own_path.startswith("/") else path + own_path
            answer = await installation.call(method, url, access.body(case), user="alice", group=case.group)
            assert answer.status_code in (200, 201, 204, 206, 400, 403, 404), (route, answer.text)
            if access.through(answer, case) != (relation in rule.get(name, NONE)):
                wrong.append((route, name, relation, answer.status_code, answer.text[:200]))
    assert wrong == []


async def with_parameters(installation: Installation, made: dict[tuple[str, str], list[Case]]) -> None:
    documents: dict[str, dict[int, dict[str, Any]]] = {}
    for each in made.values():
        for case in each:
            documents.setdefault(case.vo, {})[case.job] = {"GridCE": "ce"}
    assert await installation.runtime.job_parameters.write(documents) == {}


@pytest.mark.parametrize(("name", "routes"), [("admin", ["kill", "delete"]), ("pilot", ["reschedule"])])
async def test_administrators_and_pilots_of_an_admin_vo_act_everywhere(
    sqlite_urls: Mapping[str, str], tmp_path: Path, name: str, routes: list[str]
) -> None:
    commit(tmp_path / "config.git", configuration())
    async with running(tmp_path, sqlite_urls, bridge_admin_vos=["shown"]) as installation:
        jobs = Jobs(installation.runtime.jobs.server)
        for route in routes:
            (job,) = await jobs.add(Status="Running", VO="elsewhere", Owner="bob")
            url, body = f"/api/jobs/{route}", {"job_ids": [job]}
            case = Case(job, "", "bob", "", "elsewhere")
            refused = await installation.call("POST", url, body, user="alice", group=f"hidden_{name}")
            assert not done(refused, case)
            answer = await installation.call("POST", url, body, user="alice", group=f"shown_{name}")
            assert done(answer, case)
