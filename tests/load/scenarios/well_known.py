"""`/.well-known`: documents that anybody may read."""

from __future__ import annotations

from tests.load.scenarios import Case, always
from tests.load.target import Target


def cases(target: Target) -> list[Case]:
    """Three documents, and one of them with 16 clients."""

    def get(name: str) -> bytes:
        return target.request("GET", f"/.well-known/{name}", signed=False)

    return [
        Case("well_known/openid-configuration", always(get("openid-configuration"))),
        Case("well_known/jwks.json", always(get("jwks.json"))),
        Case("well_known/dirac-metadata", always(get("dirac-metadata")), same_answer=True),
        Case("well_known/jwks.json-c16", always(get("jwks.json")), most=8000, clients=16),
    ]
