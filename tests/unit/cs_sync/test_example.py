"""The project's own example is a clean production configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.convert import Result, convert
from diracx_bridge.cs_sync.finding_kinds import Severity
from diracx_bridge.cs_sync.secrecy import looks_secret
from diracx_bridge.cs_sync.tree import walk_options

EXAMPLE = Path(__file__).parents[3] / "examples" / "dirac.cfg"


@pytest.fixture(scope="module")
def result() -> Result:
    return convert(str(EXAMPLE))


def test_the_example_converts_without_error_or_warning(result: Result) -> None:
    assert {found.severity for found in result.findings} <= {Severity.NOTE}
    assert result.account.counts()["unknown"] == 0


def test_the_example_holds_no_secret(result: Result) -> None:
    assert not [option.name for option in walk_options(result.tree) if looks_secret(option.name, option.value)]


def test_the_example_has_the_groups_that_the_demo_uses(result: Result) -> None:
    vo = Config.model_validate(result.content).registry["gridlab"]
    alice = vo.subjects["alice"]
    assert {"gridlab_user", "gridlab_pilot", "gridlab_admin"} <= {
        name for name, group in vo.groups.items() if alice in group.users
    }
    assert "JobAdministrator" in vo.groups["gridlab_admin"].properties
    assert "GenericPilot" in vo.groups["gridlab_pilot"].properties


def test_the_example_switches_job_state_updates_to_diracx(result: Result) -> None:
    switch = result.tree.option("DiracX", "FutureClientEnabled", "WorkloadManagement", "JobStateUpdate")
    assert switch is not None
    assert switch.value == "yes"
