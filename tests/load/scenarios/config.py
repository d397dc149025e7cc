"""`/api/config`: the configuration, whole and unchanged."""

from __future__ import annotations

from tests.load.scenarios import Case, always
from tests.load.target import Target

PATH = "/api/config/"


def cases(target: Target) -> list[Case]:
    """All of it, plain and as clients that take gzip get it; and the answer that nothing changed."""
    tag = target.get(PATH).headers["ETag"]
    unchanged = always(target.request("GET", PATH, If_None_Match=tag))
    return [
        Case("config/200", always(target.request("GET", PATH)), most=1000, same_answer=True),
        Case("config/200-gzip", always(target.request("GET", PATH, Accept_Encoding="gzip")), most=1000),
        Case("config/304", unchanged, ok=(304,)),
        Case("config/304-c16", unchanged, ok=(304,), most=8000, clients=16),
    ]
