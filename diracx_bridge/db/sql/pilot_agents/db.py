"""PilotAgentsDB: registering pilots and noting how they fare.

DIRAC's table has no index on ``PilotStamp`` and lets it repeat: each look for stamps reads the table once, and changes
go to every pilot that has the stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from diracx_bridge.core.models.search import VectorSearchOperator, VectorSearchSpec
from diracx_bridge.db.sql.filters import conditions
from diracx_bridge.db.sql.pilot_agents.schema import pilot_agents
from diracx_bridge.db.sql.statement import RowSet, Statement
from diracx_bridge.db.sql.times import to_database
from diracx_bridge.db.sql.transaction import Transaction

MARGIN: Final = 1000
"""Pilots with so much smaller ids than the newest one may not have been committed when that one was seen."""

KNOWN: Final = Statement(
    "SELECT COALESCE(MAX(PilotID), 0), COALESCE(SUM(PilotStamp = :stamp), 0) FROM {PilotAgentsDB}.PilotAgents"
)
ONE_AT_A_TIME: Final = Statement(
    "SELECT PilotID FROM {PilotAgentsDB}.PilotAgents ORDER BY PilotID LIMIT 1 FOR UPDATE",
    sqlite="SELECT PilotID FROM {PilotAgentsDB}.PilotAgents ORDER BY PilotID LIMIT 1",
)
KNOWN_SINCE: Final = Statement(
    "SELECT PilotID FROM {PilotAgentsDB}.PilotAgents WHERE PilotID > :newest AND PilotStamp = :stamp"
)
ADD: Final = Statement(
    "INSERT INTO {PilotAgentsDB}.PilotAgents (PilotStamp, PilotJobReference, VO, GridType, GridSite, DestinationSite, "
    "Status, SubmissionTime, LastUpdateTime) "
    "VALUES (:stamp, :reference, :vo, :grid_type, :grid_site, :destination_site, :status, :now, :now)"
)
CHANGED: Final = {
    "Status": "VARCHAR(64)",
    "StatusReason": "VARCHAR(511)",
    "BenchMark": "DOUBLE",
    "DestinationSite": "VARCHAR(255)",
    "Queue": "VARCHAR(255)",
    "GridSite": "VARCHAR(255)",
    "GridType": "VARCHAR(64)",
    "AccountingSent": "VARCHAR(10)",
    "CurrentJobID": "BIGINT UNSIGNED",
}
_SET: Final = ", ".join(f"{{0}}{c} = COALESCE({{{{changes.{c}}}}}, p.{c})" for c in CHANGED)
UPDATE: Final = Statement(
    "UPDATE {changes} STRAIGHT_JOIN {PilotAgentsDB}.PilotAgents p ON p.PilotID = changes.PilotID SET "
    + _SET.format("p.")
    + ", p.LastUpdateTime = :now",
    sqlite="UPDATE {PilotAgentsDB}.PilotAgents AS p SET "
    + _SET.format("")
    + ", LastUpdateTime = :now FROM {changes} WHERE p.PilotID = changes.PilotID",
    changes=RowSet(PilotID="BIGINT UNSIGNED", **CHANGED),
)


@dataclass(frozen=True, slots=True)
class KnownPilot:
    """A registered pilot."""

    id: int
    stamp: str
    vo: str


class PilotAgentsDB:
    """What is done with the table PilotAgents; every method costs a fixed number of statements."""

    async def register(self, tx: Transaction, now: datetime, **columns: str) -> bool:
        """Add a pilot (values of ``ADD``); False, and nothing is added, if there is one with this stamp.

        No key keeps stamps apart, so registrations wait for each other: each locks the oldest pilot, and looks again at
        those that came meanwhile.
        """
        stamp = columns["stamp"]
        ((newest, found),) = await tx.execute(KNOWN, stamp=stamp)
        if found:
            return False
        await tx.execute(ONE_AT_A_TIME)
        if await tx.execute(KNOWN_SINCE, newest=newest - MARGIN, stamp=stamp):
            return False
        await tx.execute(ADD, **columns, now=to_database(now, tx.dialect))
        return True

    async def find(self, tx: Transaction, stamps: Iterable[str]) -> list[KnownPilot]:
        """The pilots that have one of these stamps, written in the same way."""
        wanted = set(stamps)
        spec = VectorSearchSpec(parameter="PilotStamp", operator=VectorSearchOperator.IN, values=sorted(wanted))
        c = pilot_agents.c
        rows = await tx.raw(
            select(c.PilotID, c.PilotStamp, c.VO)
            .where(*conditions(pilot_agents, [spec], tx.dialect))
            .order_by(c.PilotID)
        )
        return [KnownPilot(*row) for row in rows if row[1] in wanted]

    async def update(self, tx: Transaction, changes: Mapping[int, Mapping[str, Any]], now: datetime) -> None:
        """Set columns of pilots (names of ``CHANGED``) by id; what is absent or None stays as it is."""
        rows = [(pilot, *(changes[pilot].get(c) for c in CHANGED)) for pilot in sorted(changes)]
        if rows:
            await tx.execute(UPDATE, changes=rows, now=to_database(now, tx.dialect))
