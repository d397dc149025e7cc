"""The contract is that of the real handler."""

from __future__ import annotations

from pathlib import Path

import pytest

from diracx_bridge.legacy_adapters.registry import BUILT_IN
from tests.servers.legacy import Legacy

SCRIPT = Path(__file__).parent / "scripts" / "handler_contract.py"


@pytest.mark.parametrize("service", BUILT_IN)
def test_contract_has_the_methods_arguments_types_and_callers_of_the_handler(service: str, legacy: Legacy) -> None:
    name = service.rpartition("/")[2]
    module = f"DIRAC.WorkloadManagementSystem.Service.{name}Handler"
    handler = legacy.run(SCRIPT, module, f"{name}HandlerMixin")
    ours = {}
    for method in BUILT_IN[service].contract.methods:
        arguments = [(argument.name, argument.default) for argument in method.arguments]
        types = [list(argument.types) for argument in method.arguments if argument.types]
        ours[method.name] = (arguments, types, list(method.callers))
    assert ours == handler


def test_dirac_own_unit_tests_of_the_handler_pass_with_ours(legacy: Legacy) -> None:
    found = legacy.run(
        SCRIPT.with_name("handler_unit_tests.py"),
        "DIRAC.WorkloadManagementSystem.Service.test.Test_JobStateUpdateHandler",
        "DIRAC.WorkloadManagementSystem.Service.JobStateUpdateHandler",
        "JobStateUpdateHandlerMixin",
        "diracx_bridge.legacy_adapters.dirac.handlers.JobStateUpdateHandler",
        "RoutedJobStateUpdate",
        bridge=True,
    )
    assert found["ours"], found
    assert found["code"] == 0
    assert found["outcomes"]["passed"] > 50
    assert set(found["outcomes"]) == {"passed"}
