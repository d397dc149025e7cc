"""The databases whose tables we know, by logical name."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

from diracx_bridge.db.sql.auth.schema import AUTH_DB
from diracx_bridge.db.sql.bridge.schema import BRIDGE_DB
from diracx_bridge.db.sql.job.schema import JOB_DB
from diracx_bridge.db.sql.job_logging.schema import JOB_LOGGING_DB
from diracx_bridge.db.sql.pilot_agents.schema import PILOT_AGENTS_DB
from diracx_bridge.db.sql.resource_status.schema import RESOURCE_STATUS_DB
from diracx_bridge.db.sql.sandbox_metadata.schema import SANDBOX_METADATA_DB
from diracx_bridge.db.sql.task_queue.schema import TASK_QUEUE_DB

SCHEMAS: Final[dict[str, MetaData]] = {
    "AuthDB": AUTH_DB,
    "BridgeDB": BRIDGE_DB,
    "JobDB": JOB_DB,
    "JobLoggingDB": JOB_LOGGING_DB,
    "PilotAgentsDB": PILOT_AGENTS_DB,
    "ResourceStatusDB": RESOURCE_STATUS_DB,
    "SandboxMetadataDB": SANDBOX_METADATA_DB,
    "TaskQueueDB": TASK_QUEUE_DB,
}

OURS: Final = frozenset({"AuthDB", "BridgeDB"})
"""Databases that are not DIRAC's: we create them on a server, too. DIRAC creates the others (``dirac-install-db``)."""
