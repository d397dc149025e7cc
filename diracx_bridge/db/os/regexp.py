"""Regular expressions that OpenSearch (Lucene) and SQLite (Python) understand in the same way.

Lucene has its own syntax and matches whole values. What both share is accepted: literals, ``.``, classes,
``\\d \\w \\s`` (ASCII) and their opposites, groups, ``|``, the greedy quantifiers, ``^`` at the start and ``$`` at
the end.
"""

from __future__ import annotations

import re
from typing import Final

import regex

LONGEST: Final = 1000
"""Characters of a pattern that OpenSearch takes."""
ACCEPTED: Final = (
    r"a regular expression of literals, ., [classes], \d \w \s, (groups), |, * + ? {m,n}, "
    "^ at the start and $ at the end"
)
_COUNT: Final = re.compile(r"\{(\d{0,3})(,?)(\d{0,3})\}")
_CLASS: Final = re.compile(r"\[(\^?+)((?:\](?!\])|\\.|[^\]\\])(?:\\.|[^\]\\])*)\]", re.DOTALL)
_LITERALS: Final = {"n": "\n", "t": "\t", "r": "\r"}
_SHORTHANDS: Final = frozenset("dwsDWS")
_CLASSES: Final = frozenset(f"\\{char}" for char in _SHORTHANDS)
_SPECIAL: Final = frozenset('.?+*|{}[]()"\\#@&<>~^$-')


def for_whole_values(pattern: str) -> str:
    """An expression that matches the whole of each value in which ``pattern`` is found, in Lucene's syntax.

    Python's ``regex`` reads it in the same way with the flags ASCII and DOTALL.

    Raises:
        ValueError: the pattern has something else than what is accepted; the message says what.
    """
    if len(pattern) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    branches = "|".join(_Reader(pattern).branches())
    try:
        regex.compile(branches, regex.ASCII | regex.DOTALL)
    except (regex.error, RecursionError) as error:
        raise ValueError(str(error)) from None
    return branches


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0

    def branches(self) -> list[str]:
        found = []
        while True:
            found.append(self._branch())
            if self._at == len(self._text):
                return found
            self._at += 1  # the | between two

    def _branch(self) -> str:
        """Up to the next ``|`` outside of groups, or the end."""
        bound = self._skip("^")
        body, depth, repeatable = [] if bound else [".*"], 0, False
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "|" and not depth:
                break
            if char == "$" and not depth and self._text[self._at + 1 : self._at + 2] in ("", "|"):
                self._at += 1
                return "".join(body)
            if char in "*+?{":
                body.append(self._quantifier(repeatable))
                repeatable = False
                continue
            piece = self._piece(char)
            body.append(piece)
            depth += {"(": 1, ")": -1}.get(piece, 0)
            repeatable = piece not in "(|"
            if depth < 0:
                raise ValueError("a ) without its (")
        if depth:
            raise ValueError("a ( without its )")
        return "".join([*body, ".*"])

    def _piece(self, char: str) -> str:
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._class()
        self._at += 1
        if char == "(":
            if self._skip("?") and not self._skip(":"):
                raise ValueError("a group with (? is not accepted, but (?:")
            return char
        if char in "^$":
            raise ValueError(f"{char} in the middle")
        return char if char in ".|)" else _literal(char)

    def _quantifier(self, repeatable: bool) -> str:
        if not repeatable:
            raise ValueError("nothing to repeat, or a lazy or possessive quantifier")
        if self._text[self._at] != "{":
            self._at += 1
            return self._text[self._at - 1]
        match = _COUNT.match(self._text, self._at)
        if match is None or not (match[1] or match[3]):
            raise ValueError("a { that is no count; write \\{")
        self._at = match.end()
        return f"{{{match[1] or 0}{match[2]}{match[3]}}}"

    def _escape(self) -> str:
        char = self._text[self._at + 1 : self._at + 2]
        self._at += 2
        if char in _SHORTHANDS:
            return "\\" + char
        return _literal(_escaped(char))

    def _class(self) -> str:
        match = _CLASS.match(self._text, self._at)
        if match is None:
            raise ValueError("a [ without its ]")
        self._at = match.end()
        members, rest = [], match[2]
        while rest:
            char, rest = rest[0], rest[1:]
            if char == "\\":
                char, rest = rest[0], rest[1:]
                members.append("\\" + char if char in _SHORTHANDS else _literal(_escaped(char)))
            elif char == "-" and members and rest:
                if members[-1] in _CLASSES or rest[:2] in _CLASSES:
                    raise ValueError("a range from or to a whole class of characters; write \\-")
                members.append(char)
            else:
                members.append(_literal(char))
        return f"[{match[1]}{''.join(members)}]"

    def _skip(self, char: str) -> bool:
        if self._text[self._at : self._at + 1] != char:
            return False
        self._at += 1
        return True


def _literal(char: str) -> str:
    return "\\" + char if char in _SPECIAL else char


def _escaped(char: str) -> str:
    if not char or (char.isalnum() and char not in _LITERALS):
        raise ValueError(f"\\{char} is not accepted")
    return _LITERALS.get(char, char)
