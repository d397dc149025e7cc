"""Tells what looks like a secret, by the name of an option or the form of its value. Nothing here shows a value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["looks_secret", "named_secret"]

_NAME: Final = re.compile(
    r"pass(word|wd|phrase)|pwd$|secret|api_?key|private_?key|credential|^aws_|^(access|refresh|bearer|auth|api|bot|id)?_?token$",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"(file|path|dir|location|url|type|length|lifetime)s?$", re.IGNORECASE)
_HARMLESS: Final = re.compile(r"|none|null|true|false|yes|no|y|n|on|off|[-+.\d]+|<[^>]*>|\$\{?\w+\}?", re.IGNORECASE)
_VALUE: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY|://[^/\s:@]+:[^/\s@]+@|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.|diracx:legacy:\S"
)
_SIGNS: Final = ("://", "eyJ", "-----BEGIN", "diracx:legacy:")
"""One of these is in every value that `_VALUE` finds."""


def looks_secret(name: str, value: str) -> bool:
    """Whether an option called ``name`` with this ``value`` should never be published.

    Numbers, booleans and placeholders are no secrets, nor is the place of one (``PasswordFile``).
    """
    if any(sign in value for sign in _SIGNS) and _VALUE.search(value):
        return True
    return named_secret(name) and not _HARMLESS.fullmatch(value.strip())


@lru_cache(maxsize=4096)
def named_secret(name: str) -> bool:
    return bool(_NAME.search(name)) and not _PLACE.search(name)
