"""Searches in job parameters as OpenSearch wants them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from diracx_bridge.core.models.search import ScalarSearchOperator, VectorSearchOperator
from diracx_bridge.db.os.conditions import SEARCHABLE, Condition, Interval

Clause = dict[str, Any]
_NEGATED: Final = {
    ScalarSearchOperator.NOT_EQUAL: ScalarSearchOperator.EQUAL,
    ScalarSearchOperator.NOT_LIKE: ScalarSearchOperator.LIKE,
    VectorSearchOperator.NOT_IN: VectorSearchOperator.IN,
}
_LIKE: Final = re.compile(r"\\(.)|(.)", re.DOTALL)


def clause(condition: Condition) -> Clause:
    """The filter for one condition."""
    positive = _NEGATED.get(condition.operator)
    if positive is None:
        return _clause(condition, condition.operator)
    if not condition.values:
        return {"match_all": {}}
    present = {"exists": {"field": condition.name}}
    return {"bool": {"filter": [present], "must_not": [_clause(condition, positive)]}}


def sort_clauses(keys: Sequence[tuple[str, bool]]) -> list[Clause]:
    """The order of ``keys`` (parameter, descending); documents without the parameter are the smallest, as in SQL."""
    return [
        {
            name: {
                "order": "desc" if descending else "asc",
                "missing": "_last" if descending else "_first",
                "unmapped_type": SEARCHABLE[name],
            }
        }
        for name, descending in keys
    ]


def wildcard(like: str) -> str:
    """SQL's pattern with the wildcards of OpenSearch."""
    return "".join(
        _literal(escaped) if escaped else {"%": "*", "_": "?"}.get(char, _literal(char))
        for escaped, char in _LIKE.findall(like)
    )


def _literal(char: str) -> str:
    return "\\" + char if char in "*?\\" else char


def _clause(condition: Condition, operator: Any) -> Clause:
    return _CLAUSES[operator](condition.name, condition.kind, condition.values)


def _equal(name: str, kind: str, values: Sequence[Any]) -> Clause:
    return _inside(name, values[0]) if kind == "date" else {"term": {name: values[0]}}


def _among(name: str, kind: str, values: Sequence[Any]) -> Clause:
    if not values:
        return {"match_none": {}}
    if kind == "date":
        return {"bool": {"should": [_inside(name, value) for value in values], "minimum_should_match": 1}}
    return {"terms": {name: list(values)}}


def _greater(name: str, kind: str, values: Sequence[Any]) -> Clause:
    return {"range": {name: {"gte": values[0][1]} if kind == "date" else {"gt": values[0]}}}


def _less(name: str, kind: str, values: Sequence[Any]) -> Clause:
    return {"range": {name: {"lt": values[0][0] if kind == "date" else values[0]}}}


def _like(name: str, _kind: str, values: Sequence[Any]) -> Clause:
    return {"wildcard": {name: {"value": wildcard(values[0])}}}


def _regexp(name: str, _kind: str, values: Sequence[Any]) -> Clause:
    return {"regexp": {name: {"value": values[0], "flags": "NONE"}}}


def _inside(name: str, interval: Interval) -> Clause:
    return {"range": {name: {"gte": interval[0], "lt": interval[1], "format": "epoch_millis"}}}


_CLAUSES: Final[dict[Any, Callable[[str, str, Sequence[Any]], Clause]]] = {
    ScalarSearchOperator.EQUAL: _equal,
    ScalarSearchOperator.GREATER_THAN: _greater,
    ScalarSearchOperator.LESS_THAN: _less,
    ScalarSearchOperator.LIKE: _like,
    ScalarSearchOperator.REGEX: _regexp,
    VectorSearchOperator.IN: _among,
}
