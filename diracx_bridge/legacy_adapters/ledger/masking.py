"""Secrets out of what is kept of a call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

MASK: Final = "***"
LONGEST: Final = 2000
"""Characters of a text that are kept."""

_NAMES: Final = re.compile(r"passw|secret|token|credential|private.?key|proxy|api.?key|authorization", re.IGNORECASE)
_VALUES: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)"
    r"|\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"
    r"|\bdiracx:legacy:[\w=+/-]+"
    r"|(?i:\b(?:bearer|basic)\s+[\w.=+/-]{8,})"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)",
    re.DOTALL,
)


def masked(value: Any) -> Any:
    """``value`` as JSON has it, without what looks like a secret: by the name of a member, or by its text.

    >>> masked({"Password": "x", "note": "Bearer abcdefghij"})
    {'Password': '***', 'note': '***'}
    """
    if isinstance(value, Mapping):
        return {str(key): MASK if _NAMES.search(str(key)) else masked(member) for key, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        members = list(value)
        if len(members) == 2 and isinstance(members[0], str) and _NAMES.search(members[0]):
            return [members[0], MASK]  # legacy passes parameters as pairs of name and value
        return [masked(member) for member in members]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = _VALUES.sub(MASK, str(value))
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
