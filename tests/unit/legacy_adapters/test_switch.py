"""The switch of a service in the CS."""

from __future__ import annotations

import pytest

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.legacy_adapters.switch import is_on

SERVICE = "WorkloadManagement/JobStateUpdate"
NEW, OLD = f"/DiracX/FutureClientEnabled/{SERVICE}", f"/DiracX/LegacyClientEnabled/{SERVICE}"


@pytest.mark.parametrize("option", [NEW, OLD])
@pytest.mark.parametrize("value", ["y", "Yes", "TRUE", "1", " true "])
def test_service_is_on_when_one_of_the_options_is_true(option: str, value: str) -> None:
    assert is_on(SERVICE, {option: value}.get)


@pytest.mark.parametrize("value", ["n", "No", "false", "0", "", None])
def test_service_is_off_when_the_option_is_false_or_missing(value: str | None) -> None:
    assert not is_on(SERVICE, {NEW: value}.get)


def test_contradiction_names_both_options() -> None:
    with pytest.raises(ConfigurationError, match=f"{NEW} = yes and {OLD} = no contradict"):
        is_on(SERVICE, {NEW: "yes", OLD: "no"}.get)


def test_spelling_that_is_neither_yes_nor_no_names_the_option() -> None:
    with pytest.raises(ConfigurationError, match=f"{NEW} = 'enabled' is neither yes nor no"):
        is_on(SERVICE, {NEW: "enabled"}.get)
