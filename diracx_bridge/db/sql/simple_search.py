"""Searches that compare columns with values, by texts that are made once for each kind of search.

Nearly all searches are of this kind. SQLAlchemy would build, and look up, a statement for each of them anew, which
costs more than the database's work; the others (times, patterns) are left to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import Column, DateTime, Table

from diracx_bridge.core.models.search import (
    ScalarSearchOperator,
    ScalarSearchSpec,
    SearchSpec,
    SortDirection,
    VectorSearchOperator,
)
from diracx_bridge.db.sql.filter_values import converter
from diracx_bridge.db.sql.filters import MOST_CONDITIONS
from diracx_bridge.db.sql.statement import Statement

OPERATORS: Final[dict[object, str]] = {
    ScalarSearchOperator.EQUAL: "=",
    ScalarSearchOperator.NOT_EQUAL: "!=",
    ScalarSearchOperator.GREATER_THAN: ">",
    ScalarSearchOperator.LESS_THAN: "<",
    VectorSearchOperator.IN: "IN",
    VectorSearchOperator.NOT_IN: "NOT IN",
}
KINDS: Final = 1000
"""How many kinds of search are remembered; those that were not used for long are made again."""

Kind = tuple[tuple[str, str], ...]
"""The column and the operator of each condition."""


def simple_values(table: Table, specs: Sequence[SearchSpec], dialect: str) -> tuple[Kind, dict[str, Any]] | None:
    """The kind of these conditions and their values as parameters; None if they need more than comparisons.

    Raises:
        InvalidQuery: a value does not fit its column.
    """
    if len(specs) > MOST_CONDITIONS:
        return None
    kind, values = [], {}
    for number, spec in enumerate(specs):
        column, operator = table.columns.get(spec.parameter), OPERATORS.get(spec.operator)
        if column is None or operator is None or isinstance(column.type, DateTime):
            return None
        found = _values(column, spec, dialect)
        if found is None:
            return None
        kind.append((spec.parameter, operator))
        values[f"v{number}"] = found
    return tuple(kind), values


def _values(column: Column[Any], spec: SearchSpec, dialect: str) -> Any:
    convert = converter(column, spec)
    given = [spec.value] if isinstance(spec, ScalarSearchSpec) else spec.values
    if not given or not all(isinstance(value, int) or value.isascii() for value in given):
        return None
    values = [convert(spec, value) for value in given]
    if isinstance(spec, ScalarSearchSpec):
        return values[0]
    return orjson.dumps(values).decode() if dialect == "sqlite" else values


@lru_cache(maxsize=KINDS)
def page_statement(
    table: Table, names: tuple[str, ...], kind: Kind, order: tuple[tuple[str, SortDirection], ...]
) -> Statement:
    """The statement that reads a page of columns: its parameters are those of the values, ``most`` and ``first``."""
    chosen = ", ".join(f"`{name}`" for name in names)
    by = ", ".join(f"`{name}` {'DESC' if direction is SortDirection.DESC else 'ASC'}" for name, direction in order)
    return _statement(f"SELECT {chosen} FROM {_name(table)}", kind, f" ORDER BY {by} LIMIT :most OFFSET :first")


@lru_cache(maxsize=KINDS)
def count_statement(table: Table, kind: Kind) -> Statement:
    """The statement that counts rows; its parameters are those of the values."""
    return _statement(f"SELECT COUNT(*) FROM {_name(table)}", kind, "")


def _name(table: Table) -> str:
    return f"{{{table.schema}}}.{table.name}"


def _statement(start: str, kind: Kind, end: str) -> Statement:
    def where(listed: str) -> str:
        conditions = (
            f"`{column}` {operator} {listed.format(f':v{n}') if operator.endswith('IN') else f':v{n}'}"
            for n, (column, operator) in enumerate(kind)
        )
        return f" WHERE {' AND '.join(conditions)}" if kind else ""

    # drivers of MySQL write a list with its parentheses; SQLite takes it as one parameter
    return Statement(start + where("{}") + end, sqlite=start + where("(SELECT value FROM json_each({}))") + end)
