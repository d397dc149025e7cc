"""Databases with DIRAC's own schema for one test worker, on the shared server."""

from __future__ import annotations

from collections.abc import Mapping

import pymysql

from .dirac_schemas import schemas
from .sql_server import SqlServer

# DIRAC's databases that our services use
DIRAC_DATABASES = ("JobDB", "JobLoggingDB", "TaskQueueDB", "PilotAgentsDB", "SandboxMetadataDB")


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
        self.create(self.auth)

    @property
    def auth(self) -> str:
        """The real name of AuthDB, which is DiracX's own and comes without tables."""
        return f"AuthDB_{self.worker}"

    def urls(self) -> Mapping[str, str]:
        """SQLAlchemy URLs by the name of the database."""
        return {
            **{name: self.server.url(self.names[name]) for name in DIRAC_DATABASES},
            "AuthDB": self.server.url(self.auth),
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
                ([*self.names.values(), self.auth],),
            )
            for schema, table in cursor.fetchall():
                cursor.execute(f"DELETE FROM `{schema}`.`{table}`")
