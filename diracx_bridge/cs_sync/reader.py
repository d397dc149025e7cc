"""Reads CFG text exactly as DIRAC does (diraccfg 1.0.1), and keeps the place of everything.

The format is line based and has no quoting, escapes, continuation lines or inline comments::

    line    = "" | comment | characters
    comment = first character is "#"; belongs to the next section or option
    characters, from left to right:
      "{"   the pending text becomes the name of a section; go down into it
      "}"   go up; pending text stays pending
      "="   an option: its name is everything before the first "=" of the line, its value the rest
      "+="  adds to an option that exists
      else  pending text, which lives on over line ends

Names may be paths (``A/B``). What diraccfg refuses is an error here too, but all errors of a text are found, not only
the first; what it swallows (stray text, options without parent, an option that replaces a section) is a warning.
Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.tree import Node, Option, Part, Section, path_of

__all__ = ["IrregularText", "Reader", "read"]

MAX_FINDINGS: Final = 500
"""So many findings of one code are reported; a text with more is no configuration."""
MAX_UNCLOSED: Final = 20
"""So many unclosed sections are reported, the innermost first."""
_TOKEN: Final = re.compile(r"\+=|[{}=]")
_PLAIN_OPTION: Final = re.compile(r"([^#{}=/+](?:[^{}=/+]*[^{}=/+\s])?)\s*(\+?=)\s*(.*)", re.DOTALL)


def read(text: str, findings: Findings) -> Section:
    """The tree of ``text``; syntax errors and oddities are added to ``findings``.

    After a syntax error reading goes on: what is returned then is a best guess that DIRAC would not accept.
    Line ends are those of text mode: ``\\n``, ``\\r\\n`` and ``\\r`` are the same.
    """
    reader = Reader(findings, Section(findings.file))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader.feed(text, 1)
    reader.end(text.count("\n") + 1)
    return reader.root


class IrregularText(Exception):
    """There is something odd in a text that must not have it: what it was read into is of no use."""


@dataclass(slots=True, eq=False)
class _Lost(Section):
    """A section that has no place in the tree; ``excused`` when that was reported already."""

    excused: bool = False


@dataclass(slots=True, eq=False)
class _Frame:
    """An open section, where it was opened, and the first line that looks as if it had been closed before."""

    section: Section
    line: int
    column: int
    suspect: int = 0


@dataclass(slots=True, eq=False)
class Reader:
    """Reads line after line; between two calls of `feed` it may be given sections that are known already.

    Those must not be changed by lines that follow: then it has to be ``strict``, and gives up before it comes to that.
    """

    findings: Findings
    root: Section = field(default_factory=Section)
    open: list[_Frame] = field(default_factory=list)
    pending: list[Part] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    regular: bool = True
    strict: bool = False

    @property
    def current(self) -> Section:
        return self.open[-1].section if self.open else self.root

    def feed(self, text: str, first: int) -> None:
        """Read the lines of ``text``, the number of the first of which is ``first``."""
        pending, comment, names, plain = self.pending, self.comment, self.names, _PLAIN_OPTION.match
        section, entries = self.current, self.current.entries
        for number, raw in enumerate(text.split("\n"), first):
            line = raw.strip()
            if not line:
                continue
            # Nearly every line is one of these kinds; `line` takes the rest, and would take these.
            if not pending and (found := plain(line)) and type(section) is not _Lost:
                name, sign, value = found.groups()
                existing = entries.get(name)
                if sign == "=" and existing is None:
                    column = raw.index(line[0]) + 1
                    name = names.setdefault(name, name)  # most names come again and again
                    said = "".join(comment) if comment else ""
                    entries[name] = Option(name, number, column, said, section, value, column + found.start(3))
                    if said:
                        comment.clear()
                    continue
                if sign == "+=" and type(existing) is Option:
                    if existing.last != number - 1 or existing.parent is not section:
                        self.odd()
                    existing.append(Part(value, number, raw.index(line[0]) + 1 + found.start(3)))
                    comment.clear()
                    continue
            if line[0] == "#":
                comment.append(line.replace("#", "") + "\n")
                continue
            if line == "}":
                self.close_section(number, raw.index("}") + 1)
            elif line == "{":
                self.open_section(number, raw.index("{") + 1)
            else:
                self.line(number, raw.index(line[0]) + 1, line)
            section = self.current
            entries = section.entries

    def line(self, number: int, column: int, line: str) -> None:
        start = 0
        for token in _TOKEN.finditer(line):
            sign, at = token.group(), token.start()
            if sign == "{":
                self.hold(line[start:at], number, column + start)
                self.open_section(number, column + at)
            elif sign == "}":
                self.hold(line[start:at], number, column + start)
                self.close_section(number, column + at)
            else:
                name = line[:at].rstrip()
                value = line[token.end() :].lstrip()
                self.forget_pending(number)
                if start and ("{" in name or "}" in name):
                    self.report("odd-brace-in-name", "A brace stands before `=`", Part("", number, column))
                part = Part(value, number, column + len(line) - len(value))
                if sign == "=":
                    self.set_option(name, Part(name, number, column), part)
                else:
                    self.append(name, Part(name, number, column), part)
                self.comment.clear()
                return
            start = token.end()
        self.hold(line[start:], number, column + start)

    def odd(self) -> None:
        """Note that the text is not regular.

        Raises:
            IrregularText: it has to be.
        """
        self.regular = False
        if self.strict:
            raise IrregularText

    def end(self, last: int) -> None:
        """The text ends in line ``last``."""
        self.forget_pending(0)
        for frame in self.open[: -MAX_UNCLOSED - 1 : -1]:
            hint = f"; line {frame.suspect} looks like the next section at its level" if frame.suspect else ""
            self.findings.add(
                "syntax-unclosed",
                f"Section {frame.section.name!r} is opened here and never closed{hint}",
                at=Part("", frame.line, frame.column),
                path=path_of(frame.section),
            )
        if self.regular and not self.told and not self.open:
            self.root.end = last

    def report(self, code: str, message: str, at: Part | Node, name: str = "", remedy: str = "") -> None:
        """Add a finding about the entry ``name`` of the current section, or about the section itself."""
        self.odd()
        self.told[code] += 1
        if self.told[code] > MAX_FINDINGS:
            return
        here = path_of(self.current)
        self.findings.add(code, message, at=at, path=f"{here.rstrip('/')}/{name}" if name else here, remedy=remedy)

    # pending text

    def hold(self, text: str, line: int, column: int) -> None:
        if text:
            if text.isspace():
                self.odd()
            self.pending.append(Part(text, line, column))

    def forget_pending(self, line: int) -> None:
        """Drop pending text before an option of ``line``; text of other lines is stray."""
        stray = [part for part in self.pending if part.text.strip() and part.line != line]
        if stray:
            self.report("odd-stray-text", "Text that is neither option nor section", stray[0])
        self.pending.clear()

    # sections

    def open_section(self, line: int, column: int) -> None:
        named = [part for part in self.pending if part.text.strip()]
        name = "".join(part.text for part in self.pending).strip()
        self.pending.clear()
        place = named[0] if named else Part("", line, column)
        indent = len(place.text) - len(place.text.lstrip())
        place = Part(name, place.line, place.column + indent)
        if len(named) > 1:
            self.report("odd-split-name", f"The section is called {name!r} because of this", place, name)
        if self.open and not self.open[-1].suspect and place.column <= self.open[-1].column:
            self.open[-1].suspect = place.line
        section = Section(name, place.line, place.column, "".join(self.comment))
        self.open.append(_Frame(self.attach(section, place), place.line, place.column))
        self.comment.clear()

    def attach(self, section: Section, place: Part) -> Section:
        """Put ``section`` into the tree; returns where its content goes."""
        if not section.name:
            self.report("syntax-no-name", "A section without a name", place, section.name)
            return _Lost("?", place.line, place.column, parent=self.current, excused=True)
        if "/" in section.name and not _path(section.name):
            self.odd()
            self.holder(section.name, place)  # reports content of a section that has no place
            self.report("odd-lost-path", "A section called `/` is the section it stands in", place, section.name)
            return self.current
        holder = self.holder(section.name, place)
        if holder is None or isinstance(holder, Option):
            excused = isinstance(holder, Option)
            return _Lost(section.name, place.line, place.column, parent=self.current, excused=excused)
        section.name = _path(section.name)[-1] if "/" in section.name else section.name
        section.parent = holder
        existing = holder.entries.get(section.name)
        if isinstance(existing, Section):
            message = f"Section {section.name!r} stands already at line {existing.line}"
            self.report("syntax-duplicate-section", message, place, section.name)
            return existing
        if existing is not None:
            message = f"{section.name!r} is an option already at line {existing.line}"
            self.report("syntax-section-over-option", message, place, section.name)
        holder.entries[section.name] = section
        return section

    def adopt(self, nodes: Sequence[Node]) -> bool:
        """Take ``nodes`` as if their lines had been fed; False, with nothing done, if that would not be the same.

        They are all that another, regular text has in some lines of a section of the same path as the open one.
        """
        entries = self.current.entries
        if self.pending or self.comment or not entries.keys().isdisjoint([node.name for node in nodes]):
            return False
        entries.update([(node.name, node) for node in nodes])
        return True

    def close_section(self, line: int, column: int) -> None:
        if self.pending or self.comment:
            self.odd()
        if self.open:
            section = self.open.pop().section
            section.end = line
            if isinstance(section, _Lost) and not section.excused:
                message = f"The parent of {section.name!r} does not exist"
                self.report("odd-lost-path", message, section, section.name)
        else:
            self.report("syntax-extra-brace", "This brace closes no section", Part("", line, column))

    # options

    def set_option(self, name: str, place: Part, value: Part) -> None:
        if not name:
            self.report("syntax-no-name", "An option without a name", place, name)
            return
        holder = self.holder(name, place)
        if isinstance(holder, Option):
            return
        if holder is None:
            self.report("odd-lost-path", f"The parent of {name!r} does not exist", place, name)
            return
        name = _path(name)[-1] if "/" in name else name
        existing = holder.entries.get(name)
        if isinstance(existing, Section):
            message = f"{name!r} is a section at line {existing.line}, which this option replaces"
            self.report("odd-option-over-section", message, place, name)
        elif existing is not None:
            message = f"{name!r} stands already at line {existing.line}; this one counts"
            self.report("odd-duplicate-option", message, place, name)
        holder.entries[name] = Option(
            name, place.line, place.column, "".join(self.comment), holder, value.text, value.column
        )

    def append(self, name: str, place: Part, value: Part) -> None:
        if not _path(name):
            self.report("syntax-no-name", "`+=` without a name", place, name)
            return
        holder = self.holder(name, place)
        if isinstance(holder, Option):
            return
        name = _path(name)[-1] if "/" in name else name
        existing = holder.entries.get(name) if holder else None
        if isinstance(existing, Option):
            existing.append(value)
        elif existing is not None:
            message = f"{name!r} is a section (line {existing.line})"
            self.report("syntax-append-to-section", message, place, name)
        else:
            self.report("syntax-append-undeclared", f"{name!r} has no `=` before", place, name)
            if holder:
                holder.entries[name] = Option(name, place.line, place.column, "", holder, value.text, value.column)

    # places

    def holder(self, name: str, place: Part) -> Node | None:
        """The section that an entry called ``name`` goes into; None when a parent of a path does not exist.

        An option is returned, and reported, when the path leads through one.
        """
        found: Node | None = self.current
        if isinstance(found, _Lost) and not found.excused:
            found.excused = True
            message = f"The parent of section {found.name!r} does not exist, but the section has content"
            remedy = "Move the comment to a line of its own: CFG has none behind names" if "#" in found.name else ""
            self.report("syntax-no-parent", message, found, remedy=remedy)
        if "/" not in name:
            return found
        self.odd()
        parts = _path(name)
        if not parts:
            return None
        for step in parts[:-1]:
            found = found.entries.get(step) if isinstance(found, Section) else None
        if isinstance(found, Option):
            message = f"{name!r} leads through the option of line {found.line}"
            self.report("syntax-path-through-option", message, place, name)
        return found


def _path(name: str) -> list[str]:
    return [step for part in name.split("/") if (step := part.strip())]
