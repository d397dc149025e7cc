"""What a live database holds: tables, columns, keys, as its catalogue tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text

from diracx_bridge.db.sql.transaction import Transaction


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """A column: ``type`` in the words of the database, in lower case."""

    type: str
    nullable: bool
    has_default: bool


@dataclass(slots=True)
class LiveTable:
    """A table; ``indexes`` are tuples of column names, the primary key among them; ``engine`` is empty on SQLite."""

    engine: str = ""
    columns: dict[str, LiveColumn] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    indexes: list[tuple[str, ...]] = field(default_factory=list)
    cascades: list[str] = field(default_factory=list)
    """Tables whose deleted rows take rows of this one with them."""


_COLUMNS: Final = {
    "mysql": "SELECT c.table_name, t.engine, c.column_name, c.column_type, c.is_nullable = 'YES', "
    "c.column_default IS NOT NULL OR c.extra LIKE '%auto_increment%' "
    "FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
    "WHERE c.table_schema = :name ORDER BY c.table_name, c.ordinal_position",
    "sqlite": "SELECT m.name, '', c.name, c.type, NOT c.\"notnull\", c.dflt_value IS NOT NULL "
    "FROM {name}.sqlite_master m JOIN pragma_table_info(m.name, :name) c WHERE m.type = 'table' ORDER BY m.name, c.cid",
}
_KEYS: Final = {
    "mysql": "SELECT table_name, index_name, column_name FROM information_schema.statistics "
    "WHERE table_schema = :name ORDER BY table_name, index_name, seq_in_index",
    "sqlite": "SELECT m.name AS t, 'PRIMARY' AS i, c.name, c.pk AS n "
    "FROM {name}.sqlite_master m JOIN pragma_table_info(m.name, :name) c WHERE m.type = 'table' AND c.pk > 0 "
    "UNION ALL SELECT m.name, l.name, x.name, x.seqno FROM {name}.sqlite_master m "
    "JOIN pragma_index_list(m.name, :name) l JOIN pragma_index_info(l.name, :name) x "
    "WHERE m.type = 'table' AND l.origin != 'pk' ORDER BY t, i, n",
}
_CASCADES: Final = {
    "mysql": "SELECT table_name, referenced_table_name FROM information_schema.referential_constraints "
    "WHERE constraint_schema = :name AND delete_rule = 'CASCADE'",
    "sqlite": 'SELECT m.name, f."table" FROM {name}.sqlite_master m JOIN pragma_foreign_key_list(m.name, :name) f '
    "WHERE m.type = 'table' AND f.on_delete = 'CASCADE'",
}


async def live_tables(tx: Transaction, database: str) -> dict[str, LiveTable]:
    """The tables of ``database`` (a logical name) by name; empty if there are none or the user may see none."""
    name = tx.databases[database]
    tables: dict[str, LiveTable] = {}
    for table, engine, column, kind, nullable, default in await _ask(tx, _COLUMNS, name):
        found = tables.setdefault(table, LiveTable(engine=engine or ""))
        found.columns[column] = LiveColumn(str(kind).lower(), bool(nullable), bool(default))
    keys: dict[tuple[str, str], list[str]] = {}
    for table, index, column, *_ in await _ask(tx, _KEYS, name):
        keys.setdefault((table, index), []).append(column)
    for (table, index), columns in keys.items():
        tables[table].indexes.append(tuple(columns))
        if index == "PRIMARY":
            tables[table].primary_key = tuple(columns)
    for table, referenced in await _ask(tx, _CASCADES, name):
        tables[table].cascades.append(referenced)
    return tables


async def _ask(tx: Transaction, sql: dict[str, str], name: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in await tx.raw(text(sql[tx.dialect].replace("{name}", name)), {"name": name})]
