"""One run to the end, as from cron or by hand, and the rehearsal of one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.follow.source import Legacy, Text
from diracx_bridge.cs_sync.follow.state import StateFolder
from diracx_bridge.cs_sync.follow.sync import Ended, Synchroniser, Taken
from diracx_bridge.cs_sync.git.overlay import changes
from diracx_bridge.cs_sync.git.publish import Outcome

__all__ = ["Run", "rehearse", "run_once"]

_PATIENCE: Final = 5.0
_PAUSE: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """How a run ended. ``outcome`` is None when nothing was published, ``differing`` are the typed paths that change.

    ``differing`` is known of a rehearsal only.
    """

    result: Result
    refused: bool
    changed: bool
    outcome: Outcome | None = None
    differing: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        outcome = self.outcome
        return {
            "ended": "refused" if self.refused else "changed" if self.changed else "unchanged",
            "commit": outcome.commit if outcome else None,
            "made": list(outcome.made) if outcome else [],
            "drift": outcome.drift.describe() if outcome and outcome.drift else None,
            "overlaid": ["/".join(path) for path in outcome.overlaid] if outcome else [],
            "differing": list(self.differing),
            "report": self.result.as_dict(),
        }


def run_once(source: Legacy, synchroniser: Synchroniser) -> Run:
    """Take the text there is, and publish what is queued, also from earlier runs.

    Raises:
        DriftFound: others changed the branch, and the policy is to stop.
        SetupError, Unavailable: it could not be done; what is queued stays queued.
    """
    taken = _taken(source, synchroniser)
    outcome = synchroniser.check()
    changed = outcome is not None and bool(outcome.made)
    return Run(taken.result, taken.ended is not Ended.CHANGED and taken.ended is not Ended.UNCHANGED, changed, outcome)


def rehearse(source: Legacy, synchroniser: Synchroniser) -> Run:
    """What `run_once` would do, without doing it: nothing is queued or published, and no state is touched."""
    with TemporaryDirectory(prefix="diracx-bridge-") as folder:
        alone = Synchroniser(
            synchroniser.place,
            StateFolder(Path(folder)),
            synchroniser.options,
            synchroniser.writer,
            synchroniser.committer,
        )
        taken = _taken(source, alone)
        content = taken.result.content
        if taken.result.refused or content is None:
            return Run(taken.result, refused=True, changed=False)
        held, wanted = alone.would_write(content)
        differing = tuple("/".join(path) for path, _ in changes(held or {}, wanted))
        return Run(taken.result, refused=False, changed=bool(differing) or held is None, differing=differing)


def _taken(source: Legacy, synchroniser: Synchroniser) -> Taken:
    deadline = time.monotonic() + _PATIENCE
    while True:
        text = _text(source, deadline)
        taken = synchroniser.take(text)
        if taken.ended is not Ended.HALF_WRITTEN or time.monotonic() > deadline:
            return taken
        time.sleep(_PAUSE)


def _text(source: Legacy, deadline: float) -> Text:
    while True:
        text = source.look(again=True)
        if text is not None:
            return text
        if time.monotonic() > deadline:
            raise Unavailable("The configuration is being written all the time")
        time.sleep(_PAUSE)
