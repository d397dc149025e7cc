"""Pilots, a sandbox, and the status of sites and storage elements, beside the jobs."""

from __future__ import annotations

from tests.load.database import Database
from tests.load.seed import GROUP, OWNER, VO, numbers

PILOTS, SITES, STORAGES = 20_000, 300, 200
BUCKET = "sandboxes"
CHECKSUM = "0" * 64
PFN = f"/S3/{BUCKET}/{VO}/{GROUP}/{OWNER}/sha256:{CHECKSUM}.tar.bz2"
"""A sandbox that job 1 uses as input."""
ACCESS = ("Read", "Write", "Check", "Remove")
LATER = "'9999-12-31 23:59:59'"


def fill(database: Database) -> None:
    """Put them into empty tables."""
    mysql = database.dialect == "mysql"
    date = "'2026-01-02 03:04:05'" if mysql else "'2026-01-02 03:04:05.000000'"

    def named(text: str) -> str:
        return f"CONCAT('{text}',n)" if mysql else f"'{text}'||n"

    database.script(
        "INSERT INTO {PilotAgentsDB}.PilotAgents (InitialJobID,CurrentJobID,PilotJobReference,PilotStamp,"
        "DestinationSite,Queue,GridSite,VO,GridType,BenchMark,SubmissionTime,LastUpdateTime,Status,StatusReason,"
        "AccountingSent) SELECT "
        f"0,0,{named('ref')},{named('stamp')},{named('ce')},'default','LCG.Site','{VO}','DIRAC',1.5,{date},{date},"
        f"CASE n%4 WHEN 0 THEN 'Running' ELSE 'Done' END,'Unknown','False' FROM {numbers(mysql, PILOTS)}"
    )
    columns = "(Name,StatusType,VO,Status,Reason,DateEffective,TokenExpiration,ElementType,LastCheckTime,TokenOwner)"
    rest = f"'Active','because',{date},{LATER}"
    database.script(
        f"INSERT INTO {{ResourceStatusDB}}.SiteStatus {columns} SELECT {named('LCG.Site')},'all','all',{rest},"
        f"'Site',{date},'rs_svc' FROM {numbers(mysql, SITES)}",
        *(
            f"INSERT INTO {{ResourceStatusDB}}.ResourceStatus {columns} SELECT {named('SE')},'{access}Access','all',"
            f"{rest},'StorageElement',{date},'rs_svc' FROM {numbers(mysql, STORAGES)}"
            for access in ACCESS
        ),
    )
    database.script(
        "INSERT INTO {SandboxMetadataDB}.sb_Owners (OwnerId,Owner,OwnerGroup,VO) "
        f"VALUES (1,'{OWNER}','{GROUP}','{VO}')",
        "INSERT INTO {SandboxMetadataDB}.sb_SandBoxes "
        "(SBId,OwnerId,SEName,SEPFN,Bytes,RegistrationTime,LastAccessTime,Assigned) "
        f"VALUES (1,1,'SandboxSE','{PFN}',1000,{date},{date},1)",
        "INSERT INTO {SandboxMetadataDB}.sb_EntityMapping (SBId,EntityId,Type) VALUES (1,'Job:1','Input')",
    )
