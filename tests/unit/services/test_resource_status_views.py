"""What a VO sees of the statuses of sites and resources."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from diracx_bridge.db.sql.resource_status.db import ElementStatus
from diracx_bridge.services.rss.views import ACCESS, View

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, 12, 30, 5, tzinfo=UTC)


def site(name: str, status: str, vo: str = "all", reason: str = "why", date: datetime = OLD) -> ElementStatus:
    return ElementStatus("Site", name, "all", vo, status, reason, date)


def storage(name: str, vo: str = "all", **statuses: str) -> list[ElementStatus]:
    return [
        ElementStatus("StorageElement", name, access, vo, statuses[member], "why", OLD)
        for access, member in ACCESS.items()
        if member in statuses
    ]


def seen(kind: str, vo: str, rows: list[ElementStatus]) -> dict[str, object]:
    found: dict[str, object] = json.loads(View.of(kind, vo, rows).body)
    return found


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Active", {"allowed": True, "warnings": None}),
        ("Degraded", {"allowed": True, "warnings": "why"}),
        *((each, {"allowed": False, "reason": "why"}) for each in ("Banned", "Probing", "Error", "Unknown", "", "Odd")),
    ],
)
def test_active_and_degraded_allow_and_everything_else_does_not(status: str, expected: dict[str, object]) -> None:
    assert seen("site", "v", [site("A", status)]) == {"A": {"all": expected}}


def test_the_status_for_a_vo_stands_before_that_for_all() -> None:
    rows = [site("A", "Banned", "v"), site("A", "Active"), site("B", "Active"), site("B", "Banned", "other")]
    for order in (rows, rows[::-1]):
        allowed = {name: element["all"]["allowed"] for name, element in seen("site", "v", order).items()}  # type: ignore[index]
        assert allowed == {"A": False, "B": True}


def test_a_storage_element_needs_all_four_statuses_from_wherever() -> None:
    whole = dict.fromkeys(("read", "write", "check", "remove"), "Active")
    rows = [
        *storage("whole", **whole),
        *storage("part", read="Active", write="Active", check="Active"),
        *storage("mixed", read="Active", write="Active", check="Active"),
        *storage("mixed", "v", remove="Banned", read="Banned"),
    ]
    found = seen("storage", "v", rows)
    assert found.keys() == {"mixed", "whole"}
    assert {name: status["allowed"] for name, status in found["mixed"].items()} == {  # type: ignore[attr-defined]
        "read": False,
        "write": True,
        "check": True,
        "remove": False,
    }
    assert seen("storage", "other", rows).keys() == {"whole"}


def test_kinds_do_not_mix() -> None:
    rows = [
        site("A", "Active"),
        ElementStatus("ComputingElement", "ce", "all", "all", "Active", "", OLD),
        ElementStatus("FTS", "fts", "all", "all", "Active", "", OLD),
        ElementStatus("Catalog", "fc", "all", "all", "Active", "", OLD),
    ]
    assert [list(seen(kind, "v", rows)) for kind in ("site", "compute", "fts", "storage")] == [
        ["A"],
        ["ce"],
        ["fts"],
        [],
    ]


def test_equal_content_has_equal_tags_and_other_content_others() -> None:
    rows = [site("A", "Banned"), site("B", "Active")]
    one = View.of("site", "v", rows)
    assert View.of("site", "v", rows[::-1]).etag == one.etag
    assert View.of("site", "other", rows).etag != one.etag
    for changed in (site("A", "Banned", reason="another"), site("A", "Active")):
        assert View.of("site", "v", [changed, rows[1]]).etag != one.etag
    assert gzip.decompress(one.body_gzip) == one.body


def test_a_client_that_has_it_gets_nothing_new() -> None:
    view = View.of("site", "v", [site("A", "Active"), site("B", "Active", date=NEW)])
    assert view.last_modified == "Sun, 01 Feb 2026 12:30:05 GMT"
    bare = view.etag.strip('"')
    for tags in (view.etag, bare, f'"x", {view.etag}', f"W/{view.etag}", view.etag_gzip, "*"):
        assert view.not_modified(if_none_match=tags), tags
    assert view.not_modified(if_modified_since=view.last_modified)
    assert not view.not_modified(if_none_match='"x"', if_modified_since=view.last_modified)
    assert not view.not_modified(if_modified_since="Sun, 01 Feb 2026 12:30:04 GMT")
    assert not view.not_modified()


def test_nothing_is_an_answer_too() -> None:
    view = View.of("site", "v", [])
    assert (view.body, view.last_modified) == (b"{}", "Thu, 01 Jan 1970 00:00:00 GMT")
