"""Whatever is sent to a route: never a 500, and a refusal says what was wrong.

Requests are made from our own OpenAPI document: members that fit, members that fit almost, and rubbish. The choice is
random with fixed seeds, so a failure comes again; it is told with the request.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest

from diracx_bridge.db.sql.job.schema import jobs as jobs_table
from diracx_bridge.db.sql.pilot_agents.schema import pilot_agents
from tests.installation import Installation
from tests.jobs import Jobs

EACH: Final = 12
"""Requests per operation and caller."""
CALLERS: Final = (("alice", "gridlab_user"), ("admin", "gridlab_admin"), ("pilot", "gridlab_pilot"))
COLUMNS: Final = [*jobs_table.columns.keys(), *pilot_agents.columns.keys(), "LoggingInfo", "GridCE", "timestamp", "x"]
TEXTS: Final = [
    "", " ", "\0", "a\0b", "é", "😀", "\ud800", "x" * 70_000, "'", '"', "\\", "%", "_", "[", "(", "*", ".", "None",
    "null", "True", "Failed", "0", "-1", "1.5", "1e400", "NaN", str(2**63), "9" * 40, "2024-02-30", "2024-13",
    "0000-00-00", "9999-12-31T23:59:59.999999Z", "2026-01-31T23:59:59+02:00", "2026-01-01T00:00:00", "10000-01-01",
    "Running", "' OR 1=1 --", "${jndi:x}", "../../etc/passwd", "/S3/b/vo/g/u/sha256:0.tar",
    "[Executable=", 'Executable = "x";',
    'Parameters = 3; Executable = "%s"', "Executable = {{{{", "(a+)+$",
]  # fmt: skip
NUMBERS: Final = [0, 1, -1, 7, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64, 10**40, -(10**40), 0.5, 1e308, -1e308]
RUBBISH: Final = [None, True, False, [], {}, [[]], [None], {"": None}, {"a": {"b": {"c": [1]}}}]
RAW: Final = [
    b"", b"{", b"[1,", b"nul", b"\xff\xfe", b'"\xc3\x28"', b"NaN", b"[NaN]", b'{"a": Infinity}', b"1e999", b"[" * 5000,
    b'{"1": {"1": 1}, "1": 2}', b'"' + b"x" * 100_000 + b'"', b'["\\ud800"]', b"\xef\xbb\xbf{}",
]  # fmt: skip


class Maker:
    """Makes values for the schemas of a document."""

    def __init__(self, document: dict[str, Any], seed: str, jobs: list[int]) -> None:
        self._schemas = document["components"]["schemas"]
        self._jobs = jobs
        self.chance = random.Random(seed)

    def value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """Something for ``schema``, mostly of its type."""
        if self.chance.random() < 0.12 or depth > 6:
            return self.chance.choice([*RUBBISH, self.text(), self.number()])
        if "$ref" in schema:
            return self.value(self._schemas[schema["$ref"].rpartition("/")[2]], depth + 1)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.value(self.chance.choice(schema[several]), depth + 1)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(self.chance.choice([0, 1, 1, 2, 3]))]
        if kind in ("integer", "number"):
            return self.chance.choice([*self._jobs, self.number()])
        if kind == "boolean":
            return self.chance.choice([True, False])
        return self.text()

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        made = {
            name: self.value(member, depth + 1)
            for name, member in schema.get("properties", {}).items()
            if name in schema.get("required", ()) or self.chance.random() < 0.5
        }
        further = schema.get("additionalProperties")
        if isinstance(further, dict):
            for _ in range(self.chance.choice([0, 1, 1, 2])):
                made[self._key()] = self.value(further, depth + 1)
        elif self.chance.random() < 0.1:
            made[self.text()] = self.number()
        return made

    def _key(self) -> str:
        return self.chance.choice([str(self.chance.choice(self._jobs)), "2040-01-01T00:00:00Z", self.text()])

    def text(self) -> str:
        return self.chance.choice([self.chance.choice(COLUMNS), self.chance.choice(TEXTS)])

    def number(self) -> int | float:
        return self.chance.choice(NUMBERS)


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of all routes of jobs, pilots and resource status."""
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if path.startswith(("/api/jobs/", "/api/pilots/", "/api/rss/", "/api/bridge/jobs/"))
    ]


def request_of(maker: Maker, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The arguments of one request: path, query and body."""
    query = {}
    for parameter in operation.get("parameters", ()):
        value = maker.value(parameter["schema"])
        text = value if isinstance(value, str) else json.dumps(value)
        text = text.encode(errors="replace").decode()[:2000]
        if parameter["in"] == "path":
            path = path.replace(
                f"{{{parameter['name']}}}", httpx.URL("/").copy_with(path="/" + text).raw_path.decode()[1:]
            )
        elif parameter.get("required") or maker.chance.random() < 0.6:
            query[parameter["name"]] = text
    body = operation.get("requestBody")
    if body is None:
        return {"url": path, "params": query}
    if maker.chance.random() < 0.1:
        return {"url": path, "params": query, "content": maker.chance.choice(RAW)}
    schema = body["content"]["application/json"]["schema"]
    return {"url": path, "params": query, "content": json.dumps(maker.value(schema)).encode()}


def problem_with(answer: httpx.Response) -> str | None:
    """What is wrong with an answer to whatever was asked."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:300]}"
    if answer.status_code >= 400:
        detail = answer.json().get("detail")
        if not detail or (isinstance(detail, str) and len(detail) < 5):
            return f"{answer.status_code} without explanation: {answer.text[:300]}"
        told = answer.text
        if any(leak in told for leak in ("Traceback", "sqlalchemy", "pymysql", "sqlite3.", "SELECT ", "INSERT INTO")):
            return f"{answer.status_code} tells how it is made: {told[:300]}"
    return None


async def test_nothing_that_is_sent_makes_a_500(installation: Installation, jobs: Jobs) -> None:
    document = installation.app.openapi()
    known = await jobs.add(3, Status="Running")
    problems = []
    for method, path, operation in operations(document):
        for user, group in CALLERS:
            maker = Maker(document, f"{method} {path} {user}", known)
            headers = {**await installation.headers(user, group), "Content-Type": "application/json"}
            for _ in range(EACH):
                request = request_of(maker, path, operation)
                answer = await installation.http.request(method, headers=headers, **request)
                if problem := problem_with(answer):
                    problems.append((method, {**request, "content": request.get("content", b"")[:400]}, user, problem))
    told = "\n".join(map(str, problems[:20]))
    assert not problems, f"{len(problems)} bad answers:\n{told}"


HELPFUL: Final[list[tuple[str, str, Callable[[int], Any], str]]] = [
    ("PATCH", "/api/jobs/status", lambda job: {job: {"2026-02-30T00:00:00Z": {"Status": "Done"}}}, "2026-02-30"),
    ("PATCH", "/api/jobs/status", lambda job: {job: {"2026-01-01T00:00:00+02:00": {}}}, "not in UTC"),
    ("PATCH", "/api/jobs/status", lambda job: {job: {"2026-01-01T00:00:00Z": {"Status": "Finished"}}}, "Running"),
    ("PATCH", "/api/jobs/heartbeat", lambda job: {job: {"Nonsense": 1}}, "Nonsense"),
    ("PATCH", "/api/jobs/metadata", lambda job: {job: {"PayloadPID": "many"}}, "PayloadPID"),
    ("PATCH", "/api/jobs/metadata", lambda job: {job: {"a..b": 1}}, "can't be the name of a parameter"),
    ("POST", "/api/jobs/search",
     lambda job: {"search": [{"parameter": "VerifiedFlag", "operator": "eq", "value": "maybe"}]}, "True, False"),
    ("POST", "/api/jobs/search",
     lambda job: {"search": [{"parameter": "SubmissionTime", "operator": "eq", "value": 5}]}, "a date like"),
    ("POST", "/api/jobs/search?page=0", lambda job: {}, "greater than or equal to 1"),
    ("POST", "/api/jobs/jdl", lambda job: ["Executable = "], "Executable"),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(HELPFUL)))
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_a_refusal_names_what_was_wrong(installation: Installation, jobs: Jobs, case: int) -> None:
    method, path, body, told = HELPFUL[case]
    (job,) = await jobs.add()
    answer = await installation.call(method, path, body(job))
    assert answer.status_code in (400, 422), answer.text
    assert told in answer.text
