"""Writes a large legacy configuration in the layout that the master writes: made-up people, groups, sites and storage.

The same numbers give the same bytes, but for the version and the users that are said to have changed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

VOS: Final = 10
GROUPS: Final = {
    "user": "NormalUser",
    "prod": "NormalUser, ProductionManagement, JobSharing",
    "pilot": "GenericPilot, LimitedDelegation, Pilot",
    "admin": "ServiceAdministrator, CSAdministrator, JobAdministrator, FullDelegation, Operator",
}
GROUPS_PER_VO: Final = 12
Tree = dict[str, "str | list[str] | Tree"]


def configuration(users: int, sites: int, *, changed: int = 0) -> str:
    """The text; the addresses of ``changed`` users, and the version, are others than without."""
    random_numbers = random.Random(f"{users} {sites}")
    vos = [f"vo{number}.example.org" for number in range(VOS)]
    people = {f"user{number:05}": random_numbers.choice(vos) for number in range(users)}
    version = f"2026-09-01 08:{changed // 60:02}:{changed % 60:02}.000000"
    tree: Tree = {
        "DIRAC": {"Configuration": {"Name": "Large", "Version": version}},
        "DiracX": {"CsSync": {"VOs": {vo: _vo(vo, people) for vo in vos}}},
        "Registry": {
            "Users": {name: _user(name, number < changed) for number, name in enumerate(people)},
            "Groups": dict(_groups(vos, people, random_numbers)),
            "VO": {vo: {"VOMSName": vo, "VOAdmin": "user00000"} for vo in vos},
        },
        "Operations": {"Defaults": {"Pilot": {"Version": "9.1.22"}}, **{vo: {"Pilot": {"Project": vo}} for vo in vos}},
        "Resources": {
            "Sites": {"LCG": dict(_sites(sites, vos, random_numbers))},
            "StorageElements": {f"SE-{number}": _storage(number) for number in range(sites)},
        },
    }
    return "".join(_lines(tree, ""))


def _vo(vo: str, people: dict[str, str]) -> Tree:
    subjects: Tree = {name: f"{abs(hash_of(name)):032x}" for name, own in people.items() if own == vo}
    return {
        "DefaultGroup": f"{vo.split('.')[0]}_user0",
        "IdP": {"URL": f"https://iam.{vo}", "ClientID": f"client-{vo}"},
        "UserSubjects": subjects,
    }


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return random.Random(text).getrandbits(120)


def _user(name: str, changed: bool) -> Tree:
    return {
        "DN": f"/DC=org/DC=example/OU=People/CN={name}/CN=Name of {name}",
        "CA": "/DC=org/DC=example/CN=Example CA",
        "Email": f"{name}@{'new' if changed else 'mail'}.example.org",
    }


def _groups(vos: list[str], people: dict[str, str], numbers: random.Random) -> Iterator[tuple[str, Tree]]:
    for vo in vos:
        members = [name for name, own in people.items() if own == vo]
        for number in range(GROUPS_PER_VO):
            kind = list(GROUPS)[number % len(GROUPS)]
            some = members if number == 0 else sorted(numbers.sample(members, max(1, len(members) // 25)))
            yield f"{vo.split('.')[0]}_{kind}{number}", {"VO": vo, "Users": some, "Properties": GROUPS[kind]}


def _sites(count: int, vos: list[str], numbers: random.Random) -> Iterator[tuple[str, Tree]]:
    for number in range(count):
        queues: Tree = {
            f"queue{n}": {"maxCPUTime": "2880", "SI00": "2500", "MaxTotalJobs": "4000", "VO": numbers.sample(vos, 2)}
            for n in range(3)
        }
        computing: Tree = {
            f"ce{n}.site{number}.example.org": {"CEType": "HTCondorCE", "OS": "EL9", "Queues": queues} for n in range(2)
        }
        yield (
            f"LCG.Site{number}.org",
            {"Name": f"SITE-{number}", "MoUTierLevel": "2", "CE": computing, "SE": f"SE-{number}"},
        )


def _storage(number: int) -> Tree:
    access = dict.fromkeys(("ReadAccess", "WriteAccess", "CheckAccess", "RemoveAccess"), "Active")
    protocol: Tree = {"Host": f"se{number}.example.org", "Protocol": "root", "Path": "/data", "Access": "remote"}
    return {"BackendType": "EOS", **access, "GFAL2_XROOT": protocol}


def _lines(tree: Tree, pad: str) -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield f"{pad}{name}\n{pad}{{\n"
            yield from _lines(value, f"{pad}  ")
            yield f"{pad}}}\n"
        elif isinstance(value, list):
            yield f"{pad}{name} = {value[0]}\n"
            for more in value[1:]:
                yield f"{pad}{name} += {more}\n"
        else:
            yield f"{pad}{name} = {value}\n"
