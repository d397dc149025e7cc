"""Sections and options of a legacy configuration, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Node", "Option", "Part", "Section", "file_of", "path_of", "walk_options"]


@dataclass(slots=True, eq=False)
class Part:
    """A piece of a value, with the 1-based line and column of its first character."""

    text: str
    line: int
    column: int


@dataclass(slots=True, eq=False)
class Option:
    """One option: ``text`` is what stands behind `=`, at column ``start``; ``more`` what stands behind each `+=`.

    ``comment`` are the comment lines above it. There is one object per option, because there are many.
    """

    name: str
    line: int
    column: int
    comment: str
    parent: Section
    text: str
    start: int
    more: list[Part] | None = None

    @property
    def parts(self) -> list[Part]:
        """The text behind `=`, and behind each `+=`, with their places."""
        return [Part(self.text, self.line, self.start), *(self.more or ())]

    @property
    def value(self) -> str:
        """The value as DIRAC reads it: what `+=` adds follows after a comma and a blank."""
        return self.text if self.more is None else ", ".join([self.text, *[part.text for part in self.more]])

    @property
    def last(self) -> int:
        """The last line."""
        return self.more[-1].line if self.more else self.line

    def append(self, part: Part) -> None:
        """Add to the value, as `+=` does."""
        if self.more is None:
            self.more = []
        self.more.append(part)

    def place(self, offset: int) -> Part:
        """Where the character ``offset`` of the value stands."""
        parts = self.parts
        for part in parts:
            if offset <= len(part.text):
                return Part(part.text[offset:], part.line, part.column + offset)
            offset -= len(part.text) + 2
        return parts[-1]

    def items(self) -> list[Part]:
        """The value as a list, as DIRAC reads one: split at commas, blanks removed, empty entries left out."""
        found: list[Part] = []
        for part in self.parts:
            if "," not in part.text:  # one of many behind `+=`
                if part.text:
                    found.append(part)
                continue
            offset = 0
            for piece in part.text.split(","):
                text = piece.strip()
                if text:
                    found.append(Part(text, part.line, part.column + offset + len(piece) - len(piece.lstrip())))
                offset += len(piece) + 1
        return found

    def copy(self, parent: Section) -> Option:
        """The same in another section."""
        return Option(self.name, self.line, self.column, self.comment, parent, self.text, self.start, self.more)


@dataclass(slots=True, eq=False)
class Section:
    """One section; ``entries`` keeps the order of the file, ``end`` is the line of the closing brace.

    The root has no parent; its name is the file. It has an ``end`` only if nothing in the file is odd: then each
    section can be read without what stands before it.
    """

    name: str = ""
    line: int = 1
    column: int = 1
    comment: str = ""
    parent: Section | None = None
    entries: dict[str, Node] = field(default_factory=dict)
    end: int = 0

    def section(self, *names: str) -> Section | None:
        """The section below this one that ``names`` lead to, or None."""
        found: Node | None = self
        for name in names:
            if not isinstance(found, Section):
                return None
            found = found.entries.get(name)
        return found if isinstance(found, Section) else None

    def option(self, *names: str) -> Option | None:
        """The option that ``names`` lead to, or None."""
        holder = self.section(*names[:-1]) if len(names) > 1 else self
        found = holder.entries.get(names[-1]) if holder else None
        return found if isinstance(found, Option) else None

    def copy(self, parent: Section) -> Section:
        """The same in another section, without what is in it."""
        return Section(self.name, self.line, self.column, self.comment, parent, {}, self.end)

    def sections(self) -> Iterator[Section]:
        """The sections directly in this one, in the order of the file."""
        return (entry for entry in self.entries.values() if isinstance(entry, Section))

    def options(self) -> Iterator[Option]:
        """The options directly in this one, in the order of the file."""
        return (entry for entry in self.entries.values() if isinstance(entry, Option))


Node = Section | Option


def path_of(node: Node) -> str:
    """The legacy path of a node, such as ``/Registry/Users/alice/DN``; the root is ``/``.

    Of paths that no configuration has (more than a hundred names) only the end is given, after ``/...``.
    """
    names: list[str] = []
    current: Node | None = node
    while current is not None and current.parent is not None:
        if len(names) == 100:
            names.append("...")
            break
        names.append(current.name)
        current = current.parent
    return "/" + "/".join(reversed(names))


def file_of(node: Node) -> str:
    """The file that a node was read from, if its root knows; else empty."""
    current: Node = node
    while current.parent is not None:
        current = current.parent
    return current.name


def walk_options(section: Section) -> Iterator[Option]:
    """Every option at or below ``section``, at any depth, without recursion."""
    waiting = [section]
    while waiting:
        for entry in waiting.pop().entries.values():
            if isinstance(entry, Option):
                yield entry
            else:
                waiting.append(entry)
