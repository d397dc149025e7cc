"""Searches in job parameters as SQL on the documents in SQLite; they mean what they mean in OpenSearch."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

import orjson
import regex

from diracx_bridge.core.models.search import ScalarSearchOperator, VectorSearchOperator
from diracx_bridge.db.os.conditions import Condition

SECONDS: Final = 2.0
"""How long the expressions of one search may take."""
_LIKE: Final = re.compile(r"\\(.)|(.)", re.DOTALL)

Clause = tuple[str, list[Any]]
"""SQL and its parameters."""


def clause(condition: Condition) -> Clause:
    """The condition on a row of JobParameters."""
    return _CLAUSES[condition.operator](_value(condition.name, condition.kind), condition.kind, condition.values)


def order(keys: Sequence[tuple[str, bool]]) -> str:
    """The order of ``keys`` (parameter, descending)."""
    return ", ".join(f"{_value(name, '')} {'DESC' if descending else 'ASC'}" for name, descending in keys)


def deadline() -> float:
    """The time by which the expressions of a search that starts now must be evaluated."""
    return time.monotonic() + SECONDS


def matches(pattern: str, value: str | None, until: float) -> bool | None:
    """Whether ``pattern`` matches the whole ``value``; None for NULL.

    Raises:
        TimeoutError: it isn't known at the time ``until``.
    """
    if value is None:
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"the search takes longer than {SECONDS} s")
    return _compiled(pattern).fullmatch(value, timeout=left, concurrent=True) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.ASCII | regex.DOTALL)


def glob(like: str) -> str:
    """SQL's pattern with the wildcards of GLOB, which minds the case."""
    return "".join(
        _literal(escaped) if escaped else {"%": "*", "_": "?"}.get(char, _literal(char))
        for escaped, char in _LIKE.findall(like)
    )


def _literal(char: str) -> str:
    return f"[{char}]" if char in "*?[" else char


def _value(name: str, kind: str) -> str:
    """The names are those of the mapping, so they can stand in the text."""
    if name == "JobID":
        return name
    extracted = f"json_extract(Document, '$.\"{name}\"')"
    return f"CAST({extracted} AS TEXT)" if kind == "keyword" else extracted


def _equal(value: str, kind: str, values: Sequence[Any]) -> Clause:
    return _inside(value, values) if kind == "date" else (f"{value} = ?", [values[0]])


def _not_equal(value: str, kind: str, values: Sequence[Any]) -> Clause:
    return _outside(value, values) if kind == "date" else (f"{value} != ?", [values[0]])


def _among(value: str, kind: str, values: Sequence[Any]) -> Clause:
    if kind == "date" or not values:
        return _inside(value, values)
    return f"{value} IN (SELECT value FROM json_each(?))", [orjson.dumps(values).decode()]


def _not_among(value: str, kind: str, values: Sequence[Any]) -> Clause:
    if kind == "date" or not values:
        return _outside(value, values)
    return f"{value} NOT IN (SELECT value FROM json_each(?))", [orjson.dumps(values).decode()]


def _greater(value: str, kind: str, values: Sequence[Any]) -> Clause:
    return (f"{value} >= ?", [values[0][1]]) if kind == "date" else (f"{value} > ?", [values[0]])


def _less(value: str, kind: str, values: Sequence[Any]) -> Clause:
    return f"{value} < ?", [values[0][0] if kind == "date" else values[0]]


def _like(value: str, _kind: str, values: Sequence[Any]) -> Clause:
    return f"{value} GLOB ?", [glob(values[0])]


def _not_like(value: str, _kind: str, values: Sequence[Any]) -> Clause:
    return f"{value} NOT GLOB ?", [glob(values[0])]


def _regexp(value: str, _kind: str, values: Sequence[Any]) -> Clause:
    return f"matches(?, {value}, ?)", [values[0], deadline()]


def _inside(value: str, intervals: Sequence[Any]) -> Clause:
    each = [f"({value} >= ? AND {value} < ?)" for _ in intervals]
    return f"({' OR '.join(each) or 'false'})", [bound for interval in intervals for bound in interval]


def _outside(value: str, intervals: Sequence[Any]) -> Clause:
    each = [f"({value} < ? OR {value} >= ?)" for _ in intervals]
    return f"({' AND '.join(each) or 'true'})", [bound for interval in intervals for bound in interval]


_CLAUSES: Final[dict[Any, Callable[[str, str, Sequence[Any]], Clause]]] = {
    ScalarSearchOperator.EQUAL: _equal,
    ScalarSearchOperator.NOT_EQUAL: _not_equal,
    ScalarSearchOperator.GREATER_THAN: _greater,
    ScalarSearchOperator.LESS_THAN: _less,
    ScalarSearchOperator.LIKE: _like,
    ScalarSearchOperator.NOT_LIKE: _not_like,
    ScalarSearchOperator.REGEX: _regexp,
    VectorSearchOperator.IN: _among,
    VectorSearchOperator.NOT_IN: _not_among,
}
