"""Replaces names, addresses, hosts and secrets in a legacy configuration, so that it can go into a bug report.

The text is changed word by word: lines, punctuation, the names of DIRAC's own sections and options, numbers and flags
stay. A word becomes the same other word everywhere, so that what refers to each other still does, and the result has
the same findings on the same lines. Words that differ in capitals only stay so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from diracx_bridge.core.properties import known_properties
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.reader import read
from diracx_bridge.cs_sync.rules import RULES
from diracx_bridge.cs_sync.secrecy import looks_random, looks_secret, named_secret
from diracx_bridge.cs_sync.tree import Section, path_of, walk_options

__all__ = ["anonymise"]

_WORD: Final = re.compile(r"[\w-]+")
_NUMBER: Final = re.compile(r"[-_]*\d[\d_-]*([eE][-+]?\d+)?")
_ADDRESS: Final = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_SYLLABLES: Final = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_WORDS: Final = """
    a an and as at by for from in is it its no not of off on or the this to with y yes n none null true false t f
    enabled disabled default defaults anonymous all local localhost invalid example test internal onion arpa
    http https ftp dips dip srm root gsiftp davs ssh git file www mysql
    c cn dc o ou l st emailaddress uid host robot begin end private public key rsa ec certificate
    diracx legacy dirac voms idp oidc
    org com net edu gov info eu ch fr de uk it es pl nl jp cn us
    linux x86_64 el5 el6 el7 el8 el9 slc5 slc6 centos7
"""
_KEPT: Final = frozenset(_WORDS.split())
_PRIVATE_SECTIONS: Final = (
    ("Registry", "Users"),
    ("Registry", "Groups"),
    ("Registry", "VO"),
    ("Registry", "Hosts"),
    ("DiracX", "CsSync", "VOs"),
    ("Operations",),
)
_NAMES: Final = """
    Sites Domains CEs CE Queues SEs SE StorageElements StorageElementGroups StorageElementBases AccessProtocol Computing
    OSCompatibility FileCatalogs FileCatalog IdProviders ProxyProviders Catalogs Name Host Port Path Protocol Access
    SpaceToken WSUrl Coordinates Mail MoUTierLevel Description CEType SubmissionMode Pilot Platform Architecture OS VO
    maxCPUTime MaxTotalJobs MaxWaitingJobs BackendType ReadAccess WriteAccess AccessPolicy Status Master Tag
"""
_STRUCTURE: Final = frozenset(_NAMES.split())


def anonymise(text: str) -> str:
    """``text`` without what is private; it is read by DIRAC in the same way."""
    root = read(text, Findings("text"))
    words = _Words(_structure(root) | _rule_names(), _private(root))
    newlines = re.split(r"(\r\n|\r|\n)", text)
    secret, personal = _delicate_lines(root)
    made: list[str] = []
    for number, line in enumerate(newlines):
        at = number // 2 + 1
        made.append(line if number % 2 else words.line(line, secret=at in secret, personal=at in personal))
    return "".join(made)


def _rule_names() -> set[str]:
    names = {name for rule in RULES for name in rule.pattern.split("/") if name and not name.startswith("{")}
    return names | set(known_properties()) - {"**"}


def _structure(root: Section) -> set[str]:
    """Names that are not private: of sections and options outside of lists of users, groups, VOs, hosts and sites."""
    found: set[str] = set()
    waiting: list[tuple[Section, tuple[str, ...]]] = [(root, ())]
    while waiting:
        section, path = waiting.pop()
        private = path in _PRIVATE_SECTIONS or path[-1:] == ("UserSubjects",)
        for entry in section.entries.values():
            listed = path[:1] != ("Resources",) or entry.name in _STRUCTURE or named_secret(entry.name)
            if not private and listed and re.fullmatch(r"[A-Za-z_]\w*", entry.name):
                found.add(entry.name)
            if isinstance(entry, Section):
                waiting.append((entry, (*path, entry.name)))
    return found


def _private(root: Section) -> set[str]:
    """Names that are private wherever they stand."""
    found: set[str] = set()
    for path in _PRIVATE_SECTIONS:
        for entry in (root.section(*path) or Section()).entries.values():
            found.update(_WORD.findall(entry.name))
    for vo in (root.section("DiracX", "CsSync", "VOs") or Section()).sections():
        found.update(word for e in (vo.section("UserSubjects") or Section()).entries for word in _WORD.findall(e))
    return found


def _delicate_lines(root: Section) -> tuple[set[int], set[int]]:
    """Lines with values that look like secrets (or would if they were texts), and lines about single users."""
    secret: set[int] = set()
    personal: set[int] = set()
    for option in walk_options(root):
        lines = {part.line for part in option.parts}
        if named_secret(option.name) or looks_secret(option.name, option.value):
            secret |= lines
        path = path_of(option)
        if "/UserSubjects/" in path or (path.startswith("/Registry/Users/") and option.name != "Quota"):
            personal |= lines
    return secret, personal


@dataclass(slots=True)
class _Words:
    """What each word becomes. ``kept`` stay; ``private`` never do, unless the rules need them."""

    kept: set[str]
    private: set[str]
    made: dict[str, dict[str, str]] = field(default_factory=dict)
    known: set[str] = field(init=False)
    addresses: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        needed = {name.lower() for name in _rule_names()} | _KEPT
        self.private = {word.lower() for word in self.private} - needed
        self.known = ({word.lower() for word in self.kept} | needed) - self.private

    def line(self, line: str, *, secret: bool, personal: bool) -> str:
        """The line with other words; of one with a ``secret`` nothing of the value stays but its form."""
        head, sign, value = line.partition("=")
        if not sign or line.lstrip().startswith("#"):
            return self._words(line)
        if secret:
            return self._words(head) + sign + self._secret(value)
        return self._words(head) + sign + self._words(re.sub(r"\d{4,}", self._digits, value) if personal else value)

    def _words(self, text: str) -> str:
        return _WORD.sub(lambda found: self._word(found[0]), _ADDRESS.sub(self._address, text))

    def _address(self, found: re.Match[str]) -> str:
        number = len(self.addresses)
        return self.addresses.setdefault(found[0], f"192.0.{2 + number // 250}.{number % 250 + 1}")

    def _digits(self, found: re.Match[str]) -> str:
        return self.numbers.setdefault(found[0], f"{len(self.numbers):0{len(found[0])}}")

    def _word(self, word: str) -> str:
        lower = word.lower()
        if lower in self.private:
            return self._other(word)
        if looks_random(word):
            return f"aB3xK9mQ2vL7pR4tY8wN5z{self._other(word)}"
        plain = len(word) == 1 or _NUMBER.fullmatch(word) or not word.strip("_-")
        return word if plain or lower in self.known else self._other(word)

    def _other(self, word: str) -> str:
        """A made-up word; spellings that differ in capitals get the same one with different capitals."""
        spellings = self.made.setdefault(word.lower(), {"": _made_up(len(self.made))})
        if word not in spellings:
            number = 0 if word == word.lower() else len(spellings) + (word.lower() not in spellings)
            spellings[word] = _capitals(spellings[""], number) + ("" if word.isascii() else "é")
        return spellings[word]

    def _secret(self, value: str) -> str:
        def other(found: re.Match[str]) -> str:
            word = found[0]
            if word.startswith("eyJ"):
                return f"eyJ{self._other(word)}{self._other(word)}"
            if word.isdigit():
                return _zeros(found)
            return word if word.lower() in _KEPT else self._other(word)

        return _WORD.sub(other, value)


def _made_up(number: int) -> str:
    made = ""
    while number or len(made) < 4:
        number, rest = divmod(number, len(_SYLLABLES))
        made += _SYLLABLES[rest]
    return made


def _capitals(word: str, number: int) -> str:
    """The ``number``-th way to write ``word``; 0 is without capitals."""
    return "".join(char.upper() if number >> at & 1 else char for at, char in enumerate(word))


def _zeros(found: re.Match[str]) -> str:
    return "0" * len(found[0])
