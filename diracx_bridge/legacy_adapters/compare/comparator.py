"""Lays what DiracX would have done beside what legacy did, without harm to the call."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any, Final, NamedTuple

from diracx_bridge.core.errors import (
    BridgeError,
    NoEquivalent,
    NotAuthenticated,
    PermissionDenied,
    ServerRefused,
    SetupError,
    Unavailable,
)
from diracx_bridge.legacy_adapters.compare.effects import Moment
from diracx_bridge.legacy_adapters.compare.hidden import missing_from, read_without, refuses
from diracx_bridge.legacy_adapters.compare.rehearsing import HIDDEN, STATE, NotRehearsed, Rehearsed, rehearsing
from diracx_bridge.legacy_adapters.compare.verdict import ANSWER, Verdict, answer_diffs, judge_read, judge_write
from diracx_bridge.legacy_adapters.contract import Method
from diracx_bridge.legacy_adapters.dispatch.breaker import Breaker
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison
from diracx_bridge.legacy_adapters.ledger.mismatch import Mismatch

logger = logging.getLogger(__name__)

LIMIT: Final = 1.0
"""Seconds that a rehearsal may add to a call; then the call goes on without."""
WORKERS: Final = 4
MOST_WAITING: Final = 64
"""Comparisons that wait or run; more are skipped."""
MOST_JOBS: Final = 10_000
"""Jobs that are asked about at once."""
REMEMBERED: Final = 10_000
"""Jobs whose latest call is remembered, to tell a race."""
CANT_SAY: Final = (Unavailable, NotAuthenticated, PermissionDenied, NoEquivalent, SetupError, NotRehearsed)
"""What keeps DiracX from saying what it would have done."""


class OtherSide(NamedTuple):
    """DiracX for one caller: the adapter whose changes are rehearsed, and ``post``, which sends JSON to a path."""

    adapter: Any
    post: Callable[[str, Any], Any]


Told = Callable[[float, Comparison], None]
"""Takes the seconds that the caller waited, and what the comparison found."""


class Comparator:
    """Compares calls; one for a process, shared by its threads."""

    def __init__(self, note: Callable[[Mismatch], None], *, limit: float = LIMIT) -> None:
        self._note = note
        self._limit = limit
        self._lock = threading.Lock()
        self._process = 0
        self._waiting = 0
        self._queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._turns: dict[object, int] = {}

    def perform(
        self,
        call: Call,
        method: Method,
        breaker: Breaker,
        other_side: Callable[[], OtherSide],
        legacy: Callable[[], Answer],
        told: Told,
    ) -> Answer:
        """What legacy answers, to a caller who has waited at most ``limit`` seconds longer.

        A write is rehearsed before, a read is repeated after it; the comparison is made in the background. ``told`` is
        called once, perhaps later and in another thread.
        """
        key = call.key(method)
        turn = self._turn(key)
        begun, clock = datetime.now(UTC).replace(tzinfo=None), time.monotonic()
        predicted = self._predicted(call, breaker, other_side) if method.writes else None
        answer = legacy()
        waited, ended = time.monotonic() - clock, datetime.now(UTC).replace(tzinfo=None)
        if method.writes and predicted is None:
            told(waited, Comparison.SKIPPED)
            return answer
        moment = Moment.of((call.arguments, call.keywords), begun, ended)
        kept: Answer = {name: answer[name] for name in ("OK", "Value", "Errno", "Message") if name in answer}

        def compare() -> None:
            if predicted is not None:
                verdict = self._judge_write(call, method, kept, predicted, moment, lambda: turn != self._turns.get(key))
            else:
                verdict = self._judge_read(call, method, breaker, other_side, kept)
            for diff in verdict.mismatches:
                self._note(_mismatch(call, diff.what, diff.legacy, diff.diracx))
            told(waited, verdict.comparison)

        if not self._submit(lambda: self._harmless(compare, lambda: told(waited, Comparison.SKIPPED))):
            told(waited, Comparison.SKIPPED)
        return answer

    def _turn(self, key: object) -> int:
        with self._lock:
            if len(self._turns) >= REMEMBERED:
                self._turns.clear()
            self._turns[key] = self._turns.get(key, 0) + 1
            return self._turns[key]

    def _predicted(
        self, call: Call, breaker: Breaker, other_side: Callable[[], OtherSide]
    ) -> tuple[OtherSide, Answer, Rehearsed] | None:
        found: list[tuple[OtherSide, Answer, Rehearsed] | None] = []
        done = threading.Event()

        def rehearse() -> None:
            with rehearsing() as collected:
                told = self._asked(call, breaker, other_side)
            found.append(told and (*told, collected))
            done.set()

        if not self._submit(lambda: self._harmless(rehearse, done.set)) or not done.wait(self._limit):
            return None
        return found[0] if found else None

    def _judge_write(
        self,
        call: Call,
        method: Method,
        answer: Answer,
        predicted: tuple[OtherSide, Answer, Rehearsed],
        moment: Moment,
        disturbed: Callable[[], bool],
    ) -> Verdict:
        side, expected, rehearsed = predicted
        jobs = sorted({int(job) for result in rehearsed.results for job in result["before"]})
        parameters = any(result["stored"] is not None for result in rehearsed.results)
        state = side.post(STATE, {"jobs": jobs, "parameters": parameters}) if jobs else None
        verdict = judge_write(call.method, answer, expected, rehearsed.results, state, moment, disturbed=disturbed())
        if verdict.comparison is not Comparison.MISMATCH:
            return verdict
        asked = set(call.jobs(method))
        hidden = self._hidden(side, sorted(asked), method)
        if asked - hidden <= set(jobs) and refuses(hidden, expected):
            left = [diff for diff in verdict.mismatches if diff.what != ANSWER]
            return Verdict(Comparison.MISMATCH, left) if left else Verdict(Comparison.DIFFERENCE)
        return verdict

    def _judge_read(
        self, call: Call, method: Method, breaker: Breaker, other_side: Callable[[], OtherSide], answer: Answer
    ) -> Verdict:
        told = self._asked(call, breaker, other_side)
        if told is None:
            return Verdict(Comparison.SKIPPED)
        side, found = told
        verdict = judge_read(call.method, answer, found, ordered=method.ordered)
        if verdict.comparison is not Comparison.MISMATCH:
            return verdict
        again = self._asked(call, breaker, lambda: side)
        race = again is not None and bool(answer_diffs(found, again[1], ordered=method.ordered))
        asked = call.jobs(method)
        hidden = self._hidden(side, missing_from(asked, answer, found), method)
        shown = read_without(hidden, asked, answer, found)
        verdict = judge_read(call.method, *shown, ordered=method.ordered, race=race)
        return Verdict(Comparison.DIFFERENCE) if verdict.comparison is Comparison.EQUAL else verdict

    @staticmethod
    def _hidden(side: OtherSide, jobs: Sequence[int], method: Method) -> set[int]:
        """Those of ``jobs`` that DiracX keeps from the caller; an official server keeps none back and has no route."""
        hidden: set[int] = set()
        seen_by = "search" if method.searches else "id"
        for start in range(0, len(jobs), MOST_JOBS):
            try:
                hidden.update(side.post(HIDDEN, {"jobs": jobs[start : start + MOST_JOBS], "seen_by": seen_by}))
            except ServerRefused as error:
                if error.status not in (404, 405):
                    raise
        return hidden

    @staticmethod
    def _asked(call: Call, breaker: Breaker, other_side: Callable[[], OtherSide]) -> tuple[OtherSide, Answer] | None:
        ticket = breaker.begin()
        if ticket is None:
            return None
        answered = True
        try:
            side = other_side()
            try:
                value = getattr(side.adapter, call.method)(*call.arguments, **call.keywords)
                return side, {"OK": True, "Value": value}
            except ServerRefused as error:
                if error.status < 500 and error.status != 401:
                    return side, {"OK": False, "Errno": 0, "Message": str(error)}
                answered = error.status == 401
                return None
            except CANT_SAY:
                raise
            except BridgeError as error:
                return side, {"OK": False, "Errno": getattr(error, "errno", 0), "Message": str(error)}
        except CANT_SAY as error:
            answered = not isinstance(error, Unavailable)
            logger.info("%s/%s is not compared: %s", call.service, call.method, error)
            return None
        finally:
            breaker.end(ticket, answered=answered)

    @staticmethod
    def _harmless(work: Callable[[], None], otherwise: Callable[[], None]) -> None:
        try:
            work()
        except BridgeError as error:
            logger.info("A comparison came to nothing: %s", error)
            otherwise()
        except Exception:
            logger.exception("A comparison failed")
            otherwise()

    def settle(self, seconds: float) -> None:
        """Wait until no comparison is left, at most so long: before a process ends."""
        deadline = time.monotonic() + seconds
        while self._waiting and self._process == os.getpid() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _submit(self, work: Callable[[], None]) -> bool:
        with self._lock:
            if self._process != os.getpid():  # the first call, or the first one after a fork
                self._process, self._waiting, self._queue = os.getpid(), 0, SimpleQueue()
                for number in range(WORKERS):
                    name = f"diracx-bridge-compare-{number}"
                    threading.Thread(target=self._work, args=(self._queue,), name=name, daemon=True).start()
            if self._waiting >= MOST_WAITING:
                return False
            self._waiting += 1
        self._queue.put(work)
        return True

    def _work(self, queue: SimpleQueue[Callable[[], None]]) -> None:
        while True:
            queue.get()()
            with self._lock:
                self._waiting -= 1


def _mismatch(call: Call, what: str, legacy: Any, diracx: Any) -> Mismatch:
    caller = call.caller
    return Mismatch(
        service=call.service,
        method=call.method,
        vo=caller.vo,
        what=what,
        legacy=legacy,
        diracx=diracx,
        call={
            "service": call.service,
            "method": call.method,
            "arguments": list(call.arguments),
            "keywords": dict(call.keywords),
            "user": caller.user,
            "group": caller.group,
            "vo": caller.vo,
        },
    )
