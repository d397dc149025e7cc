"""Databases with DIRAC's own schema for one test worker, on the shared server."""

from __future__ import annotations

from collections.abc import Mapping

import pymysql

from .dirac_schemas import schemas
from .sql_server import SqlServer

# DIRAC's databases that our services use
DIRAC_DATABASES = (
    "JobDB",
    "JobLoggingDB",
    "TaskQueueDB",
    "PilotAgentsDB",
    "SandboxMetadataDB",
    "ResourceStatusDB",
)

OUR_DATABASES = ("AuthDB", "BridgeDB")


class WorkerDatabases:
    """The databases of one worker: made once, emptied before each test."""

    def __init__(self, server: SqlServer, worker: str) -> None:
        self.server = server
        self.worker = worker
        # All that the legacy services need; names tell the worker, as several share the server.
        self.names = {name: f"{name}_{worker}" for name in schemas(server)}
        for name, statements in schemas(server).items():
            self.create(self.names[name])
            server.execute(statements, self.names[name])
        for name in self.ours.values():
            self.create(name)

    @property
    def ours(self) -> dict[str, str]:
        """The real names of AuthDB and BridgeDB, which are not DIRAC's and come without tables."""
        return {name: f"{name}_{self.worker}" for name in OUR_DATABASES}

    def urls(self) -> Mapping[str, str]:
        """SQLAlchemy URLs by the name of the database."""
        return {
            **{name: self.server.url(self.names[name]) for name in DIRAC_DATABASES},
            **{name: self.server.url(real) for name, real in self.ours.items()},
        }

    def create(self, name: str) -> None:
        """A database without tables, whatever was there before."""
        self.server.execute(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4")

    def empty(self) -> None:
        """Delete all rows; counters go on, so that ids do not come back."""
        with (
            pymysql.connect(host=self.server.host, port=self.server.port, user="root", autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SET FOREIGN_KEY_CHECKS=0")
            cursor.execute(
                "SELECT table_schema, table_name FROM information_schema.tables"
                " WHERE table_schema IN %s AND table_type='BASE TABLE'",
                ([*self.names.values(), *self.ours.values()],),
            )
            for schema, table in cursor.fetchall():
                cursor.execute(f"DELETE FROM `{schema}`.`{table}`")
