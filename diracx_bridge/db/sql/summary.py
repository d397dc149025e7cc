"""Summaries: how many rows there are of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, func, literal_column, select

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import SearchSpec
from diracx_bridge.db.sql.filters import conditions
from diracx_bridge.db.sql.search import Page, columns_of, run
from diracx_bridge.db.sql.transaction import Transaction

MOST_GROUPS: Final = 100_000
"""A grouping that gives more rows than this is refused: it is a listing of the table, for which there are pages."""


async def summary(
    tx: Transaction,
    table: Table,
    grouping: Sequence[str],
    search: Sequence[SearchSpec] = (),
    *,
    also: Sequence[ColumnElement[bool]] = (),
) -> Page:
    """One row per combination of values of the columns ``grouping`` among the rows that fit, with their ``count`` last.

    No column means all of them. Combinations that no row has are absent; rows are ordered by the grouping.

    Raises:
        InvalidQuery: a column is unknown, a value does not fit its column, or there are more than 100,000 groups.
    """
    where = [*conditions(table, search, tx.dialect), *also]
    columns = columns_of(table, grouping)
    order = index_order(table, columns)
    if table.primary_key.columns and set(table.primary_key.columns) <= set(columns):
        # every group is one row: nothing to group
        statement = select(*columns, literal_column("1").label("count")).order_by(*table.primary_key.columns)
    else:
        statement = select(*columns, func.count().label("count")).group_by(*order).order_by(*order)
    rows = (await run(tx, statement.select_from(table).where(*where).limit(MOST_GROUPS + 1), search)).all()
    if len(rows) > MOST_GROUPS:
        names = ", ".join(column.name for column in columns)
        raise InvalidQuery(f"Grouping by {names} gives more than {MOST_GROUPS} rows: group by fewer columns, or filter")
    return Page(rows, 0, len(rows), (*(str(column.name) for column in columns), "count"))


def index_order(table: Table, columns: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """``columns`` in the order of an index that starts with all of them, if there is one: it gives groups unsorted."""
    for index in sorted(table.indexes, key=lambda index: len(index.columns)):
        leading = list(index.columns)[: len(columns)]
        if set(leading) == set(columns):
            return list(leading)
    return list(columns)
