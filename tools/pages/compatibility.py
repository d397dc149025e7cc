"""The page of what the adapters do at an official DiracX server."""

from __future__ import annotations

import json
from pathlib import Path

from pages.markdown import page, table

PARITY = Path(__file__).parents[2] / "tests/parity"
MEASURED = {
    "WorkloadManagement/JobMonitoring": PARITY / "job-monitoring-0.7.0.json",
    "WorkloadManagement/JobStateUpdate": PARITY / "job_state_update/official-0.7.0.json",
}
"""Service -> what the parity test found."""


def compatibility_page() -> str:
    """For each adapted service and method: how the calls of the parity test came out."""
    parts: list[str | list[str]] = []
    for service, file in MEASURED.items():
        rows = (
            (
                f"`{method}`",
                *(str(found[name]) for name in ("calls", "as legacy", "as listed", "different")),
                ", ".join(f"`{field}`" for field in found["fields"]),
            )
            for method, found in json.loads(file.read_text()).items()
        )
        head = ("method", "calls", "as legacy", "as listed", "otherwise different", "in")
        parts += [f"## {service}", table(head, rows)]
    return page(
        "At an official server",
        "An adapter works at an official DiracX server, too, but not everywhere as the legacy service of DIRAC 9.1.22 "
        "does. These are the outcomes of generated calls, answers and rows, at DiracX 0.7.0: the same as legacy, "
        "different as [listed](differences.md), or different in another way, and then in which members of the answer "
        "or columns. At a server of the bridge the fourth column is empty: a test sees to it. Texts and numbers of "
        "errors are named only where nothing else differs.",
        *parts,
    )
