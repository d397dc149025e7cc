"""Values as DIRAC prints them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any


def table(fields: Sequence[str], records: Iterable[Sequence[str]], separator: str = "  ") -> str:
    """Columns as wide as their longest value; numbers stand at the right."""
    rows = [[str(value).strip() for value in record] for record in records]
    widths = [max(len(value) for value in column) for column in zip(fields, *rows, strict=True)]
    lines = [separator.join(_aligned(v, w) for v, w in zip(fields, widths, strict=True)).rstrip()]
    lines.append("=" * (sum(widths) + len(separator) * len(widths)))
    lines += [separator.join(_aligned(v, w) for v, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def time(text: str | None) -> datetime | None:
    """A time of the API as DIRAC has it: naive UTC."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=None)


def jdl_members(jdl: str) -> dict[str, Any]:
    """The members of a JDL: lists of words, without "LFN:", and texts without quotes."""
    from DIRACCommon.Core.Utilities.ClassAd.ClassAdLight import ClassAd

    members: dict[str, Any] = {}
    for name, value in ClassAd(jdl if "[" in jdl else f"[{jdl}]").contents.items():
        if "{" in value:
            words = re.sub(r"[{}\"]|LFN:", "", value).split()
            members[name] = [word[:-1] if word.endswith(",") else word for word in words]
        else:
            members[name] = value.replace('"', "")
    return members


def _aligned(value: str, width: int) -> str:
    number = re.fullmatch(r"[+-]?\d+(,\d+)*", value) is not None
    return value.rjust(width) if number else value.ljust(width)
