"""Log lines: structured, with the id of the request they belong to; for people or as JSON."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Final

import orjson
import structlog
from structlog.types import Processor

from diracx_bridge.core.errors import SettingsError

_DIVIDES: Final = re.compile(r"[\s='\"]|^$")


def hide_locals() -> None:
    """Where nobody has set up logging, keep structlog's default from showing local variables, tokens among them."""
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            ]
        )


class _StandardError:
    """A logger that writes each line at once; the standard library's would cost more than the rest of a short request.

    ``name`` is what `structlog.get_logger` was called with.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def plain_line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """A line for people where there is no terminal: time, level, what happened, and the facts by name.

    >>> plain_line(None, "", {"timestamp": "12:00", "level": "info", "event": "done", "ip": "::1", "who": "a b"})
    "12:00 [info     ] done                           ip=::1 who='a b'"
    """
    time, level, what = event.pop("timestamp", ""), event.pop("level", ""), event.pop("event", "")
    trace = event.pop("exception", None)
    facts = " ".join(f"{name}={_value(event[name])}" for name in sorted(event))
    return f"{time} [{level:<9}] {what:<30} {facts}" + (f"\n{trace}" if trace else "")


def _value(value: object) -> str:
    if isinstance(value, str):
        # what a caller chose must not look like another fact or another line
        return value if value.isprintable() and not _DIVIDES.search(value) else repr(value)
    return str(value) if isinstance(value, int | float) else repr(value)


def _json(event: Any, default: Callable[[Any], Any], **_: Any) -> str:
    return orjson.dumps(event, default=default, option=orjson.OPT_NON_STR_KEYS).decode()


def configure(level: str, style: str) -> None:
    """Send everything that is logged in this process to standard error.

    Raises:
        SettingsError: no such level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise SettingsError(f"DIRACX_LOG_LEVEL: {level!r} is none of {', '.join(logging.getLevelNamesMapping())}")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Processor = plain_line
    if style == "json":
        renderer = structlog.processors.JSONRenderer(_json)
    elif sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer(colors=True)
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=_StandardError,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.INFO))
    for noisy in ("sqlalchemy", "aiosqlite", "opensearch", "asyncio", "httpx", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
