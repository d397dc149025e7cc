"""Prometheus metrics of one application."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from diracx_bridge.config.source import ConfigSource
    from diracx_bridge.core.models.ledger import LedgerBatch
    from diracx_bridge.db.sql.server import Databases
    from diracx_bridge.services.jobs.delivery import Delivery

MOST_SERIES = 5000
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """A registry of its own, so that several applications live in one process."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._seconds = Histogram(
            "diracx_bridge_request_seconds",
            "Time from the arrival of a request to the end of its answer.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter(
            "diracx_bridge_requests", "Answered requests.", ("method", "route", "status"), registry=self.registry
        )
        self._series: dict[tuple[str, str, int], tuple[Histogram, Counter]] = {}
        self._routed_seen: set[tuple[str, ...]] = set()
        self._routed = Counter(
            "diracx_bridge_routed_calls",
            "Legacy calls that came through the doors of DIRAC's services, as the batches of the ledger tell.",
            ("service", "method", "vo", "stage", "side", "outcome", "comparison"),
            registry=self.registry,
        )
        self._mismatches = Counter(
            "diracx_bridge_mismatches",
            "Mismatches that the stage compare has found.",
            ("service", "method", "vo"),
            registry=self.registry,
        )
        self._dropped = Counter(
            "diracx_bridge_ledger_dropped",
            "Calls and mismatches that doors of DIRAC's services left out of the ledger: they had no room for them, or "
            "do not know whether their batch arrived.",
            registry=self.registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is its path template, so that job ids make no new series."""
        series = self._series.get((method, route, status))
        if series is None:
            found = self._seconds.labels(method, route), self._requests.labels(method, route, str(status))
            series = self._series[method, route, status] = found
        series[0].observe(seconds)
        series[1].inc()

    def count_ledger(self, batch: LedgerBatch) -> None:
        """Count what the doors tell of their calls. Doors name them, so the number of series is bounded."""
        for call in batch.calls:
            labels = (call.service, call.method, call.vo, call.stage, call.side, call.outcome, call.comparison)
            if self._has_room_for(labels):
                self._routed.labels(*labels).inc(call.count)
        for found in batch.mismatches:
            if self._has_room_for((found.service, found.method, found.vo)):
                self._mismatches.labels(found.service, found.method, found.vo).inc(found.count)
        self._dropped.inc(batch.dropped)

    def _has_room_for(self, labels: tuple[str, ...]) -> bool:
        if len(self._routed_seen) < MOST_SERIES:
            self._routed_seen.add(labels)
        return labels in self._routed_seen

    def watch(self, source: ConfigSource, databases: Databases, delivery: Delivery | None) -> None:
        """Report the configuration, the connection pools, and job parameters that wait, from now on."""
        self.registry.register(_State(source, databases))
        if delivery is not None:
            self.registry.register(_Outbox(delivery))

    def render(self) -> bytes:
        """The metrics as text."""
        return generate_latest(self.registry)


class _Outbox(Collector):
    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def collect(self) -> Iterator[Metric]:
        found = self._delivery.backlog
        yield GaugeMetricFamily(
            "diracx_bridge_job_parameters_waiting",
            "Documents of job parameters that are committed and not yet in their store, at the last look.",
            found.waiting,
        )
        yield GaugeMetricFamily(
            "diracx_bridge_job_parameters_wait_seconds",
            "For how long the oldest of them has been waiting.",
            0.0 if found.since is None else max(0.0, time.time() - found.since.timestamp()),
        )
        yield GaugeMetricFamily(
            "diracx_bridge_job_parameters_refused",
            "Documents of job parameters that their store refused for good; they are kept in BridgeDB.",
            found.refused,
        )


class _State(Collector):
    def __init__(self, source: ConfigSource, databases: Databases) -> None:
        self._source = source
        self._databases = databases

    def collect(self) -> Iterator[Metric]:
        status = self._source.status
        healthy = GaugeMetricFamily(
            "diracx_bridge_config_healthy", "1 if the configuration served is the newest of its repository, else 0."
        )
        healthy.add_metric([], float(status.healthy))
        yield healthy
        age = GaugeMetricFamily(
            "diracx_bridge_config_age_seconds", "Time since the configuration served was last known to be the newest."
        )
        if status.last_success is not None:
            age.add_metric([], time.time() - status.last_success.timestamp())
        yield age
        revision = GaugeMetricFamily(
            "diracx_bridge_config_revision", "1, labelled with the commit that is served.", labels=("revision",)
        )
        if status.revision is not None:
            revision.add_metric([status.revision], 1.0)
        yield revision
        used = GaugeMetricFamily(
            "diracx_bridge_database_connections_in_use", "Connections that requests hold.", labels=("databases",)
        )
        for server in self._databases.servers:
            used.add_metric(["+".join(sorted(server.databases))], float(server.connections_in_use))
        yield used
