"""Conditions of a search as SQL: one condition per entry of ``search``, all of them must hold.

No column is wrapped in a function, so that every condition can use an index. A NULL in the column fits no condition, as
SQL has it. Text compares without regard to case, as DIRAC's collations do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import orjson
import regex
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Float,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import ScalarSearchOperator, ScalarSearchSpec, SearchSpec, VectorSearchOperator
from diracx_bridge.db.sql.dates import ACCEPTED, Period, parse_period
from diracx_bridge.db.sql.filter_values import converter, refused
from diracx_bridge.db.sql.regexp import deadline

MOST_CONDITIONS: Final = 100
MOST_DATES: Final = 150
"""More entries in ``search``, or dates in one entry, are refused: SQLite takes a depth of 1000 and 32766 parameters."""

Condition = ColumnElement[bool]


def conditions(table: Table, search: Sequence[SearchSpec], dialect: str) -> list[Condition]:
    """The conditions of ``search`` on ``table``, for the SQL of ``dialect`` ("sqlite" or "mysql").

    Raises:
        InvalidQuery: an entry names a column that ``table`` does not have, or a value that does not fit the column.
    """
    if len(search) > MOST_CONDITIONS:
        raise InvalidQuery(f"search has {len(search)} conditions: at most {MOST_CONDITIONS} are accepted")
    return [_condition(table, spec, dialect) for spec in search]


def _condition(table: Table, spec: SearchSpec, dialect: str) -> Condition:
    column = table.columns.get(spec.parameter)
    if column is None:
        raise InvalidQuery(f"Unknown column {spec.parameter}")
    given = [spec.value] if isinstance(spec, ScalarSearchSpec) else spec.values
    for value in given:
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise refused(spec, value, "valid Unicode text") from None
    if isinstance(spec, ScalarSearchSpec) and spec.operator in _PATTERNS:
        return _pattern(column, spec, dialect)
    if isinstance(column.type, DateTime):
        return _on_dates(column, spec, given)
    convert = converter(column, spec)
    values = [convert(spec, value) for value in given]
    if isinstance(spec, ScalarSearchSpec):
        return _COMPARISONS[spec.operator](column, values[0])
    listed = _listed(column, values, dialect)
    return listed if spec.operator is VectorSearchOperator.IN else _not_listed(column, values, dialect)


_COMPARISONS: Final[dict[ScalarSearchOperator, Callable[[Column[Any], Any], Condition]]] = {
    ScalarSearchOperator.EQUAL: lambda column, value: column == value,
    ScalarSearchOperator.NOT_EQUAL: lambda column, value: column != value,
    ScalarSearchOperator.GREATER_THAN: lambda column, value: column > value,
    ScalarSearchOperator.LESS_THAN: lambda column, value: column < value,
}
_PATTERNS: Final = {ScalarSearchOperator.LIKE, ScalarSearchOperator.NOT_LIKE, ScalarSearchOperator.REGEX}


def _listed(column: Column[Any], values: list[Any], dialect: str) -> Condition:
    return column.in_(_json_values(values) if dialect == "sqlite" else values)


def _not_listed(column: Column[Any], values: list[Any], dialect: str) -> Condition:
    if not values:
        return true()
    return column.not_in(_json_values(values) if dialect == "sqlite" else values)


def _json_values(values: list[Any]) -> Any:
    """SQLite takes 32766 parameters at most: the list travels as one."""
    document = bindparam(None, orjson.dumps(values).decode(), type_=String())
    return select(func.json_each(document).table_valued("value").c.value)


def _pattern(column: Column[Any], spec: ScalarSearchSpec, dialect: str) -> Condition:
    if isinstance(column.type, DateTime):
        raise InvalidQuery(
            f"{spec.parameter} {spec.operator}: times have no patterns; use eq, neq, gt, lt, in or not in"
        )
    if not isinstance(column.type, String | Integer | Float):
        raise InvalidQuery(f"{spec.parameter} can't be searched")
    text = str(spec.value)
    written = type_coerce(column, String())  # numbers are matched as they are written; nothing is added to the SQL
    if spec.operator is ScalarSearchOperator.REGEX:
        if dialect == "sqlite":
            try:
                regex.compile(text)
            except (regex.error, RecursionError) as error:
                raise refused(spec, text, f"a regular expression ({error})") from None
            return func.matches(literal(text, String()), written, deadline(), type_=Boolean()).is_(true())
        return written.regexp_match(literal(text, String()))
    like = written.like(literal(_without_open_escape(text), String()), escape="\\")
    return not_(like) if spec.operator is ScalarSearchOperator.NOT_LIKE else like


def _without_open_escape(pattern: str) -> str:
    """A backslash at the very end stands for itself, as on MySQL; SQLite would match nothing."""
    trailing = len(pattern) - len(pattern.rstrip("\\"))
    return pattern + "\\" if trailing % 2 else pattern


def _on_dates(column: Column[Any], spec: SearchSpec, values: Sequence[str | int]) -> Condition:
    if len(values) > MOST_DATES:
        raise InvalidQuery(
            f"{spec.parameter} {spec.operator}: {len(values)} dates are given, at most {MOST_DATES} are accepted"
        )
    periods = [_period(spec, value) for value in values]
    if isinstance(spec, ScalarSearchSpec):
        period = periods[0]
        if spec.operator is ScalarSearchOperator.GREATER_THAN:
            return false() if period.end is None else column >= period.end
        if spec.operator is ScalarSearchOperator.LESS_THAN:
            return column < period.start
        return _inside(column, period) if spec.operator is ScalarSearchOperator.EQUAL else _outside(column, period)
    if len({period.precision for period in periods}) > 1:
        raise InvalidQuery(f"{spec.parameter} {spec.operator}: all dates must have the same precision")
    if spec.operator is VectorSearchOperator.IN:
        return or_(false(), *(_inside(column, period) for period in periods))
    return and_(true(), *(_outside(column, period) for period in periods))


def _period(spec: SearchSpec, value: str | int) -> Period:
    if not isinstance(value, str):
        raise refused(spec, value, ACCEPTED)
    try:
        return parse_period(value)
    except ValueError as error:
        raise InvalidQuery(f"{spec.parameter} {spec.operator} {value!r:.200}: {error}") from None


def _inside(column: Column[Any], period: Period) -> Condition:
    return column >= period.start if period.end is None else and_(column >= period.start, column < period.end)


def _outside(column: Column[Any], period: Period) -> Condition:
    return column < period.start if period.end is None else or_(column < period.start, column >= period.end)
