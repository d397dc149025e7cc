"""How commands fail: one line on standard error, a hint, and an exit code that scripts can rely on."""

from __future__ import annotations

from typing import Final, NamedTuple

from diracx_bridge.core.errors import (
    BridgeError,
    LoginNeeded,
    NotAllowed,
    NotAuthenticated,
    NothingThere,
    PermissionDenied,
    ServerRefused,
    Unavailable,
)


class Kind(NamedTuple):
    """An exit code and what it says."""

    code: int
    meaning: str
    errors: tuple[type[BridgeError], ...] = ()


DONE: Final = Kind(0, "done")
FAILED: Final = Kind(1, "failed, for any other reason")
USAGE: Final = Kind(2, "wrong usage: an unknown option, a missing argument")
LOGIN: Final = Kind(3, "not logged in, or the login is over", (LoginNeeded, NotAuthenticated))
FORBIDDEN: Final = Kind(4, "not allowed", (NotAllowed, PermissionDenied))
ABSENT: Final = Kind(5, "what was asked for does not exist", (NothingThere,))
UNAVAILABLE: Final = Kind(6, "the server does not answer, or not in time", (Unavailable,))
PARTLY: Final = Kind(7, "some of the jobs failed, the others are done")
KINDS: Final = (DONE, FAILED, USAGE, LOGIN, FORBIDDEN, ABSENT, UNAVAILABLE, PARTLY)
"""The exit codes of the commands for users; groups for administrators document their own."""


def exit_code(error: BridgeError) -> int:
    """The exit code that says what kind of error this is."""
    return next((kind.code for kind in KINDS if kind.errors and isinstance(error, kind.errors)), FAILED.code)


def explanation(error: BridgeError) -> str:
    """The error in one line, with what the user can do."""
    text = " ".join(str(error).split())
    hint = error.hint if isinstance(error, ServerRefused) else ""
    return f"{text} ({hint})" if hint else text
