"""What is said of arguments that are not of the declared types."""

from __future__ import annotations

from typing import Any

import pytest

from diracx_bridge.legacy_adapters.contract import wrong_types
from diracx_bridge.legacy_adapters.dispatch.call import method_of
from diracx_bridge.legacy_adapters.job_state_update import CONTRACT


@pytest.mark.parametrize(
    ("method", "arguments", "told"),
    [
        ("setJobSite", (1, "LCG.A.org"), None),
        ("setJobSite", ("1", "LCG.A.org"), None),
        ("setJobStatus", (1, "Done", "", "me", "2026-01-01 00:00:00", True), None),
        (
            "setJobSite",
            (1, 5),
            "Type mismatch in parameter 1 (starting with param 0) Received <class 'int'>, expected <class 'str'>",
        ),
        (
            "setJobSite",
            (None, "x"),
            "Type mismatch in parameter 0 (starting with param 0) Received <class 'NoneType'>, "
            "expected [<class 'str'>, <class 'int'>]",
        ),
        ("setJobSite", (1,), "Function setJobSite expects at least 2 arguments"),
        ("setJobSite", (), "Function setJobSite expects at least 2 arguments"),
    ],
)
def test_arguments_are_checked_as_a_diset_service_does(
    method: str, arguments: tuple[Any, ...], told: str | None
) -> None:
    known = method_of(CONTRACT, method)
    assert known is not None
    assert wrong_types(known, arguments) == told
