"""Tables of AuthDB, column for column what DiracX 0.7.0 creates, so that both servers can share one.

Identifiers are UUIDs version 7: the native ``UUID`` of MariaDB, ``CHAR(32)`` without dashes on MySQL and SQLite (texts
sort as the time of creation on all of them).
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Index, String, Table, Uuid

from diracx_bridge.db.sql.column_types import metadata, utc_now

AUTH_DB = metadata("AuthDB")

#: Texts of the ``Status`` columns of the two flow tables, in the order of a flow's life.
FLOW_STATUSES = ("PENDING", "READY", "DONE", "ERROR")
#: Texts of ``RefreshTokens.Status``.
TOKEN_STATUSES = ("CREATED", "REVOKED")

device_flows = Table(
    "DeviceFlows",
    AUTH_DB,
    Column("UserCode", String(8), primary_key=True),
    Column("Status", String(16), nullable=False, server_default="PENDING"),
    Column("CreationTime", DateTime, nullable=False, server_default=utc_now()),
    Column("ClientID", String(255), nullable=False),
    Column("Scope", String(1024), nullable=False),
    Column("DeviceCode", String(128), nullable=False, unique=True),
    Column("IDToken", JSON(none_as_null=True)),
)

authorization_flows = Table(
    "AuthorizationFlows",
    AUTH_DB,
    Column("UUID", Uuid, primary_key=True),
    Column("Status", String(16), nullable=False, server_default="PENDING"),
    Column("ClientID", String(255), nullable=False),
    Column("CreationTime", DateTime, nullable=False, server_default=utc_now()),
    Column("Scope", String(1024), nullable=False),
    Column("CodeChallenge", String(255), nullable=False),
    Column("CodeChallengeMethod", String(8), nullable=False),
    Column("RedirectURI", String(255), nullable=False),
    Column("Code", String(255)),
    Column("IDToken", JSON(none_as_null=True)),
)

refresh_tokens = Table(
    "RefreshTokens",
    AUTH_DB,
    Column("JTI", Uuid, primary_key=True),
    Column("Status", String(16), nullable=False, server_default="CREATED"),
    Column("Scope", String(1024), nullable=False),
    Column("Sub", String(256), nullable=False),
    Index("ix_RefreshTokens_Sub", "Sub"),
    Index("index_status_sub", "Status", "Sub"),
)
