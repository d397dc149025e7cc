"""What the values of a filter have to be, by the type of the column, and how the database wants them.

Numbers may come as text (the web interface sends them so), flags as text or as 0 and 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Column, Float, Integer, String

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import ScalarSearchOperator, SearchSpec
from diracx_bridge.db.sql.column_types import Flag

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}")
_BIGGEST: Final = 2**63 - 1
_FLAG_TEXTS: Final = {"true": "True", "false": "False", "failed": "Failed", "1": "True", "0": "False"}

Converter = Callable[[SearchSpec, str | int], Any]


def refused(spec: SearchSpec, value: object, accepted: str) -> InvalidQuery:
    """The error that says which condition has which unfit ``value``, and what is ``accepted`` there."""
    return InvalidQuery(f"{spec.parameter} {spec.operator} {value!r:.200}: expected {accepted}")


def converter(column: Column[Any], spec: SearchSpec) -> Converter:
    """The function that turns a value given for ``column`` into what the database compares.

    Raises:
        InvalidQuery: the column has no such operator; the function raises it for a value that does not fit.
    """
    if isinstance(column.type, Flag):
        if spec.operator in (ScalarSearchOperator.GREATER_THAN, ScalarSearchOperator.LESS_THAN):
            raise InvalidQuery(f"{spec.parameter} {spec.operator}: a flag has no order; use eq, neq, in or not in")
        accepted = column.type.values
        return lambda spec, value: _flag(spec, value, accepted)
    if isinstance(column.type, Integer):
        return _whole
    if isinstance(column.type, Float):
        return _number
    if isinstance(column.type, String):
        return _text
    raise InvalidQuery(f"{spec.parameter} can't be searched")


def _text(spec: SearchSpec, value: str | int) -> str:
    return str(value)


def _flag(spec: SearchSpec, value: str | int, accepted: tuple[str, ...]) -> str:
    flag = _FLAG_TEXTS.get(str(value).lower())
    if flag not in accepted:
        raise refused(spec, value, f"one of {', '.join(accepted)}")
    return flag


def _whole(spec: SearchSpec, value: str | int) -> int:
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value.strip()):
            raise refused(spec, value, "a whole number")
        value = int(value)
    if not -_BIGGEST <= value <= _BIGGEST:
        raise refused(spec, value, f"a whole number of at most {_BIGGEST}")
    return int(value)


def _number(spec: SearchSpec, value: str | int) -> float:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        number = float("nan")
    if not abs(number) < float("inf"):
        raise refused(spec, value, "a number")
    return number
