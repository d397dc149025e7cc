"""The page of the metrics."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from pages.markdown import page, table

from diracx_bridge.config.source import SourceStatus
from diracx_bridge.core.models.ledger import LedgerBatch
from diracx_bridge.cs_sync.follow.metrics import METRICS
from diracx_bridge.db.sql.bridge.db import Backlog
from diracx_bridge.services.metrics import Metrics


def metrics_page() -> str:
    """Every metric of ours."""
    now = datetime.now(UTC)
    source = SimpleNamespace(status=SourceStatus(revision="commit", last_check=now, last_success=now))
    server = SimpleNamespace(databases={"JobDB": "JobDB"}, connections_in_use=0)
    metrics = Metrics()
    metrics.observe("GET", "/metrics", 200, 0.001)
    call = {"service": "s", "method": "m", "stage": "live", "side": "diracx", "outcome": "ok", "count": 1, "seconds": 0}
    found = {"fingerprint": "0" * 64, "service": "s", "method": "m", "what": "answer", "call": {}, "count": 1}
    batch = {"calls": [{**call, "longest": 0, "classes": [0] * 11}], "mismatches": [found]}
    metrics.count_ledger(LedgerBatch.model_validate(batch))
    delivery = SimpleNamespace(backlog=Backlog(0, 0, None))
    metrics.watch(cast(Any, source), cast(Any, SimpleNamespace(servers=[server])), cast(Any, delivery))
    ours = [family for family in metrics.registry.collect() if family.name.startswith("diracx_bridge")]
    rows = (
        (
            f"`{family.name}{'_total' if family.type == 'counter' else ''}`",
            family.type,
            ", ".join(f"`{label}`" for label in family.samples[0].labels if label != "le"),
            family.documentation,
        )
        for family in ours
    )
    followed = (
        (f"`diracx_bridge_cs_sync_{m.name}`", m.kind, ", ".join(f"`{x}`" for x in m.labels), m.meaning) for m in METRICS
    )
    return page(
        "Metrics",
        "What `GET /metrics` of the services tells, beside the usual `process_...` and `python_...`. With several "
        "worker processes each request for it is answered by one of them, with the figures of that one.",
        table(("metric", "type", "labels", "meaning"), rows),
        "## The synchroniser",
        "What `/metrics` of `diracx-bridge cs sync --daemon` tells.",
        table(("metric", "type", "labels", "meaning"), followed),
    )
