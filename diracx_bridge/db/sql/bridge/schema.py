"""Tables of BridgeDB.

DIRAC's schemas are never changed, so what has to be committed together with jobs and has no place there is kept here.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Double, Index, Integer, SmallInteger, String, Table, Text
from sqlalchemy.dialects import mysql

from diracx_bridge.db.sql.column_types import exact_text, medium_text, metadata, unsigned

BRIDGE_DB = metadata("BridgeDB")

answered_requests = Table(
    "AnsweredRequests",
    BRIDGE_DB,
    Column("RequestKey", String(64), primary_key=True),
    Column("Sub", String(256), nullable=False),
    Column("Operation", String(128), nullable=False),
    Column("ClientRequestID", String(128), nullable=False),
    Column("Status", SmallInteger),
    Column("Body", medium_text()),
    Column("CreationTime", DateTime, nullable=False),
    Index(None, "CreationTime"),
)
"""Requests that must not be done twice, and their answers; ``RequestKey`` is the SHA-256 of all that makes them one."""

parameters_outbox = Table(
    "JobParametersOutbox",
    BRIDGE_DB,
    Column(
        "ID",
        BigInteger().with_variant(mysql.BIGINT(unsigned=True), "mysql", "mariadb").with_variant(Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("JobID", unsigned(), nullable=False),
    Column("VO", String(64), nullable=False),
    Column("Document", medium_text(), nullable=False),
    Column("CreationTime", DateTime, nullable=False),
    Column("Problem", Text),
    Index(None, "JobID", "ID"),
    sqlite_autoincrement=True,
)
"""Job parameters that are committed and not yet in their store, in the order of ``ID``.

``Document`` is JSON; ``Problem`` says why the store refused it for good, NULL for those that are still to be written.
"""

revoked_access = Table(
    "RevokedAccess",
    BRIDGE_DB,
    Column("Sub", exact_text(256), primary_key=True),
    Column("IssuedUntil", DateTime, nullable=False),
)
"""Whose access tokens are refused if they were issued until then, the second of ``IssuedUntil`` included.

``Sub`` is ``<vo>:<subject>``; ``<vo>:`` are all users of a VO, the empty text is everybody.
"""

LATENCY_CLASSES = 11
"""Classes of latency in ``RoutedCalls``; their bounds are those of the doors' ledger."""

routed_calls = Table(
    "RoutedCalls",
    BRIDGE_DB,
    Column("CallKey", String(64), primary_key=True),
    Column("Hour", DateTime, nullable=False),
    Column("Service", String(128), nullable=False),
    Column("Method", String(128), nullable=False),
    Column("VO", String(64), nullable=False),
    Column("UserGroup", String(128), nullable=False),
    Column("UserName", String(64), nullable=False),
    Column("Stage", String(16), nullable=False),
    Column("Side", String(16), nullable=False),
    Column("Outcome", String(16), nullable=False),
    Column("Reason", String(32), nullable=False),
    Column("Comparison", String(16), nullable=False),
    Column("Calls", BigInteger, nullable=False),
    Column("Seconds", Double, nullable=False),
    Column("Longest", Double, nullable=False),
    *(Column(f"Class{number}", BigInteger, nullable=False) for number in range(LATENCY_CLASSES)),
    Index(None, "Hour"),
)
"""Calls through the doors, counted by hour; ``CallKey`` is the SHA-256 of the columns up to ``Comparison``."""

mismatches = Table(
    "Mismatches",
    BRIDGE_DB,
    Column("MismatchKey", String(64), primary_key=True),
    Column("Fingerprint", String(64), nullable=False),
    Column("Service", String(128), nullable=False),
    Column("Method", String(128), nullable=False),
    Column("VO", String(64), nullable=False),
    Column("What", String(128), nullable=False),
    Column("Legacy", Text, nullable=False),
    Column("DiracX", Text, nullable=False),
    Column("ReproducingCall", Text, nullable=False),
    Column("Occurrences", BigInteger, nullable=False),
    Column("FirstSeen", DateTime, nullable=False),
    Column("LastSeen", DateTime, nullable=False),
    Index(None, "LastSeen"),
)
"""Differences between the two sides that nobody intended, one row for each kind and VO, with the first example."""
