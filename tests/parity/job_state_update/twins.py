"""Pairs of equal jobs, one for each side, and what the databases hold of them afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pymysql

from tests.parity.job_state_update.cases import Case
from tests.servers.opensearch import OpenSearch
from tests.servers.sql_server import SqlServer

EPOCH: Final = 1_270_000_000
"""Seconds that are taken off in LoggingInfo.StatusTimeOrder."""
RECEIVED, CHANGED, STARTED, ENDED = (
    f"2026-01-01 12:{minute:02}:00" for minute in (0, 30, 10, 20)
)  # the times in the rows of a new job
ATTRIBUTES: Final = (
    "Status", "MinorStatus", "ApplicationStatus", "Site", "Owner", "OwnerGroup", "VO", "LastUpdateTime",
    "StartExecTime", "EndExecTime", "HeartBeatTime", "RescheduleTime", "SubmissionTime", "UserPriority",
    "RescheduleCounter", "VerifiedFlag", "AccountedFlag", "JobType", "JobGroup", "JobName",
)  # fmt: skip
Rows = dict[str, Any]


class Twins:
    """The jobs of all cases in the databases of one worker."""

    def __init__(self, server: SqlServer, names: Mapping[str, str], store: OpenSearch, prefix: str) -> None:
        self._connection = pymysql.connect(host=server.host, port=server.port, user="root", autocommit=True)
        self._names = names
        self._store = store
        self._prefix = prefix
        self._begun = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=5)

    def make(self, cases: Sequence[Case]) -> list[tuple[int, int]]:
        """(id for legacy, id for us) of two new jobs for each case."""
        jobs, log = self._names["JobDB"], self._names["JobLoggingDB"]
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT AUTO_INCREMENT FROM information_schema.tables WHERE table_schema=%s AND table_name='JobJDLs'",
                (jobs,),
            )
            first = int(cursor.fetchone()[0])
            pairs = [(first + 2 * i, first + 2 * i + 1) for i in range(len(cases))]
            both = [(job, case) for pair, case in zip(pairs, cases, strict=True) for job in pair]
            cursor.executemany(
                f"INSERT INTO {jobs}.JobJDLs (JobID, JDL, JobRequirements, OriginalJDL) VALUES (%s, '', '', '')",
                [(job,) for job, _ in both],
            )
            cursor.executemany(
                f"INSERT INTO {jobs}.Jobs (JobID, Owner, OwnerGroup, VO, Status, MinorStatus, SubmissionTime, "
                "LastUpdateTime, StartExecTime, EndExecTime) "
                "VALUES (%s, %s, %s, %s, %s, 'Job accepted', %s, %s, %s, %s)",
                [
                    (job, case.owner[0], case.owner[1], _vo(case), case.status, RECEIVED, CHANGED,
                     STARTED if case.has_started else None, ENDED if case.has_ended else None)
                    for job, case in both
                ],
            )  # fmt: skip
            records = [
                (job, status, "Job accepted", "Unknown", time, _order(time), "JobManager")
                for job, case in both
                if case.logged
                for status, time in (("Received", RECEIVED), (case.status, CHANGED))
            ]
            cursor.executemany(
                f"INSERT INTO {log}.LoggingInfo (JobID, Status, MinorStatus, ApplicationStatus, StatusTime, "
                "StatusTimeOrder, StatusSource) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                records,
            )
        return pairs

    def rows(self, job_ids: Sequence[int]) -> dict[int, Rows]:
        """By job: its attributes, log, heartbeats, commands and parameters; times of the run are "now"."""
        found: dict[int, Rows] = {job: {"log": [], "beats": [], "commands": []} for job in job_ids}
        jobs, log = self._names["JobDB"], self._names["JobLoggingDB"]
        inside = f"({','.join(map(str, job_ids))})"
        for job, *values in self._read(
            f"SELECT JobID, {', '.join(ATTRIBUTES)} FROM {jobs}.Jobs WHERE JobID IN {inside}"
        ):
            found[job] |= dict(zip(ATTRIBUTES, map(self._plain, values), strict=True))
        columns = "JobID, Status, MinorStatus, ApplicationStatus, StatusTime, StatusTimeOrder, StatusSource"
        for job, *values in self._read(
            f"SELECT {columns} FROM {log}.LoggingInfo WHERE JobID IN {inside} ORDER BY JobID, SeqNum"
        ):
            found[job]["log"].append(tuple(map(self._plain, values)))
        for job, *values in self._read(
            f"SELECT JobID, Name, Value FROM {jobs}.HeartBeatLoggingInfo WHERE JobID IN {inside} ORDER BY Name"
        ):
            found[job]["beats"].append(tuple(values))
        for job, *values in self._read(
            f"SELECT JobID, Command, Arguments, Status FROM {jobs}.JobCommands WHERE JobID IN {inside}"
        ):
            found[job]["commands"].append(tuple(values))
        for job, document in self._parameters().items():
            if job in found:
                found[job]["parameters"] = document
        return found

    def _parameters(self) -> dict[int, Rows]:
        httpx.post(f"{self._store.url}/{self._prefix}*/_refresh").raise_for_status()
        body = {"size": 10_000, "query": {"match_all": {}}}
        answer = httpx.post(f"{self._store.url}/{self._prefix}*/_search", json=body).raise_for_status().json()
        return {
            int(hit["_id"]): {
                name: value for name, value in hit["_source"].items() if name not in ("JobID", "timestamp")
            }
            | {"index": hit["_index"]}
            for hit in answer["hits"]["hits"]
        }

    def _read(self, statement: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def _plain(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return "now" if self._begun < value < self._begun + timedelta(hours=1) else str(value)
        if isinstance(value, float):
            moment = datetime.fromtimestamp(value + EPOCH, UTC).replace(tzinfo=None)
            return "now" if self._begun < moment < self._begun + timedelta(hours=1) else round(value, 3)
        return value

    def __enter__(self) -> Twins:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _vo(case: Case) -> str:
    return "othervo" if case.owner[1].startswith("othervo") else "dirac"


def _order(time: str) -> float:
    return datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp() - EPOCH
