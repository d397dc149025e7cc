"""One step of the synchroniser: a text is taken, what changed is queued, the queue is published.

The order makes a crash harmless at any point: a change is on the disk before anything is forgotten, and carries a name
by which it is recognised on the branch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from diracx_bridge.cs_sync.convert import Result, convert_source
from diracx_bridge.cs_sync.follow.source import Text
from diracx_bridge.cs_sync.follow.spool import Spool
from diracx_bridge.cs_sync.follow.state import StateFolder
from diracx_bridge.cs_sync.git.branch import Branch, open_branch
from diracx_bridge.cs_sync.git.change import trailers_of
from diracx_bridge.cs_sync.git.commits import content_of, overlay_of
from diracx_bridge.cs_sync.git.overlay import apply
from diracx_bridge.cs_sync.git.place import Place
from diracx_bridge.cs_sync.git.publish import Outcome, Writer, publish
from diracx_bridge.cs_sync.options import DEFAULTS, Options
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.provenance import change_of
from diracx_bridge.cs_sync.source import decoded

__all__ = ["Ended", "Synchroniser", "Taken"]


class Ended(StrEnum):
    """What became of a text."""

    CHANGED = "changed"
    """It changes the configuration, and waits in the queue."""
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    HALF_WRITTEN = "half written"
    """It can't be taken, but may be complete in a moment."""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """How it ended, and the conversion."""

    ended: Ended
    result: Result


@dataclass(slots=True, eq=False)
class Synchroniser:
    """Brings texts to ``place`` by way of ``folder``, which must be held meanwhile."""

    place: Place
    folder: StateFolder
    options: Options = DEFAULTS
    writer: Writer = field(default_factory=Writer)
    committer: Callable[[str], str | None] = lambda version: None
    spool: Spool = field(init=False)
    _branch: Branch | None = field(init=False, default=None)
    _accepted: Previous | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.spool = Spool(self.folder.path / "queue")

    def take(self, text: Text) -> Taken:
        """Convert ``text``, and queue it if it changes the configuration.

        Raises:
            SetupError, Unavailable: the disk does not take it, or nothing is known about what was published before;
                nothing has happened then.
        """
        before = self.remember()
        result = self.rehearse(text)
        if result.refused or result.content is None:
            return Taken(Ended.HALF_WRITTEN if text.fresh else Ended.REFUSED, result)
        memory = self.folder.memory
        version = result.version().get("Version", "")
        changed = before is None or before.content != result.content
        if changed:
            number = max(self.spool.last(), memory.sequence) + 1
            committer = text.committer or (self.committer(version) if version else None)
            change = change_of(result, committer=committer, entry=f"{memory.instance}-{number}")
            self.folder.save()  # the name of the change must be ours before anybody sees it
            self._accepted = None
            self.spool.put(number, change)
            self.folder.accept(change)
        if version != memory.version:
            memory.version = version
            self.folder.save()
        return Taken(Ended.CHANGED if changed else Ended.UNCHANGED, result)

    def convert(self, text: Text, previous: Previous) -> Result:
        """The conversion of ``text``: broken entries keep what ``previous`` has, losses against it are refused."""
        source, findings = decoded(text.name, text.data)
        findings.policy = self.options.policy
        return convert_source(source, findings, replace(self.options, previous=previous))

    def rehearse(self, text: Text) -> Result:
        """The conversion of ``text`` as `take` would do it.

        Raises:
            SetupError, Unavailable: the branch can't be looked at.
        """
        return self.convert(text, self.previous())

    def previous(self) -> Previous:
        """What was accepted last; if we do not remember that, what the branch holds.

        Raises:
            SetupError, Unavailable: the branch can't be looked at.
        """
        remembered = self.remember()
        if remembered is not None:
            return remembered
        tip = self._opened().look()
        content = content_of(tip)
        version = trailers_of(tip.message).get("CS-Version", "") if tip else ""
        return Previous(content, version) if isinstance(content, dict) else NOTHING

    def remember(self) -> Previous | None:
        """What was accepted last, published or not, from the disk; None if nothing was. It is kept in memory then."""
        if self._accepted is None:
            newest = self.spool.newest()
            before = newest[1] if newest else self.folder.accepted()
            if before is not None:
                self._accepted = Previous(before.content, before.trailers.get("CS-Version", ""))
        return self._accepted

    def flush(self) -> Outcome | None:
        """Publish what is queued; None when nothing is.

        Raises:
            DriftFound: others changed the branch, and the policy is to stop. Everything stays queued.
            SetupError, Unavailable: it could not be published. Everything stays queued.
        """
        waiting = self.spool.waiting()
        if not waiting:
            return None
        outcome = publish(
            self._opened(), [change for _, change in waiting], self.writer, agreed=self.folder.memory.agreed
        )
        self._agree(outcome, waiting[-1][0])
        for number, _ in waiting:
            self.spool.remove(number)
        return outcome

    def check(self) -> Outcome | None:
        """Look whether the branch still holds what was accepted; if not, deal with that as `flush` does."""
        accepted = self.folder.accepted()
        if accepted is None or len(self.spool):
            return self.flush()
        outcome = publish(self._opened(), [accepted.again()], self.writer, agreed=self.folder.memory.agreed)
        self._agree(outcome, self.folder.memory.sequence)
        return outcome

    def would_write(self, content: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        """What the branch holds now, and what it would hold with ``content``. Nothing is changed."""
        tip = self._opened().look()
        held = content_of(tip)
        return (held if isinstance(held, dict) else None), apply(overlay_of(tip), content)[0]

    def _agree(self, outcome: Outcome, number: int) -> None:
        self.folder.memory.agreed = outcome.commit
        self.folder.memory.sequence = number
        self.folder.save()

    def _opened(self) -> Branch:
        if self._branch is None:
            self._branch = open_branch(self.place, self.folder.path)
        return self._branch
