"""Tables of SandboxMetadataDB as DIRAC 9.1 creates them (``WorkloadManagementSystem/DB/SandboxMetadataDB.py``).

Nothing refers to anything by a foreign key, and an owner may have several rows: legacy looks for one and adds it if
there is none, in two transactions. So an owner is recognised by the values of the row, never by its id.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Index, Table

from diracx_bridge.db.sql.column_types import metadata, text, tiny, unsigned

SANDBOX_METADATA_DB = metadata("SandboxMetadataDB")

owners = Table(
    "sb_Owners",
    SANDBOX_METADATA_DB,
    Column("OwnerId", unsigned(), primary_key=True, autoincrement=True),
    Column("Owner", text(32), nullable=False),
    Column("OwnerGroup", text(32), nullable=False),
    Column("VO", text(64), nullable=False),
    sqlite_autoincrement=True,
)

sandboxes = Table(
    "sb_SandBoxes",
    SANDBOX_METADATA_DB,
    Column("SBId", unsigned(), primary_key=True, autoincrement=True),
    Column("OwnerId", unsigned(), nullable=False, index=True),
    Column("SEName", text(64), nullable=False),
    Column("SEPFN", text(512), nullable=False),
    Column("Bytes", BigInteger, nullable=False, server_default="0"),
    Column("RegistrationTime", DateTime, nullable=False),
    Column("LastAccessTime", DateTime, nullable=False),
    Column("Assigned", tiny(), nullable=False, server_default="0"),
    Index(None, "SEName", "SEPFN", unique=True),
    sqlite_autoincrement=True,
)

entity_mapping = Table(
    "sb_EntityMapping",
    SANDBOX_METADATA_DB,
    Column("SBId", unsigned(), primary_key=True, autoincrement=False, index=True),
    Column("EntityId", text(128), primary_key=True, index=True),
    Column("Type", text(64), primary_key=True),
)
