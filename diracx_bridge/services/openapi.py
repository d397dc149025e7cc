"""The OpenAPI document in the dialect of DiracX 0.7.0: version 3.0.2, which its client generator understands."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

DROPPED = frozenset({"const", "propertyNames"})
"""Keywords of OpenAPI 3.1 without a counterpart in 3.0."""


def install(app: FastAPI) -> None:
    """Let ``app`` describe itself; the document is made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            made["openapi"] = "3.0.2"
            for operations in made["paths"].values():
                for operation in operations.values():
                    operation["responses"].pop("422", None)
                    for content in operation.get("requestBody", {}).get("content", {}).values():
                        _name(content, made)
            app.openapi_schema = downgrade(made)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _name(content: dict[str, Any], document: dict[str, Any]) -> None:
    """Put the schema of a form that a route describes itself among the others, under its title."""
    name = str(content["schema"].get("title", ""))
    if name.startswith("Body_"):
        document["components"]["schemas"][name] = content["schema"]
        content["schema"] = {"$ref": f"#/components/schemas/{name}"}


def downgrade(node: Any) -> Any:
    """``node`` in the terms of OpenAPI 3.0: a union with null becomes ``nullable`` beside what it is a union of.

    >>> downgrade({"anyOf": [{"type": "string"}, {"type": "null"}]})
    {'anyOf': [{'type': 'string'}], 'nullable': True, 'type': 'string'}
    """
    if isinstance(node, list):
        return [downgrade(item) for item in node]
    if not isinstance(node, dict):
        return node
    lowered = {key: downgrade(value) for key, value in node.items() if key not in DROPPED}
    variants = lowered.get("anyOf")
    if isinstance(variants, list) and {"type": "null"} in variants:
        others = [variant for variant in variants if variant != {"type": "null"}]
        lowered |= {"anyOf": others, "nullable": True}
        if len(others) == 1:
            lowered |= others[0]
    return lowered
