"""A known number of jobs in the job tables, by one INSERT ... SELECT for each table.

The first `mine(jobs)` belong to the user whose token the scenarios use; they run and have three log records each.
Values of the others are spread by a multiplicative hash, so that filters hit scattered rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.load.database import Database

OWNER, GROUP, VO = "alice", "bench_user", "bench"
STATUSES = ("Waiting", "Running", "Done", "Failed", "Killed", "Completed", "Matched", "Stalled")
MINORS = ("Application", "Job Initialization", "Execution Complete", "Input Data", "Uploading")
TYPES = ("User", "MCSimulation", "MCReconstruction", "Merge")
LOG = ("Received", "Waiting", "Running")


def mine(jobs: int) -> int:
    """How many jobs the scenarios write to: half of them, at most 20,000."""
    return min(20_000, jobs // 2)


def fill(database: Database, jobs: int) -> None:
    """Put jobs 1 to ``jobs`` into empty tables."""
    mysql = database.dialect == "mysql"
    spread = f"((n*2654435761)%{jobs * 7 + 1})"
    time = (
        "TIMESTAMPADD(SECOND, n%864000, '2026-01-01 00:00:00')"
        if mysql
        else "strftime('%Y-%m-%d %H:%M:%f000', '2026-01-01', (n%864000)||' seconds')"
    )
    # column -> (of the jobs that the scenarios write to, of the others)
    values = {
        "JobType": _pick("n", TYPES),
        "JobGroup": _joined(mysql, "group", f"({spread}%500)"),
        "Site": _joined(mysql, "LCG.Site", f"({spread}%300)"),
        "JobName": _joined(mysql, "job", "n"),
        "Owner": _mine(jobs, OWNER, _joined(mysql, "user", f"({spread}%50)")),
        "OwnerGroup": _mine(jobs, GROUP, "'bench_g00'"),
        "VO": f"'{VO}'",
        **dict.fromkeys(("SubmissionTime", "LastUpdateTime", "StartExecTime", "HeartBeatTime"), time),
        "Status": _mine(jobs, "Running", _pick(spread, STATUSES)),
        "MinorStatus": _pick(spread, MINORS),
        "ApplicationStatus": _joined(mysql, "step ", f"({spread}%40)"),
        "UserPriority": "n%10",
        "RescheduleCounter": "0",
        "VerifiedFlag": "'True'",
        "AccountedFlag": "'False'",
    }
    jdl = "'[Executable=\"/bin/true\";]'"
    database.script(
        f"INSERT INTO {{JobDB}}.JobJDLs (JobID,JDL,JobRequirements,OriginalJDL) SELECT n,{jdl},'',{jdl} "
        f"FROM {numbers(mysql, jobs)}",
        f"INSERT INTO {{JobDB}}.Jobs (JobID,{','.join(values)}) SELECT n,{','.join(values.values())} "
        f"FROM {numbers(mysql, jobs)}",
    )
    for number, status in enumerate(LOG, 1):
        database.script(
            "INSERT INTO {JobLoggingDB}.LoggingInfo (JobID,SeqNum,Status,MinorStatus,ApplicationStatus,StatusTime,"
            f"StatusTimeOrder,StatusSource) SELECT n,{number},'{status}','minor','app',{time},"
            f"497000000+(n%864000)+{number},'bench' FROM {numbers(mysql, mine(jobs))}"
        )
    analyze = ("ANALYZE TABLE " if mysql else "ANALYZE ").__add__
    database.script(analyze("{JobDB}.Jobs"))
    database.script(analyze("{JobLoggingDB}.LoggingInfo"))


def settle(database: Database) -> None:
    """Remove what scenarios added to the logs, so that each starts from the same state."""
    database.script(
        f"DELETE FROM {{JobLoggingDB}}.LoggingInfo WHERE SeqNum>{len(LOG)}", "DELETE FROM {JobDB}.HeartBeatLoggingInfo"
    )


def numbers(mysql: bool, count: int) -> str:
    """A FROM item with the numbers from 1 to ``count`` as ``n``."""
    if mysql:
        return f"(SELECT seq AS n FROM seq_1_to_{count}) s"
    return f"(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<{count}) SELECT n FROM c) s"


def _joined(mysql: bool, text: str, number: str) -> str:
    return f"CONCAT('{text}',{number})" if mysql else f"'{text}'||{number}"


def _pick(number: str, values: Sequence[str]) -> str:
    return f"CASE {number}%{len(values)} {' '.join(f'WHEN {i} THEN {v!r}' for i, v in enumerate(values))} END"


def _mine(jobs: int, text: str, other: str) -> str:
    return f"CASE WHEN n<={mine(jobs)} THEN '{text}' ELSE {other} END"
