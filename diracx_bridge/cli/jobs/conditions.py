"""Conditions and sort keys as people write them."""

from __future__ import annotations

import json
from typing import Any, Final

import typer

SCALAR: Final = ("eq", "neq", "gt", "lt", "like", "not like", "regex")
VECTOR: Final = ("in", "not in")
SYMBOLS: Final = {"=": "eq", "==": "eq", "!=": "neq", ">": "gt", "<": "lt", "~": "regex"}


def condition(text: str) -> dict[str, Any]:
    """``Status eq Running``, ``JobID in [1,2]`` or ``Owner = alice`` as the API takes it.

    Raises:
        typer.BadParameter: it isn't a column, an operator and a value.
    """
    column, _, rest = text.strip().partition(" ")
    for operator in sorted((*SCALAR, *VECTOR, *SYMBOLS), key=len, reverse=True):
        if rest == operator or rest.startswith(f"{operator} "):
            value = rest.removeprefix(operator).strip()
            name = SYMBOLS.get(operator, operator)
            if name in VECTOR:
                return {"parameter": column, "operator": name, "values": _list(value)}
            return {"parameter": column, "operator": name, "value": int(value) if value.isdigit() else value}
    raise typer.BadParameter(
        f"{text!r} is no condition: write COLUMN OPERATOR VALUE, with one of the operators "
        f"{', '.join((*SCALAR, *VECTOR, *SYMBOLS))}"
    )


def sort_key(text: str) -> dict[str, str]:
    """``JobID`` or ``JobID:desc`` as the API takes it.

    Raises:
        typer.BadParameter: the direction is neither asc nor desc.
    """
    column, _, direction = text.partition(":")
    if direction not in ("", "asc", "desc"):
        raise typer.BadParameter(f"{text!r}: the direction is asc or desc")
    return {"parameter": column, "direction": direction or "asc"}


def _list(text: str) -> list[Any]:
    if text.startswith("["):
        try:
            values = json.loads(text)
        except ValueError:
            raise typer.BadParameter(f"{text!r} is no JSON list") from None
    else:
        values = [word.strip() for word in text.split(",")]
    if all(str(value).isdigit() for value in values):
        return [int(value) for value in values]
    return list(map(str, values))
