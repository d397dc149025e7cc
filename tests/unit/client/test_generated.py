"""The generated layer is current, light and complete."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
OPENAPI = ROOT / "diracx_bridge/client/openapi.json"


def test_generated_code_is_what_the_generator_makes_of_the_openapi_file() -> None:
    tool = ROOT / "tools/generate_client.py"
    checked = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_openapi_file_is_what_the_services_say_of_themselves() -> None:
    tool = runpy.run_path(str(ROOT / "tools/generate_client.py"))
    assert tool["as_text"](tool["openapi_of_the_services"]()) == OPENAPI.read_text(), (
        "run `make client ARGS=--from-app`"
    )


GROUPS = ("auth", "bridge", "config", "jobs", "pilots", "rss", "well_known")


def test_every_operation_of_the_openapi_file_has_a_method() -> None:
    from diracx_bridge.client import AsyncDiracxClient, FixedToken, SyncDiracxClient

    paths = json.loads(OPENAPI.read_text())["paths"]
    names = [operation["operationId"].lstrip(".").replace("-", "_") for p in paths.values() for operation in p.values()]
    for face in (SyncDiracxClient, AsyncDiracxClient):
        made = face("http://localhost", tokens=FixedToken(""))
        for name in names:
            group = next(group for group in GROUPS if name.startswith(group))
            assert callable(getattr(getattr(made, group), name.removeprefix(f"{group}_")))


def test_importing_client_and_adapter_loads_no_server_library_and_no_unused_model() -> None:
    script = """
import sys
from diracx_bridge.client import SyncDiracxClient, FixedToken
from diracx_bridge.legacy_adapters.job_state_update import JobStateUpdate
JobStateUpdate(SyncDiracxClient("http://localhost", tokens=FixedToken("")))
heavy = {"pydantic", "fastapi", "sqlalchemy", "opensearchpy", "yaml", "pygit2", "asyncio", "openapi_python_client"}
print(sorted(name for name in sys.modules if name in heavy or ".generated.models." in name))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
