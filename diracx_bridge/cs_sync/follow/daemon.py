"""The process that follows: single, told by signals, questioned over HTTP."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

from diracx_bridge.cs_sync.follow.ask import Address
from diracx_bridge.cs_sync.follow.loop import Loop
from diracx_bridge.cs_sync.follow.source import Legacy
from diracx_bridge.cs_sync.follow.status import Status
from diracx_bridge.cs_sync.follow.sync import Ended, Synchroniser, Taken
from diracx_bridge.cs_sync.follow.systemd import notify
from diracx_bridge.cs_sync.follow.verify import Verifier
from diracx_bridge.cs_sync.follow.web import serving

__all__ = ["run_daemon"]

_log = logging.getLogger("diracx_bridge.cs_sync")


def run_daemon(
    source: Legacy,
    synchroniser: Synchroniser,
    addresses: list[Address],
    *,
    interval: float,
    safety: float,
    told: Callable[[Taken], None] = lambda taken: None,
) -> None:
    """Follow ``source`` until SIGTERM or SIGINT; SIGHUP makes it look at everything at once.

    Raises:
        SetupError: an address can't be listened on.
    """
    status, stop = Status(), threading.Event()
    verifier = Verifier(synchroniser.rehearse, synchroniser.previous, synchroniser.options)

    def heard(taken: Taken) -> None:
        if taken.ended is not Ended.HALF_WRITTEN:
            verifier.is_now(taken.result)
        told(taken)

    def verify(text: bytes) -> dict[str, Any]:
        status.metrics.add("verified_total")
        try:
            return verifier.report(text)
        finally:
            loop.tidy_up_later()

    def prepare() -> None:
        verifier.prepare()
        synchroniser.remember()

    loop = Loop(source, synchroniser, status, interval=interval, safety=safety, told=heard, idle=prepare)
    with ExitStack() as stack:
        for address in addresses:
            _log.info("listening on %s", stack.enter_context(serving(address, status, verify)))
        stack.enter_context(_signals(stop, loop))
        notify("READY=1", "STATUS=following")
        loop.run(stop)
        notify("STOPPING=1")
    _log.info("stopped; %d changes are queued", len(synchroniser.spool))


@contextmanager
def _signals(stop: threading.Event, loop: Loop) -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    def look(number: int, frame: FrameType | None) -> None:
        loop.look_at_everything()

    before = {
        number: signal.signal(number, handler)
        for number, handler in ((signal.SIGTERM, end), (signal.SIGINT, end), (signal.SIGHUP, look))
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
