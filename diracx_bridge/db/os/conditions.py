"""Searches in job parameters: what may be asked, the same for both stores.

Only parameters of DIRAC's mapping can be searched and sorted by, because only their types are known. Text compares with
regard to case. A document without the parameter fits no condition on it, as SQL has it with NULL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import (
    ScalarSearchOperator,
    ScalarSearchSpec,
    SearchParams,
    SearchSpec,
    SortDirection,
    VectorSearchOperator,
)
from diracx_bridge.db.os.mapping import FIELDS, whole
from diracx_bridge.db.os.regexp import ACCEPTED as REGEXP
from diracx_bridge.db.os.regexp import for_whole_values
from diracx_bridge.db.sql.dates import ACCEPTED, parse_period

SEARCHABLE: Final = {name: field["type"] for name, field in FIELDS.items() if field["type"] != "text"}
"""Parameters that can be searched, with their type: keyword, long or date."""
MOST_CONDITIONS: Final = 100
MOST_VALUES: Final = {"keyword": 65_536, "long": 65_536, "date": 150}
"""Values of one condition that both stores take, by type."""
PATTERNS: Final = frozenset({ScalarSearchOperator.LIKE, ScalarSearchOperator.NOT_LIKE, ScalarSearchOperator.REGEX})
_LAST: Final = datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC)

Operator = ScalarSearchOperator | VectorSearchOperator
Interval = tuple[int, int]
"""From a time, part of it, to another that is not; ms since 1970."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: ``values`` are texts of keywords, whole numbers, or intervals of dates.

    The text of ``regex`` matches whole values (see `for_whole_values`), the one of ``like`` has SQL's wildcards.
    """

    name: str
    kind: str
    operator: Operator
    values: tuple[Any, ...]


def conditions(search: Sequence[SearchSpec]) -> list[Condition]:
    """The conditions of ``search``; all of them must hold.

    Raises:
        InvalidQuery: a parameter can't be searched, or an operator or value does not fit it.
    """
    if len(search) > MOST_CONDITIONS:
        raise InvalidQuery(f"search has {len(search)} conditions: at most {MOST_CONDITIONS} are accepted")
    return [_condition(spec) for spec in search]


def sort_keys(params: SearchParams) -> list[tuple[str, bool]]:
    """(parameter, descending) of each sort key; the last one is JobID, so that pages never overlap.

    Raises:
        InvalidQuery: a parameter can't be sorted by, or ``distinct`` is asked for.
    """
    if params.distinct:
        raise InvalidQuery("distinct: every job has its own document, so there is nothing to make distinct")
    keys: dict[str, bool] = {}
    for spec in params.sort:
        _kind_of(spec.parameter, "sort by")
        keys.setdefault(spec.parameter, spec.direction is SortDirection.DESC)
    keys.setdefault("JobID", list(keys.values())[-1] if keys else False)
    return list(keys.items())


def _kind_of(name: str, what: str) -> str:
    kind = SEARCHABLE.get(name)
    if kind is None:
        raise InvalidQuery(f"Cannot {what} {name!r:.100}: use one of {', '.join(sorted(SEARCHABLE))}")
    return kind


def _condition(spec: SearchSpec) -> Condition:
    kind = _kind_of(spec.parameter, "search for")
    given = [spec.value] if isinstance(spec, ScalarSearchSpec) else spec.values
    if len(given) > MOST_VALUES[kind]:
        raise InvalidQuery(
            f"{spec.parameter} {spec.operator}: {len(given)} values, at most {MOST_VALUES[kind]} are accepted"
        )
    if spec.operator in PATTERNS and kind != "keyword":
        raise InvalidQuery(
            f"{spec.parameter} {spec.operator}: numbers and times have no patterns; use eq, neq, gt, lt, in or not in"
        )
    return Condition(spec.parameter, kind, spec.operator, tuple(_values(spec, kind, given)))


def _values(spec: SearchSpec, kind: str, given: Iterable[str | int]) -> Iterable[Any]:
    for value in given:
        try:
            if kind == "long":
                yield _number(value)
            elif kind == "date":
                yield _interval(value)
            elif spec.operator is ScalarSearchOperator.REGEX:
                yield for_whole_values(str(value))
            else:
                yield _text(str(value))
        except ValueError as error:
            expected = f"; expected {REGEXP}" if spec.operator is ScalarSearchOperator.REGEX else ""
            raise InvalidQuery(f"{spec.parameter} {spec.operator} {value!r:.200}: {error}{expected}") from None


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("expected valid Unicode text") from None
    return value


def _number(value: str | int) -> int:
    number = whole(value)
    if number is None:
        raise ValueError("expected a whole number")
    return number


def _interval(value: str | int) -> Interval:
    if isinstance(value, int):
        if not 0 <= value < _milliseconds(_LAST):
            raise ValueError(f"expected milliseconds since 1970, or {ACCEPTED}")
        return value, value + 1
    period = parse_period(value)
    start = _milliseconds(period.start.replace(tzinfo=UTC))
    return start, _milliseconds(_LAST) if period.end is None else _milliseconds(period.end.replace(tzinfo=UTC))


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp()) * 1000
