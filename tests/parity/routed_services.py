"""Real DIRAC services with our handlers, over HTTPS and DISET, and what clients without the bridge ask of them."""

from __future__ import annotations

import pickle
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import Section

SCRIPTS = Path(__file__).parent / "scripts"
HTTPS, DISET = "WorkloadManagement/JobStateUpdate", "WorkloadManagement/DisetJobStateUpdate"
HANDLERS = "diracx_bridge/legacy_adapters/dirac/handlers"
Call = tuple[str, str, tuple[Any, ...]]
"""Service, method, arguments."""


def routed(name: str = "JobStateUpdate", **options: Any) -> Section:
    """The CS with our handlers behind both transports of a service, and its routing."""
    services: Section = {
        name: {"HandlerPath": f"{HANDLERS}/Tornado{name}Handler.py"},
        f"Diset{name}": {"HandlerPath": f"{HANDLERS}/{name}Handler.py"},
    }
    return {
        "Systems": {"WorkloadManagement": {"Services": services}},
        "DiracX": {"Bridge": {"WorkloadManagement": {name: options}}},
    }


def call(legacy: Legacy, *calls: Call, user: str = "alice", group: str = "dirac_user") -> list[dict[str, Any]]:
    """The answers that a client in a process of its own gets, with the proxy of this user."""
    with NamedTemporaryFile(dir=legacy.folder) as asked:
        asked.write(pickle.dumps(calls))
        asked.flush()
        answers: list[dict[str, Any]] = legacy.run(
            SCRIPTS / "plain_calls.py", asked.name, user=user, group=group, services=True, seconds=120 + len(calls)
        )
    return answers


def bulk(job: int, service: str, second: int, minor: str) -> Call:
    """A status update of a job at a second of its own."""
    time = f"2030-01-01 12:{second // 60:02}:{second % 60:02}"
    return (service, "setJobStatusBulk", (job, {time: {"MinorStatus": minor}}))
