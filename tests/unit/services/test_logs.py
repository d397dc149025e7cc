"""Log lines."""

from __future__ import annotations

import json
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.services.logs import plain_line

SCRIPT = """
import logging, structlog
from diracx_bridge.services.logs import configure
configure("INFO", {style!r})
log = structlog.get_logger("diracx_bridge.test")
log.debug("hidden")
with structlog.contextvars.bound_contextvars(request_id="r1"):
    log.info("done", user="a b", jobs={{1: "x"}})
try:
    1 / 0
except ZeroDivisionError as error:
    log.error("broken", exc_info=error)
logging.getLogger("uvicorn.error").warning("from a library")
logging.getLogger("httpx").info("HTTP Request: GET https://example.org/?secret")
"""


def lines(style: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(style=style)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
    return done.stderr


def test_lines_for_machines_are_json_objects() -> None:
    first, second, third = [json.loads(line) for line in lines("json").splitlines()]
    assert (first["event"], first["level"], first["logger"]) == ("done", "info", "diracx_bridge.test")
    assert (first["user"], first["jobs"], first["request_id"]) == ("a b", {"1": "x"}, "r1")
    assert first["timestamp"].endswith("Z")
    assert "ZeroDivisionError: division by zero" in second["exception"]
    assert (third["event"], third["level"]) == ("from a library", "warning")


def test_lines_for_people_name_the_facts_and_show_the_traceback() -> None:
    told = lines("text")
    first, second, *trace = told.splitlines()
    assert " [info     ] done " in first
    assert first.endswith("jobs={1: 'x'} logger=diracx_bridge.test request_id=r1 user='a b'")
    assert " [error    ] broken " in second
    assert trace[0].startswith("Traceback")
    assert "from a library" in trace[-1]
    assert "secret" not in told


@given(st.dictionaries(st.sampled_from(["user", "scope", "reason"]), st.text(max_size=50), min_size=1))
def test_what_a_caller_sent_makes_no_line_and_no_fact_of_its_own(facts: dict[str, str]) -> None:
    line = plain_line(None, "", {"timestamp": "t", "level": "info", "event": "e", **facts})
    assert line.isprintable()
    rest = line.partition(" [info     ] ")[2][30:].strip()
    for name in sorted(facts):
        assert rest.startswith(f"{name}=")
        shown = repr(facts[name]) if rest[len(name) + 1 : len(name) + 2] in ("'", '"') else facts[name]
        assert rest[len(name) + 1 :].startswith(shown)
        rest = rest[len(name) + 1 + len(shown) :].lstrip()
    assert rest == ""
