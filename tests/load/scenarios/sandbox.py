"""Sandboxes: `POST` and `GET /api/jobs/sandbox`, `GET /api/jobs/{id}/sandbox`; the archives go elsewhere."""

from __future__ import annotations

import secrets
from urllib.parse import quote

from tests.load.client import Requests
from tests.load.scenarios import Case, always
from tests.load.seed_resources import CHECKSUM, PFN
from tests.load.target import Target

UPLOADS = 3000
FIND = "SELECT SBId,OwnerId FROM {SandboxMetadataDB}.sb_SandBoxes WHERE SEName='SandboxSE' AND SEPFN="


def cases(target: Target) -> list[Case]:
    """Announce an archive that nobody has seen, fetch one, and ask what a job uses."""
    now = "UTC_TIMESTAMP()" if target.database.dialect == "mysql" else "strftime('%Y-%m-%d %H:%M:%f000','now')"

    def announced(_turn: int) -> list[str]:
        pfn = f"'{PFN.replace(CHECKSUM, secrets.token_hex(32))}'"
        return [
            FIND + pfn,
            "INSERT INTO {SandboxMetadataDB}.sb_SandBoxes (OwnerId,SEName,SEPFN,Bytes,RegistrationTime,LastAccessTime) "
            f"VALUES (1,'SandboxSE',{pfn},1000,{now},{now})",
        ]

    return [
        Case(
            "sandbox/initiate-upload", lambda: _uploads(target), most=UPLOADS - 10, writes=True, raw=announced,
        ),
        Case(
            "sandbox/get-file",
            always(target.request("GET", f"/api/jobs/sandbox?pfn={quote(PFN)}")),
            raw=lambda _turn: [f"{FIND}'{PFN}'"],
        ),
        Case(
            "sandbox/of-job",
            always(target.request("GET", "/api/jobs/1/sandbox")),
            raw=lambda _turn: [
                "SELECT Owner,VO FROM {JobDB}.Jobs WHERE JobID=1",
                "SELECT s.SEPFN,m.Type FROM {SandboxMetadataDB}.sb_EntityMapping m "
                "JOIN {SandboxMetadataDB}.sb_SandBoxes s ON s.SBId=m.SBId WHERE m.EntityId='Job:1'",
            ],
            same_answer=True,
        ),
    ]  # fmt: skip


def _uploads(target: Target) -> Requests:
    archive = {"checksum_algorithm": "sha256", "size": 1000, "format": "tar.bz2"}
    made = [
        target.request("POST", "/api/jobs/sandbox", {**archive, "checksum": secrets.token_hex(32)})
        for _ in range(UPLOADS)
    ]
    return lambda number: made[number % UPLOADS]
