"""The page of the errors and exit codes."""

from __future__ import annotations

import inspect

from pages.markdown import first_paragraph, page, table

from diracx_bridge.cli.cs.exit_codes import MEANINGS
from diracx_bridge.cli.failures import KINDS
from diracx_bridge.core import errors
from diracx_bridge.services.problems import STATUS


def errors_page() -> str:
    """Every error class with its HTTP status, and the exit codes."""
    classes = [kind for kind in vars(errors).values() if inspect.isclass(kind) and issubclass(kind, errors.BridgeError)]
    rows = (
        (f"`{k.__name__}`", f"`{k.__bases__[0].__name__}`", _status(k), first_paragraph(k.__doc__)) for k in classes
    )
    return page(
        "Errors",
        "Every error that is raised on purpose is one of these. HTTP bodies are JSON with `detail`; a 503 has "
        "`Retry-After`, a 401 `WWW-Authenticate`. A body or parameter of the wrong shape is 422, a defect of the "
        "service 500. Each answer has `X-Request-Id`, "
        "which the log has too.",
        table(("error", "is a", "HTTP status", "meaning"), rows),
        "## At the legacy side",
        "Methods of a client that goes through an adapter never raise: they return `S_ERROR` with the text of the "
        "error. `Errno` is that of the legacy service where the adapter stands in for an answer of it, else 0.",
        "## Exit codes",
        "`--debug` before the command shows the traceback of an error.",
        table(
            ("code", "command", "meaning"),
            [
                *((str(kind.code), "all", kind.meaning) for kind in KINDS),
                ("1", "`db check`", "a finding keeps the services from working"),
                ("1", "`demo --exit`", "a call did not do what it should"),
                *((str(int(code)), "`cs`", meaning) for code, meaning in MEANINGS.items()),
            ],
        ),
    )


def _status(kind: type[errors.BridgeError]) -> str:
    if issubclass(kind, errors.InvalidGrant):
        return "400, or 401 for `invalid_client`"
    if issubclass(kind, errors.ServerRefused):
        return "client side only"
    if issubclass(kind, errors.SetupError):
        return "500; most keep the service from starting"
    return str(next((code for base, code in STATUS if issubclass(kind, base)), 500))
