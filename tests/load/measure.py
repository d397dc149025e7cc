"""One case on one server: what the client saw and what it cost."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.load import client, processes, seed
from tests.load.bare import BareServer
from tests.load.client import Plan
from tests.load.scenarios import Case
from tests.load.target import Target

RAW_SECONDS, RAW_MOST = 1.5, 25


@dataclass(frozen=True, slots=True)
class Result:
    """Figures of one case: latencies in ms, CPU in ms per request, memory in MB, ``load`` is the machine's.

    ``sql`` is None where statements can't be counted, the limits where there is none. ``errors`` counts answers by
    their status. ``beside`` is the number of big requests that were served meanwhile.
    """

    case: str
    target: str
    jobs: int
    requests: int
    per_second: float
    p50: float
    p95: float
    p99: float
    worst: float
    cpu: float
    database_cpu: float
    sql: float | None
    memory: float
    peak: float
    answer_bytes: int
    errors: dict[str, int]
    load: float
    beside: int = 0
    limit_http: float | None = None
    limit_sql: float | None = None

    @property
    def limit(self) -> float | None:
        """The lower bound of p50: the same bytes over bare HTTP and the fewest raw statements."""
        return None if self.limit_http is None else self.limit_http + (self.limit_sql or 0.0)

    @property
    def times_limit(self) -> float | None:
        """How many times the limit p50 is."""
        return None if not self.limit else self.p50 / self.limit


def measure(target: Target, case: Case, seconds: float) -> tuple[Result, bytes]:
    """The figures, and the first answer."""
    if case.writes:
        seed.settle(target.database)
    pid, database = target.process.pid, target.database
    plan = Plan(case.prepare(), case.most, seconds, case.clients, case.warmup, case.beside() if case.beside else None)
    processes.forget_peak(pid)
    cpu, database_cpu, questions = target.cpu_seconds(), database.cpu_seconds(), database.questions()
    load = client.run(target.port, plan)
    questions = database.questions() - questions - 2  # the later question counts itself, the earlier one its commit
    database_cpu, cpu = database.cpu_seconds() - database_cpu, target.cpu_seconds() - cpu
    done, sent = len(load.latencies), len(load.latencies) + case.warmup
    latencies = sorted(1000 * each for each in load.latencies)
    result = Result(
        case=case.name,
        target=target.name,
        jobs=target.jobs,
        requests=done,
        per_second=done / load.wall,
        p50=quantile(latencies, 0.5),
        p95=quantile(latencies, 0.95),
        p99=quantile(latencies, 0.99),
        worst=latencies[-1],
        cpu=cpu / sent * 1000,
        database_cpu=database_cpu / sent * 1000,
        sql=max(questions, 0) / sent if database.dialect == "mysql" and not case.beside else None,
        memory=processes.memory_mb(pid),
        peak=processes.peak_mb(pid),
        answer_bytes=load.answer_bytes // max(done, 1),
        errors={str(status): count for status, count in load.statuses.items() if status not in case.ok},
        load=os.getloadavg()[0],
        beside=load.beside,
    )
    return result, load.answer


def with_limit(result: Result, target: Target, case: Case, bare: BareServer) -> Result:
    """The same with the limit, where the case has one."""
    if not case.limit or case.clients > 1:
        return result
    http = bare.latency(case.prepare(), case.most, result.answer_bytes)
    sql = None if case.raw is None else _raw(target, case)
    return replace(result, limit_http=http * 1000, limit_sql=None if sql is None else sql * 1000)


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value below which ``part`` of ``ordered`` lies."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _raw(target: Target, case: Case) -> float:
    assert case.raw is not None
    times: list[float] = []
    while len(times) < RAW_MOST and (len(times) < 3 or sum(times) < RAW_SECONDS):
        times.append(target.database.timed(case.raw(len(times))))
    return statistics.median(times)
