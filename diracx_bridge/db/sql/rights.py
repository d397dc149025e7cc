"""What the database user must be allowed to do, and whether it is.

Grants are tried instead of read: statements that touch no row, in a transaction that is rolled back. So grants to
roles, to patterns of names and to single columns all count for what they are worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from diracx_bridge.db.sql.failures import DENIED
from diracx_bridge.db.sql.server import Server

SELECT, INSERT, UPDATE, DELETE = "SELECT", "INSERT", "UPDATE", "DELETE"

NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "Jobs": (SELECT, INSERT, UPDATE, DELETE),
    "JobJDLs": (SELECT, INSERT, UPDATE, DELETE),
    "InputData": (SELECT, INSERT, UPDATE, DELETE),
    "HeartBeatLoggingInfo": (SELECT, INSERT, UPDATE, DELETE),
    "JobCommands": (SELECT, INSERT, UPDATE, DELETE),
    "AtticJobParameters": (SELECT, INSERT, UPDATE, DELETE),
    "OptimizerParameters": (SELECT, DELETE),
    "LoggingInfo": (SELECT, INSERT, DELETE),
    "PilotAgents": (SELECT, INSERT, UPDATE),
    "JobToPilotMapping": (SELECT,),
    "SiteStatus": (SELECT,),
    "ResourceStatus": (SELECT,),
    "sb_Owners": (SELECT, INSERT),
    "sb_SandBoxes": (SELECT, INSERT, UPDATE, DELETE),
    "sb_EntityMapping": (SELECT, INSERT, DELETE),
    "tq_TaskQueues": (SELECT, DELETE),
    "tq_Jobs": (SELECT, DELETE),
    "tq_RAM_requirements": (SELECT, DELETE),
    **{f"tq_TQTo{n}": (SELECT, DELETE) for n in ("Sites", "GridCEs", "BannedSites", "Platforms", "JobTypes", "Tags")},
    "AnsweredRequests": (SELECT, INSERT, UPDATE, DELETE),
    "JobParametersOutbox": (SELECT, INSERT, UPDATE, DELETE),
    "RevokedAccess": (SELECT, INSERT, UPDATE, DELETE),
    "DeviceFlows": (SELECT, INSERT, UPDATE, DELETE),
    "AuthorizationFlows": (SELECT, INSERT, UPDATE, DELETE),
    "RefreshTokens": (SELECT, INSERT, UPDATE, DELETE),
}
"""The rights that our statements need, by table; tables that none of them names are absent."""

_PROBES: Final = {
    SELECT: "SELECT {column} FROM {table} WHERE 1 = 0",
    INSERT: "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE 1 = 0",
    UPDATE: "UPDATE {table} SET {column} = {column} WHERE 1 = 0",
    DELETE: "DELETE FROM {table} WHERE 1 = 0",
}
_READ_ONLY: Final = {1290, 1792, 1836}
_JOB_OF_NOBODY: Final = -2147483648


async def missing_rights(server: Server, database: str, tables: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """What the user may not do with ``tables`` (their live columns by name): ``"INSERT, UPDATE"`` by table."""
    missing: dict[str, str] = {}
    async with server.engine.connect() as connection:
        for table, columns in tables.items():
            name = f"{server.names[database]}.`{table}`"
            quoted = [f"`{column}`" for column in columns]
            denied = []
            for right in NEEDED.get(table, ()):
                probe = _PROBES[right].format(table=name, column=quoted[0], columns=", ".join(quoted))
                try:
                    await connection.exec_driver_sql(probe)
                except DBAPIError as error:
                    number = error.orig.args[0] if error.orig else None
                    if number not in DENIED | _READ_ONLY:
                        raise
                    denied.append(f"{right} (the server is read-only)" if number in _READ_ONLY else right)
            if denied:
                missing[table] = ", ".join(denied)
        await connection.rollback()
    return missing


async def problem_with_log_numbers(server: Server) -> str | None:
    """Why a new row of LoggingInfo does not get its SeqNum from DIRAC's trigger, or None if it does.

    It is tried with a row that is taken back: the catalogue shows triggers only to users with the TRIGGER right, and a
    trigger whose definer is gone is there, but fails.
    """
    table = f"{server.names['JobLoggingDB']}.LoggingInfo"
    row = {"job": _JOB_OF_NOBODY, "time": "2010-01-01 00:00:00"}
    columns = "JobID, SeqNum, Status, MinorStatus, ApplicationStatus, StatusTime, StatusTimeOrder, StatusSource"
    async with server.engine.connect() as connection:
        try:
            await connection.execute(
                text(f"INSERT INTO {table} ({columns}) VALUES (:job, 0, '', '', '', :time, 0, '')"), row
            )
            found = await connection.execute(text(f"SELECT MAX(SeqNum) FROM {table} WHERE JobID = :job"), row)
            return None if found.scalar() else "the trigger SeqNumGenerator is missing: records overwrite each other"
        except DBAPIError as error:
            return f"no record can be added: {error.orig}"
        finally:
            await connection.rollback()
