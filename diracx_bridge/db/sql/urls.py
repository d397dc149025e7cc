"""Database URLs: which databases are where, and which of them can share a transaction."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.core.settings import with_bridge_db

DATABASE_NAMES: Final = (
    "AuthDB",
    "BridgeDB",
    "JobDB",
    "JobLoggingDB",
    "PilotAgentsDB",
    "ResourceStatusDB",
    "SandboxMetadataDB",
    "TaskQueueDB",
)
DRIVERS: Final = ("mysql+aiomysql", "mysql+asyncmy", "sqlite+aiosqlite")
PREFIX: Final = "DIRACX_DB_URL_"
BRIDGE: Final = "DIRACX_BRIDGE_DB_URL"


def variable(name: str) -> str:
    """The environment variable that holds the URL of the database ``name``."""
    return BRIDGE if name == "BridgeDB" else PREFIX + name.upper()


@dataclass(frozen=True, slots=True)
class DatabaseURL:
    """Where one database is: ``database`` is its name on the server, or the absolute path of its SQLite file."""

    url: URL
    dialect: str
    database: str
    server: Hashable


def urls_from(environment: Mapping[str, str]) -> dict[str, str]:
    """The database URLs among environment variables, by logical name; databases that nobody here knows are left out."""
    return with_bridge_db(
        {name: environment[variable(name)] for name in DATABASE_NAMES if environment.get(variable(name))}
    )


def parse_urls(urls: Mapping[str, str]) -> dict[str, DatabaseURL]:
    """The URLs taken apart.

    Raises:
        SettingsError: one is no database URL, or its driver isn't one of ours. Passwords are never part of the message.
    """
    return {name: _parse(name, url) for name, url in urls.items()}


def _parse(name: str, text: str) -> DatabaseURL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingsError(
            f"{variable(name)} is not a database URL; it looks like mysql+aiomysql://user:password@host:3306/{name} "
            "or sqlite+aiosqlite:////path/to/file.db"
        ) from None
    if url.drivername not in DRIVERS:
        raise SettingsError(f"{variable(name)}: the driver {url.drivername} isn't supported; use {', '.join(DRIVERS)}")
    if not url.database:
        raise SettingsError(
            f"{variable(name)} names no database: put its name (or the file's path) at the end of the URL"
        )
    if url.drivername.startswith("sqlite"):
        if url.database == ":memory:":
            raise SettingsError(
                f"{variable(name)}: an in-memory database is not shared between connections; name a file"
            )
        return DatabaseURL(url, "sqlite", str(Path(url.database).absolute()), "sqlite")
    server = (url.drivername, url.host, url.port or 3306, url.username, url.password, tuple(sorted(url.query.items())))
    return DatabaseURL(url, "mysql", url.database, server)
