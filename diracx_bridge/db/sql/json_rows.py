"""From the driver's rows to JSON, without a model per row."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import DateTime, Table

from diracx_bridge.db.sql.column_types import Flag
from diracx_bridge.db.sql.search import Page

SLICE: Final = 1000
"""Rows after which other requests have their turn: some milliseconds."""
_FLAGS: Final[dict[Any, Any]] = {"True": True, "False": False}


async def row_objects(table: Table, page: Page) -> list[dict[str, Any]]:
    """The rows of ``page`` as dictionaries; flags are booleans (``Failed`` stays text), times naive UTC."""
    return await objects_of(table, page.columns, page.rows)


async def objects_of(table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """``rows`` with the columns ``names`` of ``table``, as `row_objects` gives them; made in slices."""
    columns = [table.columns.get(name) for name in names]
    flags = [column.name for column in columns if column is not None and isinstance(column.type, Flag)]
    times = [column.name for column in columns if column is not None and isinstance(column.type, DateTime)]
    objects: list[dict[str, Any]] = []
    for first in range(0, len(rows), SLICE):
        if first:
            await asyncio.sleep(0)
        found = [dict(zip(names, row, strict=True)) for row in rows[first : first + SLICE]]
        for name in flags:
            for row in found:
                row[name] = _FLAGS.get(row[name], row[name])
        for name in times:
            for row in found:
                if type(row[name]) is str:
                    row[name] = _readable(row[name])
        objects += found
    return objects


def rows_as_json(rows: Sequence[object], *, zulu: bool = True) -> bytes:
    """``rows`` as a JSON array; times end in ``Z``, or in ``+00:00`` if not ``zulu`` (as DiracX's summaries do)."""
    return orjson.dumps(rows, option=orjson.OPT_NAIVE_UTC | (orjson.OPT_UTC_Z if zulu else 0))


def _readable(text: str) -> datetime | None:
    """Drivers hand on what is no date, above all MySQL's ``0000-00-00 00:00:00``, as text."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
