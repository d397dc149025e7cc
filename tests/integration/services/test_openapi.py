"""Our OpenAPI document against that of DiracX 0.7.0: every path of it is served, and ours beside them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from diracx_bridge.services.app import create_app
from tests.installation import settings_for

UPSTREAM: dict[str, Any] = json.loads((Path(__file__).parent / "diracx-0.7.0-openapi.json").read_text())
OURS_ALONE = {
    "/api/bridge/jobs/attributes",
    "/api/bridge/ledger",
    "/api/bridge/ledger/calls",
    "/api/bridge/ledger/mismatches",
    "/api/bridge/ledger/mismatches/{fingerprint}",
    "/api/bridge/rehearsals",
    "/api/bridge/rehearsals/hidden",
    "/api/bridge/rehearsals/state",
    "/api/jobs/attributes",
    "/api/jobs/confirm",
    "/api/jobs/delete",
    "/api/jobs/input-data",
    "/api/jobs/kill",
    "/api/jobs/log",
    "/api/jobs/parameters",
    "/api/jobs/parameters/search",
    "/api/jobs/remove",
    "/api/jobs/{job_id}/heartbeats",
    "/api/jobs/{job_id}/input-data",
    "/api/jobs/{job_id}/jdl",
    "/api/jobs/{job_id}/log",
    "/api/jobs/{job_id}/parameters",
}
IGNORED = {"description", "title", "summary", "example", "examples"}
"""Words for people: ours in our document, left out of the copy of upstream's."""


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = create_app(settings_for(tmp_path_factory.mktemp("openapi"), {}))
    return app.openapi()


def bare(node: Any, *, in_properties: bool = False) -> Any:
    """``node`` without words for people; properties may be called like them."""
    if isinstance(node, list):
        return [bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: bare(value, in_properties=key == "properties" and not in_properties)
        for key, value in node.items()
        if in_properties or key not in IGNORED
    }


def used_schemas(node: Any, document: dict[str, Any], found: set[str]) -> set[str]:
    if isinstance(node, dict):
        name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
        if name and name not in found:
            found.add(name)
            used_schemas(document["components"]["schemas"][name], document, found)
        for value in node.values():
            used_schemas(value, document, found)
    elif isinstance(node, list):
        for value in node:
            used_schemas(value, document, found)
    return found


def test_every_path_and_operation_of_upstream_is_served_with_equal_parameters(ours: dict[str, Any]) -> None:
    paths = set(ours["paths"]) - OURS_ALONE
    assert paths == set(UPSTREAM["paths"])
    for path in paths:
        assert bare(ours["paths"][path]) == UPSTREAM["paths"][path], path


THROUGH = {"jobs_initiate_sandbox_upload": "create_sandbox", "jobs_get_sandbox_file": "download_sandbox"}
"""Operations that the official client's users reach by a function of `diracx.api`."""


def test_the_official_client_exercises_every_operation_on_jobs_pilots_and_resource_status() -> None:
    scripts = "".join(path.read_text() for path in Path(__file__).parent.glob("official_*.py"))
    for path, item in UPSTREAM["paths"].items():
        if path.startswith(("/api/jobs", "/api/pilots", "/api/rss")):
            for operation in item.values():
                tag, _, method = operation["operationId"].partition("_")
                called = THROUGH.get(operation["operationId"], f".{tag}.{method}")
                assert re.search(rf"{re.escape(called)}\b", scripts), f"no official_*.py calls {called}"


def test_schemas_are_those_of_upstream(ours: dict[str, Any]) -> None:
    paths = {path: ours["paths"][path] for path in set(ours["paths"]) - OURS_ALONE}
    names = used_schemas(paths, ours, set())
    assert len(names) > 15
    for name in names:
        mine, theirs = (d["components"]["schemas"][name] for d in (ours, UPSTREAM))
        assert bare(mine) == theirs, name


def test_the_document_is_of_the_version_that_the_official_generator_reads(ours: dict[str, Any]) -> None:
    assert ours["openapi"] == UPSTREAM["openapi"]
    assert ours["components"]["securitySchemes"] == UPSTREAM["components"]["securitySchemes"]
    assert "422" not in json.dumps([list(o["responses"]) for p in ours["paths"].values() for o in p.values()])
