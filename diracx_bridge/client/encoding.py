"""Python values as the API takes them in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def plain(value: Any) -> Any:
    """``value`` with generated models, mappings and sequences turned into what ``json`` writes.

    Keys become strings. Datetimes become ``YYYY-MM-DD HH:MM:SS[.ffffff]+00:00``, the form in which the API takes time
    stamps as keys; naive ones are UTC.
    """
    if isinstance(value, Mapping):
        return {_text(key): plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(member) for member in value]
    if isinstance(value, datetime):
        return _text(value)
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    return value


def _text(key: object) -> str:
    if isinstance(key, datetime):
        return str(key.replace(tzinfo=UTC) if key.tzinfo is None else key.astimezone(UTC))
    return str(key)
