"""SQL text that is constant whatever the number of jobs.

Lists travel as ONE parameter, a JSON document which the database unfolds into a derived table
(``JSON_TABLE`` on MySQL >= 8.0.4 and MariaDB >= 10.6, ``json_each`` on SQLite). So each kind of statement has one text,
compiled once, and a request on 1,000 jobs costs as many statements as one on a single job.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, Final

import orjson

from diracx_bridge.core.errors import InvalidInput

NOT_JSON: Final = (
    "A text in the request is no valid Unicode (half of a surrogate pair), or a number has more than 64 bits"
)
_PARAMETER: Final = re.compile(r"(?<![:\w]):(\w+)")


class JSONText(str):
    """A parameter that holds JSON."""

    __slots__ = ()


class RowSet:
    """A list of rows as a derived table; ``columns`` maps names to MySQL types, in the order of the row's values.

    The parameter is a list of lists, or of plain values where there is one column.

    >>> RowSet(job="BIGINT UNSIGNED", site="VARCHAR(255)").render("sites", "sqlite")
    "(SELECT json_extract(value, '$[0]') AS job, json_extract(value, '$[1]') AS site FROM json_each(:sites)) AS sites"
    >>> RowSet(job="BIGINT UNSIGNED").render("jobs", "mysql")
    "JSON_TABLE(:jobs, '$[*]' COLUMNS (job BIGINT UNSIGNED PATH '$')) AS jobs"
    """

    def __init__(self, **columns: str) -> None:
        self.columns = columns

    def render(self, name: str, dialect: str) -> str:
        """The FROM item called ``name`` which unfolds the parameter ``name``."""
        alone = len(self.columns) == 1
        if dialect == "sqlite":
            picked = ", ".join(
                f"value AS {c}" if alone else f"json_extract(value, '$[{i}]') AS {c}"
                for i, c in enumerate(self.columns)
            )
            return f"(SELECT {picked} FROM json_each(:{name})) AS {name}"
        picked = ", ".join(
            f"{c} {kind} PATH '$'" if alone else f"{c} {kind} PATH '$[{i}]'"
            for i, (c, kind) in enumerate(self.columns.items())
        )
        return f"JSON_TABLE(:{name}, '$[*]' COLUMNS ({picked})) AS {name}"

    def without(self, names: Iterable[str]) -> RowSet:
        """The same rows without some of their columns."""
        return RowSet(**{name: kind for name, kind in self.columns.items() if name not in names})


class _Unfolded:
    """A row set in a text: ``{changes}`` is the FROM item, ``{changes.Site}`` a column or what all rows have there."""

    def __init__(self, name: str, item: str, shared: Iterable[str]) -> None:
        self._name, self._item, self._shared = name, item, shared

    def __format__(self, _spec: str) -> str:
        return self._item

    def __getattr__(self, column: str) -> str:
        return f":{self._name}_{column}" if column in self._shared else f"{self._name}.{column}"


LARGEST_ID: Final = 2**32 - 1
"""Job ids are INT UNSIGNED in DIRAC's databases."""

IDS: Final = RowSet(id="BIGINT UNSIGNED")
"""A list of ids: pass ``[[1], [2]]``, see :func:`id_rows`."""
WANTED: Final = "(SELECT DISTINCT id FROM {ids}) AS wanted"
"""``{ids}`` for statements that lock: MySQL refuses FOR UPDATE where JSON_TABLE stands in FROM itself."""


class Statement:
    """One kind of statement.

    In ``sql``, ``{JobDB}`` is the real name of that database and ``{changes}`` the derived table of ``RowSet`` given as
    ``changes=``; ``sqlite`` replaces the text where SQLite's grammar differs. Other parameters are ``:name``.
    A column written ``{changes.Site}`` is no column of the derived table but a parameter where all rows have the same
    value, as they have most of the time: unfolding JSON costs more than the rest of a statement on many rows.
    ``one`` is the text for MySQL and MariaDB if the row set has a single row, whose columns are parameters then: most
    requests are about one job.
    """

    def __init__(self, sql: str, /, *, sqlite: str | None = None, one: str | None = None, **rows: RowSet) -> None:
        self._sql = {"mysql": sql, "sqlite": sqlite or sql}
        self._rows = rows
        self._one = Statement(one) if one else None
        self._may_share = {
            name: set.intersection(*({*re.findall(rf"{{{name}\.(\w+)}}", text)} for text in self._sql.values()))
            - {next(iter(row_set.columns))}  # a row has one column at least
            for name, row_set in rows.items()
        }
        self._shared: tuple[str, ...] = ()
        self._sharing: dict[tuple[str, ...], Statement] = {}

    def fitting(self, dialect: str, values: dict[str, Any]) -> tuple[Statement, dict[str, Any]]:
        """The statement to use for ``values``, and its values: this one, or one for rows that have much in common."""
        if len(self._rows) != 1:
            return self, values
        ((name, row_set),) = self._rows.items()
        rows = values[name]
        if self._one is not None and dialect == "mysql" and len(rows) == 1:
            others = {other: value for other, value in values.items() if other != name}
            return self._one, {**others, **dict(zip(row_set.columns, rows[0], strict=True))}
        if not self._may_share[name] or not rows:
            return self, values
        columns = dict(zip(row_set.columns, zip(*rows, strict=True), strict=True))
        shared = tuple(c for c in columns if c in self._may_share[name] and _all_alike(columns[c]))
        if not shared:
            return self, values
        common = {f"{name}_{column}": columns.pop(column)[0] for column in shared}
        return self._with_shared(name, shared), {**values, **common, name: list(zip(*columns.values(), strict=True))}

    def _with_shared(self, name: str, shared: tuple[str, ...]) -> Statement:
        found = self._sharing.get(shared)
        if found is None:
            found = self._sharing[shared] = copy(self)
            found._rows, found._shared = {name: self._rows[name].without(shared)}, shared
        return found

    def text(self, dialect: str, names: Mapping[str, str]) -> str:
        """The statement for the driver of a server; ``names`` maps logical to quoted real database names."""
        tables = {name: _Unfolded(name, rows.render(name, dialect), self._shared) for name, rows in self._rows.items()}
        made = self._sql[dialect].format_map({**names, **tables})
        return made if dialect == "sqlite" else _PARAMETER.sub(r"%(\1)s", made.replace("%", "%%"))

    def parameters(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` with the lists of rows turned into JSON text.

        Raises:
            InvalidInput: a text is no valid Unicode, or a number has more than 64 bits.
        """
        try:
            return {
                name: self._unfoldable(name, value) if name in self._rows else value for name, value in values.items()
            }
        except orjson.JSONEncodeError:
            raise InvalidInput(NOT_JSON) from None

    def _unfoldable(self, name: str, rows: Any) -> JSONText:
        if len(self._rows[name].columns) == 1:
            rows = [row[0] for row in rows]
        return JSONText(orjson.dumps(rows, option=orjson.OPT_NON_STR_KEYS), "utf-8")


def _all_alike(values: Sequence[Any]) -> bool:
    return type(values[-1]) is type(values[0]) and values[-1] == values[0] and values.count(values[0]) == len(values)


def id_rows(ids: Iterable[int]) -> list[tuple[int]]:
    """Ids in ascending order as rows: locks are always taken in id order. Numbers that no row can have are left out."""
    return [(i,) for i in sorted(ids) if 0 < i <= LARGEST_ID]
