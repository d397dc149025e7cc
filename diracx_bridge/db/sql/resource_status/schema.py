"""Tables of ResourceStatusDB as DIRAC 9.1 creates them (``ResourceStatusSystem/DB/ResourceStatusDB.py``).

Only the two that tell the status of now; its logs and histories belong to legacy's agents.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Table

from diracx_bridge.db.sql.column_types import metadata, text

RESOURCE_STATUS_DB = metadata("ResourceStatusDB")


def _status_of(elements: str) -> Table:
    return Table(
        elements,
        RESOURCE_STATUS_DB,
        Column("Name", text(64), primary_key=True),
        Column("StatusType", text(128), primary_key=True, server_default="all"),
        Column("VO", text(64), primary_key=True, server_default="all"),
        Column("Status", text(8), nullable=False, server_default=""),
        Column("Reason", text(512), nullable=False, server_default="Unspecified"),
        Column("DateEffective", DateTime, nullable=False),
        Column("TokenExpiration", DateTime, nullable=False, server_default="9999-12-31 23:59:59"),
        Column("ElementType", text(32), nullable=False, server_default=""),
        Column("LastCheckTime", DateTime, nullable=False, server_default="1000-01-01 00:00:00"),
        Column("TokenOwner", text(16), nullable=False, server_default="rs_svc"),
    )


site_status = _status_of("SiteStatus")
resource_status = _status_of("ResourceStatus")
