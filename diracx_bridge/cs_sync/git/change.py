"""One configuration on its way to a branch: what it holds, who made it and when, and what it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

__all__ = ["TOOL_TRAILER", "Change", "Person", "trailers_of"]

TOOL_TRAILER: Final = "Converted-by"
"""Every commit of ours has it; commits without it were made by others."""
ENTRY_TRAILER: Final = "Sync-Entry"
"""Names the change, so that one whose push was accepted but not answered is not published twice."""

_TRAILER = re.compile(r"^([A-Za-z0-9-]+): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Person:
    """Who made a change, as git names people."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """``content`` is to become the configuration of the branch.

    ``author`` and ``when`` are those of the change in the legacy configuration, None when unknown. ``trailers`` end
    the commit message; ``note`` is kept beside the commit, in ``refs/notes``. ``entry`` is unique to this change.
    """

    content: dict[str, Any]
    title: str
    trailers: Mapping[str, str]
    author: Person | None = None
    when: datetime | None = None
    note: Mapping[str, Any] = field(default_factory=dict)
    entry: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "content": self.content,
            "title": self.title,
            "trailers": dict(self.trailers),
            "author": [self.author.name, self.author.email] if self.author else None,
            "when": self.when.isoformat() if self.when else None,
            "note": dict(self.note),
            "entry": self.entry,
        }

    @classmethod
    def from_dict(cls, value: Any) -> Change:
        """The change that `as_dict` made.

        Raises:
            KeyError, TypeError, ValueError: it did not make that.
        """
        if not isinstance(value["content"], dict):
            raise TypeError("content")
        return cls(
            content=value["content"],
            title=value["title"],
            trailers=dict(value["trailers"]),
            author=Person(*value["author"]) if value["author"] else None,
            when=datetime.fromisoformat(value["when"]) if value["when"] else None,
            note=value["note"],
            entry=value["entry"],
        )

    def again(self) -> Change:
        """The same without a name: it is published whenever the branch does not hold it."""
        return replace(self, entry="")

    def message(self) -> str:
        """The commit message: a title and trailers, each on one line."""
        trailers = {**self.trailers, **({ENTRY_TRAILER: self.entry} if self.entry else {})}
        lines = [f"{key}: {_one_line(value)}" for key, value in trailers.items()]
        return f"{_one_line(self.title)}\n\n" + "\n".join(lines) + "\n"


def trailers_of(message: str) -> dict[str, str]:
    """The trailers in the last paragraph of a commit message."""
    return dict(_TRAILER.findall(message.rstrip().rpartition("\n\n")[2]))


def _one_line(text: str) -> str:
    return " ".join(text.split())
