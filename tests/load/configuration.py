"""A configuration of the size of a big community's: about 1 MB of JSON."""

from __future__ import annotations

from typing import Any

import yaml

from tests.load.seed import GROUP, OWNER, VO

SUBJECT = "75212b23-14c2-47be-9374-eb0113b0575e"
USERS, GROUPS, SITES, COMPUTING_ELEMENTS = 2500, 12, 300, 3


def document(identity_provider: str = "https://idp.example.org", client_id: str = "bench") -> bytes:
    """The content of default.yml."""
    tree = _tree()
    tree["Registry"][VO]["IdP"] = {"URL": identity_provider, "ClientID": client_id}
    return yaml.dump(tree, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False).encode()


def _tree() -> dict[str, Any]:
    users: dict[str, Any] = {SUBJECT: {"PreferedUsername": OWNER}}
    users |= {f"00000000-0000-4000-8000-{i:012d}": _user(f"user{i:05d}", i) for i in range(USERS)}
    subjects = list(users)
    groups: dict[str, Any] = {
        f"bench_g{i:02d}": {"Properties": ["NormalUser"], "Users": subjects[i::4], "JobShare": 1000}
        for i in range(GROUPS)
    }
    groups[GROUP] = {"Properties": ["NormalUser"], "Users": [SUBJECT]}
    vo = {
        "DefaultGroup": GROUP,
        "Users": users,
        "Groups": groups,
    }
    return {
        "DIRAC": {},
        "Operations": {"Defaults": {}},
        "Registry": {VO: vo},
        "Systems": {"Sites": {f"LCG.Site{i:04d}.xx": _site(i) for i in range(SITES)}},
    }


def _user(name: str, number: int) -> dict[str, Any]:
    return {
        "PreferedUsername": name,
        "DNs": [f"/DC=org/DC=example/OU=people/CN={name}/CN=Firstname Lastname {number}"],
        "Email": f"{name}@example.com",
        "Quota": 1000,
    }


def _site(number: int) -> dict[str, Any]:
    queue = {"maxCPUTime": 2880, "SI00": 3100, "VO": VO}
    element = {"CEType": "HTCondorCE", "architecture": "x86_64", "OS": "EL9", "Queues": {"default": queue}}
    names = [f"ce{c}.site{number}.example.com" for c in range(COMPUTING_ELEMENTS)]
    return {"Name": f"SITE-{number}", "CE": {name: dict(element) for name in names}}
