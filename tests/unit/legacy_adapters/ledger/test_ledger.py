"""What a process counts, and how it gets to the service."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from diracx_bridge.core.errors import ServerRefused, Unavailable
from diracx_bridge.core.routing.stages import Side, Stage
from diracx_bridge.legacy_adapters.dispatch.call import Caller
from diracx_bridge.legacy_adapters.dispatch.observation import Observation, Outcome
from diracx_bridge.legacy_adapters.ledger import sender as sender_module
from diracx_bridge.legacy_adapters.ledger.ledger import MOST_LINES, MOST_MISMATCHES, Ledger
from diracx_bridge.legacy_adapters.ledger.mismatch import Mismatch
from diracx_bridge.legacy_adapters.ledger.sender import WORTH_IT, Sender
from diracx_bridge.legacy_adapters.ledger.tally import BOUNDS, quantile

SERVICE = "WorkloadManagement/JobStateUpdate"


def seen(method: str = "setJobStatus", seconds: float = 0.02, user: str = "alice") -> Observation:
    return Observation(SERVICE, method, Caller(user, "g", "lhcb"), Stage.LIVE, Side.DIRACX, Outcome.OK, seconds)


def mismatch(what: str = "Jobs.MinorStatus", job: int = 1, **call: Any) -> Mismatch:
    return Mismatch(SERVICE, "setJobStatus", "lhcb", what, f"m{job}", f"n{job}", {"arguments": [job], **call})


def test_equal_calls_are_one_line_with_their_number_and_times() -> None:
    ledger = Ledger()
    for seconds in (0.004, 0.02, 0.3):
        ledger.observe(seen(seconds=seconds))
    ledger.observe(seen(user="bob"))
    first, second = ledger.take()["calls"]
    assert (first["user"], first["count"], first["seconds"], first["longest"]) == ("alice", 3, 0.324, 0.3)
    assert sum(first["classes"]) == 3
    assert second["user"] == "bob"
    assert ledger.take() == {"calls": [], "mismatches": [], "dropped": 0}


def test_memory_is_bounded_when_every_call_is_of_another_kind() -> None:
    ledger = Ledger()
    for number in range(MOST_LINES + 50):
        ledger.observe(seen(user=f"u{number}"))
        ledger.note(mismatch(what=f"column {number}"))
    batch = ledger.take()
    assert len(batch["calls"]) == MOST_LINES
    assert len(batch["mismatches"]) == MOST_MISMATCHES
    assert batch["dropped"] == 50 + MOST_LINES + 50 - MOST_MISMATCHES


def test_mismatches_of_one_kind_are_one_with_the_first_as_example() -> None:
    ledger = Ledger()
    for job in (7, 8, 9):
        ledger.note(mismatch(job=job))
    (found,) = ledger.take()["mismatches"]
    assert (found["count"], found["call"]) == (3, {"arguments": [7]})


def test_errors_are_of_one_kind_when_only_the_job_differs() -> None:
    def refused(job: int) -> Mismatch:
        ok, error = {"OK": True}, {"OK": False, "Message": f"Not authorized to modify job {job}"}
        return Mismatch(SERVICE, "setJobStatus", "lhcb", "answer", ok, error, {})

    assert refused(1).fingerprint == refused(2345).fingerprint
    assert refused(1).fingerprint != mismatch().fingerprint


def test_secrets_are_masked_in_what_is_kept() -> None:
    found = mismatch(keywords={"password": "hunter2"}, note="Bearer abcdefghijk").as_record()
    assert "hunter2" not in str(found)
    assert "abcdefghijk" not in str(found)


def test_calls_of_many_threads_are_all_counted() -> None:
    ledger = Ledger()
    threads = [threading.Thread(target=lambda: [ledger.observe(seen()) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.take()["calls"][0]["count"] == 4000


@pytest.mark.parametrize(("share", "bound"), [(0.5, BOUNDS[1]), (0.95, BOUNDS[4]), (1.0, float("inf"))])
def test_quantile_is_the_bound_of_its_class(share: float, bound: float) -> None:
    assert quantile([0, 90, 0, 0, 9, 0, 0, 0, 0, 0, 1], share) == bound


def test_server_without_a_ledger_is_not_asked_again() -> None:
    asked = []

    def refuse(batch: Any) -> None:
        asked.append(batch)
        raise ServerRefused(404, "Not Found")

    sender = Sender(refuse, lambda: 3600)
    sender.observe(seen())
    assert sender.flush()
    sender.observe(seen())
    assert sender.flush()
    assert len(asked) == 1


class Reachable:
    """Takes batches unless it is given an error to raise."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.batches: list[Any] = []

    def __call__(self, batch: Any) -> None:
        if self.error is not None:
            raise self.error
        self.batches.append(batch)


def test_batch_that_has_surely_not_arrived_is_counted_again_with_the_next() -> None:
    server = Reachable(Unavailable("down", unsent=True))
    sender = Sender(server, lambda: 3600)
    sender.observe(seen(seconds=0.25))
    sender.note(mismatch(job=7))
    assert not sender.flush()
    assert not sender.flush()
    sender.observe(seen(seconds=0.5))
    sender.note(mismatch(job=8))
    server.error = None
    assert sender.flush()
    (batch,) = server.batches
    (line,), (found,) = batch["calls"], batch["mismatches"]
    assert (line["count"], line["seconds"], line["longest"], sum(line["classes"])) == (2, 0.75, 0.5, 2)
    assert (found["count"], found["call"], batch["dropped"]) == (2, {"arguments": [7]}, 0)


def test_batch_that_may_have_arrived_is_dropped_and_told_with_the_next() -> None:
    server = Reachable(Unavailable("no answer"))
    sender = Sender(server, lambda: 3600)
    sender.observe(seen())
    sender.observe(seen())
    sender.note(mismatch())
    assert not sender.flush()
    server.error = None
    sender.observe(seen())
    assert sender.flush()
    (batch,) = server.batches
    assert (batch["dropped"], batch["calls"][0]["count"]) == (3, 1)


def test_memory_is_bounded_while_no_batch_arrives() -> None:
    sender = Sender(Reachable(Unavailable("down", unsent=True)), lambda: 3600)
    for number in range(MOST_LINES + 5):
        sender.observe(seen(user=f"u{number}"))
        if number % 500 == 0:
            sender.flush()
    sender.flush()
    batch = sender.ledger.take()
    assert (len(batch["calls"]), batch["dropped"]) == (MOST_LINES, 5)


def test_process_that_ends_sends_its_last_calls_only_when_they_are_worth_an_exchange() -> None:
    batches: list[Any] = []
    sender = Sender(batches.append, lambda: 3600)
    sender.observe(seen())
    sender.end()
    assert batches == []
    for _ in range(WORTH_IT):
        sender.observe(seen())
    sender.end()
    assert len(batches) == 1


def test_process_that_ends_sends_a_mismatch_in_any_case() -> None:
    batches: list[Any] = []
    sender = Sender(batches.append, lambda: 3600)
    sender.note(mismatch())
    sender.end()
    assert len(batches[0]["mismatches"]) == 1


def test_batches_are_sent_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = threading.Event()
    sender = Sender(lambda batch: sent.set(), lambda: 0.01)
    sender.observe(seen())
    assert sent.wait(10)
    assert sender_module.LONGEST_PAUSE == 600
    sender._off = True
