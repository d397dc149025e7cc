"""SQL text that is constant whatever the number of jobs.

Lists travel as ONE parameter, a JSON document which the database unfolds into a derived table
(``JSON_TABLE`` on MySQL >= 8.0.4 and MariaDB >= 10.6, ``json_each`` on SQLite). So each kind of statement has one text,
compiled once, and a request on 1,000 jobs costs as many statements as one on a single job.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from diracx_bridge.core.errors import InvalidInput

NOT_JSON: Final = (
    "A text in the request is no valid Unicode (half of a surrogate pair), or a number has more than 64 bits"
)
_PARAMETER: Final = re.compile(r"(?<![:\w]):(\w+)")


class RowSet:
    """A list of rows as a derived table; ``columns`` maps names to MySQL types, in the order of the row's values.

    >>> RowSet(job="BIGINT UNSIGNED", site="VARCHAR(255)").render("sites", "sqlite")
    "(SELECT json_extract(value, '$[0]') AS job, json_extract(value, '$[1]') AS site FROM json_each(:sites)) AS sites"
    """

    def __init__(self, **columns: str) -> None:
        self.columns = columns

    def render(self, name: str, dialect: str) -> str:
        """The FROM item called ``name`` which unfolds the parameter ``name``."""
        if dialect == "sqlite":
            picked = ", ".join(f"json_extract(value, '$[{i}]') AS {c}" for i, c in enumerate(self.columns))
            return f"(SELECT {picked} FROM json_each(:{name})) AS {name}"
        picked = ", ".join(f"{c} {kind} PATH '$[{i}]'" for i, (c, kind) in enumerate(self.columns.items()))
        return f"JSON_TABLE(:{name}, '$[*]' COLUMNS ({picked})) AS {name}"


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
    ``one`` is the text for MySQL and MariaDB if the row set has a single row, whose columns are parameters then: most
    requests are about one job, and the derived table would cost as much as the rest of the statement.
    """

    def __init__(self, sql: str, /, *, sqlite: str | None = None, one: str | None = None, **rows: RowSet) -> None:
        self._sql = {"mysql": sql, "sqlite": sqlite or sql}
        self._rows = rows
        self._one = Statement(one) if one else None

    def fitting(self, dialect: str, values: dict[str, Any]) -> tuple[Statement, dict[str, Any]]:
        """The statement to use for ``values``, and its values: this one, or that for a single row."""
        if self._one is None or dialect != "mysql":
            return self, values
        ((name, row_set),) = self._rows.items()
        if len(values[name]) != 1:
            return self, values
        others = {other: value for other, value in values.items() if other != name}
        return self._one, {**others, **dict(zip(row_set.columns, values[name][0], strict=True))}

    def text(self, dialect: str, names: Mapping[str, str]) -> str:
        """The statement for the driver of a server; ``names`` maps logical to quoted real database names."""
        tables = {name: rows.render(name, dialect) for name, rows in self._rows.items()}
        made = self._sql[dialect].format_map({**names, **tables})
        return made if dialect == "sqlite" else _PARAMETER.sub(r"%(\1)s", made.replace("%", "%%"))

    def parameters(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` with the lists of rows turned into JSON text.

        Raises:
            InvalidInput: a text is no valid Unicode, or a number has more than 64 bits.
        """
        try:
            return {
                name: orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode() if name in self._rows else value
                for name, value in values.items()
            }
        except orjson.JSONEncodeError:
            raise InvalidInput(NOT_JSON) from None


def id_rows(ids: Iterable[int]) -> list[tuple[int]]:
    """Ids in ascending order as rows: locks are always taken in id order. Numbers that no row can have are left out."""
    return [(i,) for i in sorted(ids) if 0 < i <= LARGEST_ID]
