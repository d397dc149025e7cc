"""Statements on many rows: what all rows share is a parameter, and the result is the same."""

from __future__ import annotations

import sqlite3
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.db.sql.statement import RowSet, Statement

ADD = Statement(
    "INSERT INTO {JobDB}.Notes (JobID, Site, Minor, Number) "
    "SELECT notes.JobID, {notes.Site}, COALESCE({notes.Minor}, :unknown), {notes.Number} FROM {notes}",
    notes=RowSet(JobID="BIGINT UNSIGNED", Site="VARCHAR(255)", Minor="VARCHAR(255)", Number="BIGINT"),
)
NAMES = {"JobDB": "main"}
Row = tuple[int, str | None, str | None, int | None]
FEW = st.one_of(st.none(), st.sampled_from(["a", "b'", '"c"\\', "é\n"]))
ROWS = st.lists(
    st.tuples(st.integers(1, 99), FEW, FEW, st.one_of(st.none(), st.integers(0, 1))), min_size=1, max_size=8
)


def stored(rows: list[Row]) -> list[Row]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE Notes (JobID INTEGER, Site TEXT, Minor TEXT, Number INTEGER)")
    statement, values = ADD.fitting("sqlite", {"notes": rows, "unknown": "?"})
    connection.execute(statement.text("sqlite", NAMES), statement.parameters(values))
    found = connection.execute("SELECT * FROM Notes ORDER BY rowid").fetchall()
    connection.close()
    return found


@given(ROWS)
def test_rows_are_stored_whatever_they_share(rows: list[Row]) -> None:
    assert stored(rows) == [(job, site, minor or "?", number) for job, site, minor, number in rows]


def made(rows: list[Row]) -> tuple[str, dict[str, Any]]:
    statement, values = ADD.fitting("mysql", {"notes": rows, "unknown": "?"})
    return statement.text("mysql", {"JobDB": "`JobDB`"}), statement.parameters(values)


def test_what_differs_is_unfolded_from_json() -> None:
    text, values = made([(1, "a", "m", 1), (2, "b", "m", 1)])
    assert "SELECT notes.JobID, notes.Site, COALESCE(%(notes_Minor)s, %(unknown)s), %(notes_Number)s" in text
    assert "COLUMNS (JobID BIGINT UNSIGNED PATH '$[0]', Site VARCHAR(255) PATH '$[1]')" in text
    assert values == {"notes": '[[1,"a"],[2,"b"]]', "unknown": "?", "notes_Minor": "m", "notes_Number": 1}


def test_ids_alone_are_a_plain_list() -> None:
    text, values = made([(1, None, "m", 1), (2, None, "m", 1)])
    assert "JSON_TABLE(%(notes)s, '$[*]' COLUMNS (JobID BIGINT UNSIGNED PATH '$'))" in text
    assert values["notes"] == "[1,2]"
    assert values["notes_Site"] is None


def test_values_of_different_types_are_not_taken_for_one() -> None:
    assert "notes_Number" not in made([(1, "a", "m", 1), (2, "a", "m", True), (3, "a", "m", 1.0)])[1]


def test_a_kind_of_statement_is_made_once() -> None:
    first, again = (ADD.fitting("mysql", {"notes": [(n, "a", f"{n}", n), (9, "a", "x", 0)]})[0] for n in (1, 2))
    assert first is again
    assert first is not ADD
