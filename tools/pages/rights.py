"""The page of the rights in the databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pages.markdown import page

from diracx_bridge.db.sql.rights import DELETE, INSERT, NEEDED, SELECT, UPDATE
from diracx_bridge.db.sql.schemas import OURS, SCHEMAS


def rights_page() -> str:
    """The grants that the database user needs, as SQL."""
    return page(
        "Database rights",
        "The rights of the database user of the services, by table. `diracx-bridge db check` tries each of them. "
        "Replace `'diracx'@'%'`, the password, and the names of the databases where yours differ. Tables with `SELECT` "
        "only are read, or looked at by `db check`.",
        ["```sql", "CREATE USER 'diracx'@'%' IDENTIFIED BY 'a password of your own';", *grants(), "```"],
        "`diracx-bridge db init AuthDB BridgeDB` creates tables, so it needs more, once. Revoke it afterwards "
        "if you like.",
        ["```sql", *init_grants(), "```"],
        "`diracx-bridge auth cleanup` needs these; give it a user of its own, so that the services may drop nothing.",
        ["```sql", "CREATE USER 'diracx_cleanup'@'%' IDENTIFIED BY 'another password';", *cleanup_grants(), "```"],
    )


USER: Final = "'diracx'@'%'"
CLEANUP_USER: Final = "'diracx_cleanup'@'%'"


def grants(user: str = USER, names: Mapping[str, str] | None = None) -> list[str]:
    """SQL statements that let ``user`` do what the services do; ``names`` are real database names by logical ones."""
    return [
        f"GRANT {', '.join(rights)} ON `{(names or {}).get(database, database)}`.{table} TO {user};"
        for database, table, rights in _rights()
    ]


def _rights() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for database, metadata in SCHEMAS.items():
        if database not in OURS:
            for name in sorted(table.name for table in metadata.sorted_tables):
                yield database, f"`{name}`", NEEDED.get(name, (SELECT,))
    for database in sorted(OURS):
        yield database, "*", (SELECT, INSERT, UPDATE, DELETE)


def init_grants(user: str = USER, names: Mapping[str, str] | None = None) -> list[str]:
    """SQL statements that make our own databases and let ``user`` create their tables."""
    statements = []
    for database in sorted(OURS):
        real = (names or {}).get(database, database)
        statements += [
            f"CREATE DATABASE IF NOT EXISTS `{real}` CHARACTER SET utf8mb4;",
            f"GRANT CREATE, ALTER, INDEX ON `{real}`.* TO {user};",
        ]
    return statements


def cleanup_grants(user: str = CLEANUP_USER, names: Mapping[str, str] | None = None) -> list[str]:
    """SQL statements that let ``user`` look after AuthDB, and do nothing else."""
    real = (names or {}).get("AuthDB", "AuthDB")
    tables = {
        "RefreshTokens": "SELECT, ALTER, DROP",
        **dict.fromkeys(("DeviceFlows", "AuthorizationFlows"), "SELECT, DELETE"),
    }
    return [f"GRANT {rights} ON `{real}`.`{table}` TO {user};" for table, rights in tables.items()]
