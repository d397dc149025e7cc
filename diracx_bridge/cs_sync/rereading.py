"""Reads a text that differs little from one that was read before: sections that are the same are taken from there.

Texts are compared by section, from the top down; a section that differs is compared part by part. What the comparison
takes for a section is a guess by indentation, so each one that is to be taken over is held against the tree: it counts
only if the earlier reading found it in the same lines. A text with anything odd in it is not read in this way.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.reader import IrregularText, Reader
from diracx_bridge.cs_sync.tree import Node, Section

__all__ = ["Kept", "Known", "Reread", "reread"]

_SMALL: Final = 4096
"""Sections of fewer bytes are read again as a whole."""
_DEEPEST: Final = 16
_PAD: Final = re.compile(rb"[ \t]*")


class Known(NamedTuple):
    """A text (UTF-8, no byte order mark) and its tree, in which sections may be empty that had content."""

    data: bytes
    root: Section


class Kept(NamedTuple):
    """``lines`` lines that were taken over: they began at line ``before``, and begin at ``now``."""

    before: int
    now: int
    lines: int


class Reread(NamedTuple):
    """The tree of a text; the sections that were taken over are those of the other tree, with their old lines."""

    root: Section
    kept: list[Kept]

    def line(self, before: int) -> int:
        """Where a line stands now that was taken over; 0 for one that was not."""
        at = bisect_right(self.kept, before, key=_before) - 1
        kept = self.kept[at] if at >= 0 else Kept(0, 0, 0)
        return before - kept.before + kept.now if before < kept.before + kept.lines else 0


def reread(known: Known, data: bytes, name: str) -> Reread | None:
    """The tree of ``data`` under the ``name`` of the file; None if the two texts can't be compared by section.

    Then either one of them has something odd in it, or is not UTF-8 with plain line ends.
    """
    if not known.root.end or b"\r" in data or data.startswith((b"\xef\xbb\xbf", b"PK\x03\x04")) or not _is_utf_8(data):
        return None
    old, new = (text if text.endswith(b"\n") else text + b"\n" for text in (known.data, data))
    reader = Reader(Findings(name), Section(name), strict=True)
    rereader = _Rereader(old, new, reader)
    try:
        rereader.level(_Level(known.root, 0, len(old), 1, old.count(b"\n") + 1), 0, len(new), 0)
        reader.end(rereader.line)
    except IrregularText:
        return None
    return Reread(reader.root, sorted(rereader.kept)) if reader.root.end else None


class _Level(NamedTuple):
    """A section of the known tree, where its content is in the known text, and its lines, ``stop`` not included."""

    section: Section
    start: int
    end: int
    line: int
    stop: int


class _Part(NamedTuple):
    """A section of the known tree: from the comments above it, which begin in ``line``, to its brace."""

    node: Section
    start: int
    content: int
    end: int
    line: int

    @property
    def name(self) -> str:
        return self.node.name


@dataclass(slots=True, eq=False)
class _Rereader:
    old: bytes
    new: bytes
    reader: Reader
    line: int = 1
    kept: list[Kept] = field(default_factory=list)

    def feed(self, start: int, end: int) -> None:
        """Read these lines."""
        if start < end:
            self.reader.feed(self.new[start : end - 1].decode(), self.line)
            self.line += self.new.count(b"\n", start, end)

    def level(self, before: _Level, start: int, end: int, depth: int) -> None:
        """Read the content of the section that is open, and was ``before``."""
        here = self.reader.current
        pad = _PAD.match(self.new, start, end)[0]  # type: ignore[index]
        mark = b"\n" + pad + b"}\n"
        nodes = list(before.section.entries.values())
        size = min(before.end - before.start, end - start)
        same = _same(self.old, before.start, self.new, start, size)
        first = max(self.new.rfind(mark, start, start + same) + len(mark), start)
        lines = self.new.count(b"\n", start, first)
        if not (lines and _ends_in(nodes, before.line + lines - 1) and self.keep(here, nodes, before.line, lines)):
            first, lines = start, 0
        size -= first - start
        same = _same(self.old, before.end, self.new, end, size, backwards=True)
        found = self.new.find(mark, end - same, end)
        last = end if found < 0 else found + len(mark)
        rest, shift = self.new.count(b"\n", last, end), before.end - end
        after = before.stop - rest
        middle = _Level(before.section, first - start + before.start, last + shift, before.line + lines, after)
        self.parts(here, middle, first, last, mark, depth)
        if rest and not (_ends_in(nodes, after - 1) and self.keep(here, nodes, after, rest)):
            self.feed(last, end)

    def parts(self, here: Section, before: _Level, start: int, end: int, mark: bytes, depth: int) -> None:
        """Read a part of the content section by section."""
        head = _header(mark[1:-2])
        parts = {part.name: part for part in self.parts_before(before, mark, head)}
        while start < end:
            found = head.search(self.new, start, end)
            part = parts.get(found[1].decode()) if found else None
            whole = part and len(parts) == 1 and self.new.endswith(mark, start, end)
            brace = end - len(mark) if whole else self.new.find(mark, start, end)
            after = brace + len(mark) if brace >= 0 else end
            if found and part and found.end() <= brace + 1:
                self.feed(start, found.start())
                self.part(here, part, found, brace + 1, after, depth)
            else:
                self.feed(start, after)
            start = after

    def parts_before(self, before: _Level, mark: bytes, head: re.Pattern[bytes]) -> Iterator[_Part]:
        """The sections that were in a part of the content, as far as the tree has them in just these lines."""
        start, line = before.start, before.line
        nodes = before.section.entries
        while found := head.search(self.old, start, before.end):
            above = line + self.old.count(b"\n", start, found.start())
            node = nodes.get(found[1].decode())
            if isinstance(node, Section) and node.end == before.stop - 1:
                brace, line = before.end - len(mark), before.stop
            else:
                brace = self.old.find(mark, found.end() - 1, before.end)
                line = above + self.old.count(b"\n", found.start(), brace + len(mark))
            if brace < 0:
                return
            comments = found[0].count(b"\n") - 2
            if isinstance(node, Section) and _lines(node) == (above + comments, line - 1, comments):
                yield _Part(node, found.start(), found.end(), brace + 1, above)
            start = brace + len(mark)

    def part(self, here: Section, part: _Part, found: re.Match[bytes], end: int, after: int, depth: int) -> None:
        """Read a section, from its header to its brace, that was ``part``."""
        start, content = found.span()
        size = end - start
        if size == part.end - part.start and _same(self.old, part.start, self.new, start, size) == size:
            if self.keep(here, [part.node], part.line, part.node.end - part.line + 1):
                return
        elif size > _SMALL and depth < _DEEPEST and self.reader.current is here:
            self.feed(start, content)
            self.level(
                _Level(part.node, part.content, part.end, part.node.line + 2, part.node.end), content, end, depth + 1
            )
            self.feed(end, after)
            return
        self.feed(start, after)

    def keep(self, here: Section, nodes: list[Node], line: int, lines: int) -> bool:
        """Take over those of ``nodes`` that stood in so many lines from ``line`` on; whether that may be done.

        ``here`` has to be the section that is open.
        """
        first, after = (bisect_left(nodes, at, key=_line) for at in (line, line + lines))
        if self.reader.current is not here or not self.reader.adopt(nodes[first:after]):
            return False
        self.kept.append(Kept(line, self.line, lines))
        self.line += lines
        return True


def _same(old: bytes, here: int, new: bytes, there: int, most: int, *, backwards: bool = False) -> int:
    """How many bytes from ``here`` and ``there`` on, or before them, are the same; ``most`` at most."""
    same, step = 0, 1 << 16
    while step:
        while same + step <= most:
            ahead = -same - step if backwards else same
            if old[here + ahead : here + ahead + step] != new[there + ahead : there + ahead + step]:
                break
            same += step
        step >>= 1
    return same


def _lines(node: Section) -> tuple[int, int, int]:
    """First and last line, and the number of lines with comments above."""
    return node.line, node.end, node.comment.count("\n")


def _ends_in(nodes: list[Node], line: int) -> bool:
    """Whether the brace of one of ``nodes`` stands in ``line``."""
    at = bisect_right(nodes, line, key=_line) - 1
    node = nodes[at] if at >= 0 else None
    return isinstance(node, Section) and node.end == line


_line: Final = attrgetter("line")
_before: Final = attrgetter("before")


@lru_cache(maxsize=64)
def _header(pad: bytes) -> re.Pattern[bytes]:
    """Finds the name of a section at this indentation, with the comments above it and the brace below it."""
    mark = re.escape(pad)
    return re.compile(rb"^(?:[ \t]*#[^\n]*\n)*" + mark + rb"([^\s{}=#/][^\n{}=#/]*)\n" + mark + rb"\{\n", re.MULTILINE)


def _is_utf_8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
