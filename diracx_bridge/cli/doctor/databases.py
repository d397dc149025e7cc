"""The databases: what `diracx-bridge db check` finds."""

from __future__ import annotations

import asyncio

from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.cli.environment import services_environment
from diracx_bridge.db.setup import inspect


def of_databases() -> list[Diagnosis]:
    """What is wrong with the databases of the services.

    Raises:
        SettingsError: none is configured, or a URL is wrong.
    """
    findings, _ = asyncio.run(inspect(services_environment()))
    return [
        Diagnosis(
            "error" if finding.fatal else "warning",
            "database",
            "all that the services do there" if finding.fatal else "what the finding names",
            f"{finding.database} {finding.subject} {finding.message}",
            "do what the finding says; `diracx-bridge db check` shows it again",
        )
        for finding in findings
    ]
