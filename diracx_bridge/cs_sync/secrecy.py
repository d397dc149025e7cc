"""Tells what looks like a secret, by the name of an option or the form of its value. Nothing here shows a value."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from math import log2
from typing import Final

__all__ = ["looks_random", "looks_secret", "named_secret"]

_NAME: Final = re.compile(
    r"pass(word|wd|phrase)|pwd$|secret|api_?key|private_?key|credential|^aws_|(?<!space)(?<!with)token$",
    re.IGNORECASE,
)
_STRONG: Final = re.compile(r"pass(word|wd|phrase)|pwd$|secret", re.IGNORECASE)
_PLACE: Final = re.compile(r"(file|path|dir|location|url|type|length|lifetime)s?$", re.IGNORECASE)
_HARMLESS: Final = re.compile(r"|none|null|true|false|yes|no|y|n|on|off|[-+.\d]+|<[^>]*>|\$\{?\w+\}?", re.IGNORECASE)
_VALUE: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY|://[^/\s:@]+:[^/\s@]+@|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.|diracx:legacy:\S"
)
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9+_-]{24,}={0,2}")


def looks_secret(name: str, value: str) -> bool:
    """Whether an option called ``name`` with this ``value`` should never be published.

    Booleans and placeholders are no secrets, nor is the place of one (``PasswordFile``); numbers are only where a
    password belongs.
    """
    marked = "://" in value or "eyJ" in value or "-----BEGIN" in value or "diracx:legacy:" in value
    if marked and _VALUE.search(value):
        return True
    if not named_secret(name):
        return False
    text = value.strip()
    return not _HARMLESS.fullmatch(text) or (len(text) > 3 and text.isdigit() and bool(_STRONG.search(name)))


def looks_random(value: str) -> bool:
    """Whether some word of ``value`` looks like a key that a machine made: long, mixed, without the run of words."""
    return any(
        _changes(word) > 0.45 and _entropy(word) > 3.9
        for word in _LONG_WORD.findall(value)
        if not word.islower() and not word.isupper() and any(char.isdigit() for char in word)
    )


def _changes(word: str) -> float:
    """How often the kind of character changes, per character: often in keys, seldom in names made of words."""
    kinds = [(char.isdigit(), char.isupper()) for char in word]
    return sum(a != b for a, b in pairwise(kinds)) / len(word)


def _entropy(word: str) -> float:
    """Bits per character."""
    return -sum(n / len(word) * log2(n / len(word)) for n in Counter(word).values())


@lru_cache(maxsize=4096)
def named_secret(name: str) -> bool:
    """Whether an option called ``name`` holds a secret, if it holds anything."""
    return bool(_NAME.search(name)) and not _PLACE.search(name)
