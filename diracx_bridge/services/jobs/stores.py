"""Where jobs are kept: databases on one server, and the job parameters beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from diracx_bridge.core.extensions import load
from diracx_bridge.db.sql.bridge.db import BridgeDB
from diracx_bridge.db.sql.job.db import JobDB
from diracx_bridge.db.sql.job_logging.db import JobLoggingDB
from diracx_bridge.db.sql.sandbox_metadata.db import SandboxMetadataDB
from diracx_bridge.db.sql.server import Databases, Server
from diracx_bridge.db.sql.task_queue.db import TaskQueueDB

NEEDED: Final = ("JobDB", "JobLoggingDB", "TaskQueueDB", "BridgeDB")
SANDBOXES: Final = "SandboxMetadataDB"
OPTIONAL: Final = (SANDBOXES,)
"""Databases without which some routes are unavailable; where they are set, they are on the server of the others."""


def needed(databases: Databases) -> tuple[str, ...]:
    """Logical names of the databases that one transaction of ``/api/jobs`` may write to."""
    return (*NEEDED, *(name for name in OPTIONAL if name in databases))


@dataclass(frozen=True, slots=True)
class JobStores:
    """The job databases: ``server`` runs transactions over all of them."""

    server: Server
    jobs: JobDB
    log: JobLoggingDB
    queues: TaskQueueDB
    bridge: BridgeDB
    sandboxes: SandboxMetadataDB

    @classmethod
    def of(cls, databases: Databases) -> JobStores:
        """The stores, with the classes of extensions in place of ours.

        Raises:
            SettingsError: a database has no URL, or they are on different servers.
        """
        classes = load(
            "diracx_bridge.db.sql",
            {
                "JobDB": JobDB,
                "JobLoggingDB": JobLoggingDB,
                "TaskQueueDB": TaskQueueDB,
                "BridgeDB": BridgeDB,
                "SandboxMetadataDB": SandboxMetadataDB,
            },
        )
        return cls(
            server=databases.server_of(*needed(databases)),
            jobs=classes["JobDB"](),
            log=classes["JobLoggingDB"](),
            queues=classes["TaskQueueDB"](),
            bridge=classes["BridgeDB"](),
            sandboxes=classes["SandboxMetadataDB"](),
        )
