"""Whether a live column can hold what we expect it to hold."""

from __future__ import annotations

import re
from typing import Final, Literal

Fit = Literal["fits", "signed", "too small", "other"]

_INTEGERS: Final = ("tinyint", "smallint", "mediumint", "int", "bigint")
_FLOATS: Final = ("float", "decimal", "double")
_TEXTS: Final = {"tinytext": 255, "text": 2**16 - 1, "mediumtext": 2**24 - 1, "longtext": 2**32 - 1}
_TYPE: Final = re.compile(r"(?P<name>[a-z]+)(?:\((?P<arguments>.*)\))?(?P<unsigned> unsigned)?(?: zerofill)?")
_SYNONYMS: Final = {"integer": "int", "json": "longtext", "numeric": "decimal", "real": "double"}


def fit(expected: str, live: str) -> Fit:
    """How a column of type ``live`` stands for one of type ``expected``, both as SQL of MySQL or MariaDB.

    Wider is as good; display widths, collations and, for floating point numbers, declared digits don't matter.
    """
    want, have = _parsed(expected), _parsed(live)
    if want is None or have is None:
        return "other"
    (kind, arguments, unsigned), (live_kind, live_arguments, live_unsigned) = want, have
    if kind in _INTEGERS and live_kind in _INTEGERS:
        if _INTEGERS.index(live_kind) < _INTEGERS.index(kind):
            return "too small"
        return "signed" if unsigned and not live_unsigned and live_kind == kind else "fits"
    if kind in _FLOATS and live_kind in _FLOATS:
        return "too small" if _FLOATS.index(live_kind) < _FLOATS.index(kind) == 2 and live_kind == "float" else "fits"
    if kind == "enum":
        missing = set(arguments.split(",")) - set(live_arguments.split(",")) if live_kind == "enum" else ()
        return "fits" if live_kind in ("varchar", "enum") and not missing else "other"
    capacity, live_capacity = _capacity(kind, arguments), _capacity(live_kind, live_arguments)
    if capacity and live_capacity and (kind == "char") == (live_kind == "char"):
        return "fits" if live_capacity >= capacity else "too small"
    return "fits" if kind == live_kind else "other"


def _parsed(text: str) -> tuple[str, str, bool] | None:
    match = _TYPE.match(text.lower().strip())
    if match is None:
        return None
    name = _SYNONYMS.get(match["name"], match["name"])
    return name, (match["arguments"] or "").replace(" ", ""), bool(match["unsigned"])


def _capacity(kind: str, arguments: str) -> int:
    if kind in ("varchar", "char"):
        return int(arguments or 1)
    return _TEXTS.get(kind, 0)
