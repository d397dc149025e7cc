"""ResourceStatusDB: what DIRAC's agents and operators say of sites and resources. It is only read."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from diracx_bridge.db.sql.statement import Statement
from diracx_bridge.db.sql.times import from_database
from diracx_bridge.db.sql.transaction import Transaction

ALL: Final = Statement(
    "SELECT 'Site', Name, StatusType, VO, Status, Reason, DateEffective FROM {ResourceStatusDB}.SiteStatus "
    "UNION ALL "
    "SELECT ElementType, Name, StatusType, VO, Status, Reason, DateEffective FROM {ResourceStatusDB}.ResourceStatus"
)


class ElementStatus(NamedTuple):
    """One status of one element (``element_type`` "Site", "StorageElement", ...) for one VO, or for "all"."""

    element_type: str
    name: str
    status_type: str
    vo: str
    status: str
    reason: str
    date_effective: datetime | None


class ResourceStatusDB:
    """What is done with the tables of ResourceStatusDB."""

    async def all(self, tx: Transaction) -> list[ElementStatus]:
        """Every status there is, in no order."""
        return [ElementStatus._make((*row[:-1], from_database(row[-1]))) for row in await tx.execute(ALL)]
