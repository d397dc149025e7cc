"""The index template of job parameters: the one that DIRAC 9.1 makes, under the prefix of the installation."""

from __future__ import annotations

from typing import Any, Final

from opensearchpy import AsyncOpenSearch

from diracx_bridge.db.os.mapping import FIELDS

NAME: Final = "elasticjobparametersdb"
PRIORITY: Final = 1


def template_body(prefix: str) -> dict[str, Any]:
    """What new indices ``<prefix>job_parameters_*`` get: one shard, one replica, DIRAC's types."""
    return {
        "index_patterns": [f"{prefix}job_parameters_*"],
        "priority": PRIORITY,
        "template": {
            "settings": {"index": {"number_of_shards": 1, "number_of_replicas": 1}},
            "mappings": {"properties": FIELDS},
        },
    }


async def put_template(client: AsyncOpenSearch, prefix: str) -> str:
    """Create or replace the template; returns its name.

    A template with the same pattern is replaced under the name that it has (OpenSearch refuses a second one of the same
    priority): legacy DIRAC uses one name whatever the prefix, so ours has the prefix in its name.
    """
    body = template_body(prefix)
    existing = [name for name, found in await same_pattern(client, prefix) if found.get("priority") == PRIORITY]
    name = existing[0] if existing else prefix + NAME
    await client.indices.put_index_template(name=name, body=body)
    return name


async def same_pattern(client: AsyncOpenSearch, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    """Names and bodies of the templates for exactly the indices ``<prefix>job_parameters_*``."""
    answer = await client.indices.get_index_template()
    pattern = template_body(prefix)["index_patterns"]
    return [
        (found["name"], found["index_template"])
        for found in answer["index_templates"]
        if found["index_template"]["index_patterns"] == pattern
    ]
