"""Searches: one page of the rows of a table that fit some conditions, and how many there are in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.exc import DBAPIError

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import ScalarSearchOperator, SearchParams, SearchSpec, SortDirection, SortSpec
from diracx_bridge.db.pages import PageOf
from diracx_bridge.db.sql.filters import conditions
from diracx_bridge.db.sql.simple_search import count_statement, page_statement, simple_values
from diracx_bridge.db.sql.transaction import Transaction

_FARTHEST: Final = 2**62
_REGEX_ERRORS: Final = {1139, *range(3685, 3700)}
"""Errors of MariaDB (1139) and MySQL 8 for regular expressions that are wrong or take too long."""


@dataclass(frozen=True, slots=True)
class Page(PageOf[Sequence[Any]]):
    """A page of a search: ``rows`` are tuples of what the driver gave, in the order of ``columns``."""

    columns: tuple[str, ...]


async def search(
    tx: Transaction,
    table: Table,
    params: SearchParams,
    *,
    page: int = 1,
    per_page: int = 100,
    also: Sequence[ColumnElement[bool]] = (),
) -> Page:
    """Page ``page`` (from 1) of the rows of ``table`` that fit ``params`` and the further conditions ``also``.

    The order is always complete: after the sort keys asked for comes the primary key, in the direction of the last of
    them (which lets an index on that column give the order), so that pages never overlap. Rows are counted only if the
    page can't tell how many there are.

    Raises:
        InvalidQuery: a column is unknown, or a value does not fit its column.
    """
    columns = columns_of(table, params.parameters)
    distinct = params.distinct and not set(table.primary_key.columns) <= set(columns)
    order = _order(table, columns, params.sort, distinct)
    first = min((page - 1) * per_page, _FARTHEST)
    asked = _Search(tx, table, columns, params, also, distinct, order)
    rows = await asked.rows(per_page + 1, first)
    total = first + len(rows) if len(rows) <= per_page and (rows or not first) else await asked.total()
    return Page(rows[:per_page], first, total, tuple(str(column.name) for column in columns))


class _Search:
    """A search that is understood; its rows and its total are asked for by one statement each."""

    def __init__(
        self,
        tx: Transaction,
        table: Table,
        columns: Sequence[ColumnElement[Any]],
        params: SearchParams,
        also: Sequence[ColumnElement[bool]],
        distinct: bool,
        order: Mapping[str, SortDirection],
    ) -> None:
        self._tx, self._table, self._columns = tx, table, columns
        self._specs, self._distinct, self._order = params.search, distinct, order
        self._simple = None if also or distinct else simple_values(table, params.search, tx.dialect)
        if self._simple is None:
            self._where = [*conditions(table, params.search, tx.dialect), *also]

    async def rows(self, most: int, first: int) -> Sequence[Sequence[Any]]:
        if self._simple is not None:
            kind, values = self._simple
            names = tuple(str(column.name) for column in self._columns)
            statement = page_statement(self._table, names, kind, tuple(self._order.items()))
            return await self._tx.execute(statement, **values, most=most, first=first)
        order = (
            self._table.columns[name].desc() if direction is SortDirection.DESC else self._table.columns[name].asc()
            for name, direction in self._order.items()
        )
        found: Sequence[Sequence[Any]] = (
            await self._run(self._chosen().order_by(*order).limit(most).offset(first))
        ).all()
        return found

    async def total(self) -> int:
        if self._simple is not None:
            kind, values = self._simple
            ((total,),) = await self._tx.execute(count_statement(self._table, kind), **values)
        elif self._distinct:
            total = (await self._run(select(func.count()).select_from(self._chosen().subquery()))).scalar_one()
        else:
            counted = select(func.count()).select_from(self._table).where(*self._where)
            total = (await self._run(counted)).scalar_one()
        return int(total)

    def _chosen(self) -> Select[Any]:
        chosen = select(*self._columns).where(*self._where)
        return chosen.distinct() if self._distinct else chosen

    async def _run(self, statement: Select[Any]) -> Any:
        return await run(self._tx, statement, self._specs)


def columns_of(table: Table, names: Sequence[str] | None) -> list[ColumnElement[Any]]:
    """The columns called ``names`` in the order of the table; all of them if no name is given.

    Raises:
        InvalidQuery: the table has no such column.
    """
    if not names:
        return list(table.columns)
    wanted = set(names)
    if unknown := sorted(wanted - set(table.columns.keys())):
        raise InvalidQuery(f"Unrecognised parameters requested {{{', '.join(map(repr, unknown))}}}")
    return [column for column in table.columns if column.name in wanted]


async def run(tx: Transaction, statement: Select[Any], specs: Sequence[SearchSpec]) -> Any:
    """The result of ``statement``, whose conditions came from ``specs``.

    Raises:
        InvalidQuery: the database can't use a regular expression of ``specs``.
    """
    try:
        return await tx.raw(statement)
    except DBAPIError as error:
        patterns = [spec for spec in specs if spec.operator is ScalarSearchOperator.REGEX]
        arguments = getattr(error.orig, "args", None) or ("",)
        if patterns and (arguments[0] in _REGEX_ERRORS or "user-defined function" in str(arguments[0])):
            given = "; ".join(f"{spec.parameter} regex {getattr(spec, 'value', '')!r:.200}" for spec in patterns)
            raise InvalidQuery(f"{given}: expected a regular expression that is valid and quick to evaluate") from None
        raise


def _order(
    table: Table, columns: Sequence[ColumnElement[Any]], sort: Sequence[SortSpec], distinct: bool
) -> dict[str, SortDirection]:
    keys: dict[str, SortDirection] = {}
    for spec in sort:
        column = table.columns.get(spec.parameter)
        if column is None:
            raise InvalidQuery(f"Cannot sort by {spec.parameter}: unknown column")
        if distinct and column not in set(columns):
            raise InvalidQuery(f"Cannot sort by {spec.parameter}: with distinct, sort by columns that are returned")
        keys.setdefault(spec.parameter, spec.direction)
    last = list(keys.values())[-1] if keys else SortDirection.ASC
    for name in (c.name for c in (columns if distinct else list(table.primary_key.columns))):
        keys.setdefault(name, last)
    return keys
