"""Conditions and sort keys on the command line."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from diracx_bridge.cli.jobs.conditions import condition, sort_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Status eq Running", {"parameter": "Status", "operator": "eq", "value": "Running"}),
        ("JobID > 17", {"parameter": "JobID", "operator": "gt", "value": 17}),
        ("JobName not like a%", {"parameter": "JobName", "operator": "not like", "value": "a%"}),
        ("MinorStatus = Watchdog identified stall", {"operator": "eq", "value": "Watchdog identified stall"}),
        ('Status in ["Done", "Failed"]', {"operator": "in", "values": ["Done", "Failed"]}),
        ("JobID not in 1,2", {"operator": "not in", "values": [1, 2]}),
        ("Site in LCG.A.org, 1", {"operator": "in", "values": ["LCG.A.org", "1"]}),
    ],
)
def test_conditions_are_what_the_api_takes(text: str, expected: dict[str, Any]) -> None:
    assert condition(text).items() >= expected.items()


@pytest.mark.parametrize("text", ["", "Status", "Status Running", "Status between 1 2", "Status in [1"])
def test_what_is_no_condition_is_wrong_usage(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        condition(text)


def test_sort_keys_have_a_direction() -> None:
    assert sort_key("JobID:desc") == {"parameter": "JobID", "direction": "desc"}
    assert sort_key("JobID")["direction"] == "asc"
    with pytest.raises(typer.BadParameter, match="asc or desc"):
        sort_key("JobID:up")
