"""Pauses, figures, addresses, and what a change brings in."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.cs_sync.follow.ask import parse_address
from diracx_bridge.cs_sync.follow.assemble import parse_person
from diracx_bridge.cs_sync.follow.backoff import Backoff
from diracx_bridge.cs_sync.follow.metrics import METRICS, Metrics
from diracx_bridge.cs_sync.follow.systemd import notify
from diracx_bridge.cs_sync.follow.verify import introduced
from diracx_bridge.cs_sync.git.change import Person
from diracx_bridge.cs_sync.provenance import last_committer, moment
from tests.unit.cs_sync.configurations import changed, convert


def test_pauses_grow_to_a_limit_and_begin_anew_after_success() -> None:
    backoff = Backoff(first=1, most=300)
    pauses = [backoff.failed(0) for _ in range(12)]
    assert all(0.5 * min(300, 2**n) <= pause <= min(300, 2**n) for n, pause in enumerate(pauses))
    assert not backoff.due(100)
    assert backoff.due(301)
    backoff.succeeded()
    assert backoff.due(0)
    assert backoff.failed(0) <= 1


def test_two_synchronisers_do_not_try_at_the_same_moments() -> None:
    first, second = Backoff(), Backoff()
    assert [first.failed(0) for _ in range(5)] != [second.failed(0) for _ in range(5)]


@given(st.text(max_size=20))
def test_metrics_are_text_that_prometheus_reads(label: str) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    metrics = Metrics()
    metrics.set("findings", 3, label, "error")
    metrics.add("texts_total", "changed")
    metrics.add("texts_total", "changed")
    families = {family.name: family for family in text_string_to_metric_families(metrics.text())}
    assert len(families) == len(METRICS)
    found = families["diracx_bridge_cs_sync_findings"].samples[0]
    assert (found.labels, found.value) == ({"code": label, "severity": "error"}, 3)
    assert families["diracx_bridge_cs_sync_texts"].samples[0].value == 2


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1:80", ("127.0.0.1", 80)), ("[::1]:0", ("::1", 0)), ("/run/x", Path("/run/x"))],
)
def test_addresses_are_read(address: str, expected: object) -> None:
    assert parse_address(address) == expected


@pytest.mark.parametrize("address", ["", ":80", "80", "host:", "host:99999", "relative/path"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT"):
        parse_address(address)


def test_only_what_a_change_brings_in_is_reported() -> None:
    before, same, worse = (
        convert(changed(Registry__Groups__gridlab_user__JobShare=share)) for share in ("0.5", "0.5", "0.7")
    )
    assert introduced(before.findings, same.findings) == []
    assert len(introduced(before.findings, worse.findings)) == 1


def test_a_person_is_a_name_with_an_address() -> None:
    assert parse_person("CS robot <cs@example.org>") == Person("CS robot", "cs@example.org")
    with pytest.raises(SettingsError, match="nobody"):
        parse_person("cs@example.org")


def test_the_committer_is_that_of_the_newest_comment() -> None:
    comments = (
        "#@@-ada@admin - 2026-03-01 10:00:00\n#@@-bob@admin - 2026-03-02 10:00:00\n#@@-cy@a - 2025-01-01 00:00:00\n"
    )
    assert last_committer(comments, moment("2026-03-02 10:00:05.123456")) == "bob"
    assert last_committer(comments, moment("2026-04-02 10:00:05.123456")) is None
    assert last_committer("no comment", None) is None


def test_systemd_is_told_by_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify("READY=1", "STATUS=x")
        assert manager.recv(100) == b"READY=1\nSTATUS=x"
    notify("WATCHDOG=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify("WATCHDOG=1")
