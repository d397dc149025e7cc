"""JobDB: rows of new jobs.

The database gives the ids, also to legacy DIRAC at the same time, and the texts of a job hold its id. So rows without
text are inserted first, found by a mark that nobody else has, and filled. That needs no consecutive ids: a multi-row
INSERT gets none with ``innodb_autoinc_lock_mode = 2`` (MySQL's default) or several primary servers.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.sql.statement import IDS, RowSet, Statement
from diracx_bridge.db.sql.times import to_database
from diracx_bridge.db.sql.transaction import Transaction

LARGEST_STATEMENT: Final = 4_000_000
"""Characters of text in one statement: servers refuse packets beyond ``max_allowed_packet``, 16 MiB by default."""
RESERVE: Final = Statement(
    "INSERT INTO {JobDB}.JobJDLs (JDL, JobRequirements, OriginalJDL) SELECT '', :mark, '' FROM {numbers}", numbers=IDS
)
RESERVE_ONE: Final = Statement("INSERT INTO {JobDB}.JobJDLs (JDL, JobRequirements, OriginalJDL) VALUES ('', '', '')")
FILL_ONE: Final = Statement(
    "UPDATE {JobDB}.JobJDLs SET JDL = :jdl, OriginalJDL = COALESCE(:original, OriginalJDL) WHERE JobID = :job"
)
"""A single job, which is the usual case, needs no list, and so no temporary table in the database."""
RESERVED: Final = Statement(
    "SELECT JobID FROM {JobDB}.JobJDLs WHERE JobID >= :given AND JobRequirements = :mark ORDER BY JobID",
    sqlite="SELECT JobID FROM {JobDB}.JobJDLs WHERE JobID > :given - :count AND JobRequirements = :mark ORDER BY JobID",
)
# as an INSERT, which writes these texts several times faster than a joined UPDATE does on MariaDB
FILL: Final = Statement(
    "INSERT INTO {JobDB}.JobJDLs (JobID, JDL, JobRequirements, OriginalJDL) "
    "SELECT texts.JobID, texts.JDL, '', COALESCE(texts.OriginalJDL, '') FROM {texts} ON DUPLICATE KEY UPDATE "
    "JDL = texts.JDL, JobRequirements = '', OriginalJDL = COALESCE(texts.OriginalJDL, JobJDLs.OriginalJDL)",
    sqlite="UPDATE {JobDB}.JobJDLs AS j SET JDL = texts.JDL, JobRequirements = '', "
    "OriginalJDL = COALESCE(texts.OriginalJDL, j.OriginalJDL) FROM {texts} WHERE j.JobID = texts.JobID",
    texts=RowSet(JobID="BIGINT UNSIGNED", JDL="MEDIUMTEXT", OriginalJDL="MEDIUMTEXT"),
)
_COLUMNS: Final = {
    "JobID": "BIGINT UNSIGNED",
    "JobName": "VARCHAR(255)",
    "JobType": "VARCHAR(255)",
    "JobGroup": "VARCHAR(255)",
    "Site": "VARCHAR(255)",
    "UserPriority": "INT",
}
INSERT: Final = Statement(
    f"INSERT INTO {{JobDB}}.Jobs ({', '.join(_COLUMNS)}, Owner, OwnerGroup, VO, SubmissionTime, LastUpdateTime, "
    f"Status, MinorStatus, VerifiedFlag) SELECT {', '.join(f'{{jobs.{name}}}' for name in _COLUMNS)}, "
    ":owner, :owner_group, :vo, :now, :now, :status, :minor_status, 'True' FROM {jobs}",
    jobs=RowSet(**_COLUMNS),
)
# the collation of LFN may hold two names for one: the second then changes nothing
INSERT_INPUT: Final = Statement(
    "INSERT INTO {JobDB}.InputData (JobID, LFN) SELECT lfns.JobID, lfns.Name FROM {lfns} "
    "ON DUPLICATE KEY UPDATE LFN = LFN",
    sqlite="INSERT INTO {JobDB}.InputData (JobID, LFN) SELECT lfns.JobID, lfns.Name FROM {lfns} WHERE true "
    "ON CONFLICT DO NOTHING",
    lfns=RowSet(JobID="BIGINT UNSIGNED", Name="VARCHAR(511)"),
)
DEFAULTS: Final = {"JobName": "Unknown", "JobType": "user", "JobGroup": "00000000", "Site": "ANY"}
"""Of a description that leaves them out; those of DIRAC's table."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job for the tables; both JDLs as JobDB keeps them, ``columns`` of the names in DEFAULTS."""

    job_id: int
    jdl: str
    original: str
    columns: dict[str, str]
    priority: int
    input_data: Sequence[str]


@dataclass(frozen=True, slots=True)
class Submitter:
    """Whose jobs they are."""

    owner: str
    group: str
    vo: str


class NewJobs:
    """Insertion of jobs: a part of ``JobDB``."""

    async def reserve(self, tx: Transaction, count: int) -> list[int]:
        """Ids of ``count`` new jobs, ascending; their rows are in JobJDLs, without text."""
        if count == 1:
            return [await tx.insert(RESERVE_ONE)]
        mark = uuid.uuid4().hex
        given = await tx.insert(RESERVE, numbers=[(number,) for number in range(count)], mark=mark)
        ids = [row[0] for row in await tx.execute(RESERVED, given=given, mark=mark, count=count)]
        if len(ids) != count:
            raise Unavailable(f"The database gave {len(ids)} of {count} job ids; try again")
        return ids

    async def insert(
        self, tx: Transaction, new: Sequence[NewJob], by: Submitter, *, status: str, minor_status: str, now: datetime
    ) -> None:
        """Store jobs whose ids were reserved."""
        await self.set_jdls(tx, ((job.job_id, job.jdl, job.original) for job in new))
        rows = [(job.job_id, *(job.columns.get(n, d) for n, d in DEFAULTS.items()), job.priority) for job in new]
        tx.enqueue(
            INSERT,
            jobs=rows,
            owner=by.owner,
            owner_group=by.group,
            vo=by.vo,
            now=to_database(now, tx.dialect),
            status=status,
            minor_status=minor_status,
        )
        if lfns := [(job.job_id, lfn) for job in new for lfn in job.input_data]:
            tx.enqueue(INSERT_INPUT, lfns=lfns)

    async def set_jdls(self, tx: Transaction, texts: Iterable[tuple[int, str, str | None]]) -> None:
        """Set (job id, executed JDL, original JDL), as JobDB keeps them; an original of None stays as it is."""
        for batch in _batches(texts):
            if len(batch) == 1:
                ((job, jdl, original),) = batch
                tx.enqueue(FILL_ONE, job=job, jdl=jdl, original=original)
            else:
                await tx.execute(FILL, texts=batch)


def _batches(texts: Iterable[tuple[int, str, str | None]]) -> Iterator[list[tuple[int, str, str | None]]]:
    batch: list[tuple[int, str, str | None]] = []
    size = 0
    for row in texts:
        length = len(row[1]) + len(row[2] or "")
        if batch and size + length > LARGEST_STATEMENT:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        yield batch
