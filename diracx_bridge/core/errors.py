"""The errors of the bridge.

    BridgeError
    ├── InvalidInput              what the caller sent can't be accepted as it is
    │   ├── InvalidQuery          a search or summary names a column, operator or value that does not fit
    │   └── InvalidGrant          an OAuth request is malformed or its grant is no longer good
    ├── NotAuthenticated          no credential, or one that does not hold
    ├── PermissionDenied          a credential that holds, but does not allow this
    ├── NotFound                  the thing asked for does not exist
    │   └── JobsNotFound          some of the jobs asked for do not exist
    ├── AlreadyExists             what is to be made is there already
    ├── TooManyRequests           the caller asks more often than the installation allows
    ├── Unavailable               something that is needed does not answer now; trying again later is right
    │   └── BadAnswer             another service answers, but not as it should
    ├── SetupError                the installation can't work as it is set up
    │   ├── ConfigurationError    the content of the configuration is wrong
    │   ├── SettingsError         an environment variable or a command line option is wrong
    │   └── ExtensionError        an entry point can't be used
    ├── ServerRefused             (client side) a DiracX server answered with an error
    │   ├── LoginNeeded           401: no token, or one that is not good (any more)
    │   ├── NotAllowed            403: the token is good but does not allow this
    │   ├── NothingThere          404: what was asked for does not exist
    │   │   └── NoRoute           404, 405: this server has no such operation
    │   ├── BadRequest            400, 422: the server does not accept what was sent
    │   └── ServerDefect          500: a fault of the server
    └── LegacyError               (adapters) what the legacy service would have answered as S_ERROR
        └── NoEquivalent          the DiracX server has no route for what the legacy method does

Messages say what was wrong, with which input, and what to do. They never hold secrets. Nothing here knows HTTP
or DIRAC: ``services/problems.py`` maps these classes to HTTP problems, the doors of ``legacy_adapters`` to S_ERROR.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

EMYSQL: Final = 1131
"""DIRAC's error number for a statement that MySQL refused (``DIRACCommon.Core.Utilities.DErrno``)."""


class BridgeError(Exception):
    """Base of everything that the bridge raises on purpose; ``str(error)`` is fit to be shown to users."""


class InvalidInput(BridgeError):
    """What the caller sent can't be accepted as it is."""


class InvalidQuery(InvalidInput):
    """A search, sort or grouping that the data can't answer."""


class InvalidGrant(InvalidInput):
    """An OAuth request that is refused; ``code`` is its RFC 6749 section 5.2 error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotAuthenticated(BridgeError):
    """No credential was presented, or it does not hold."""


class PermissionDenied(BridgeError):
    """The caller is known, but may not do this."""


class NotFound(BridgeError):
    """The thing asked for does not exist."""


class AlreadyExists(BridgeError):
    """What is to be made is there already."""


class JobsNotFound(NotFound):
    """Jobs that do not exist; ``job_ids`` lists them in ascending order."""

    def __init__(self, job_ids: Iterable[int]) -> None:
        self.job_ids = sorted(job_ids)
        shown = ", ".join(map(str, self.job_ids[:20])) + (" ..." if len(self.job_ids) > 20 else "")
        super().__init__(f"No such job: {shown}" if len(self.job_ids) == 1 else f"No such jobs: {shown}")


class Unavailable(BridgeError):
    """Something that is needed does not answer now; ``retry_after`` is the advised wait in seconds.

    ``unsent`` (client side): whatever was asked for has surely not been carried out.
    """

    def __init__(self, message: str, *, retry_after: int = 10, unsent: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.unsent = unsent


class BadAnswer(Unavailable):
    """Another service that is needed answers, but not as it should."""


class TooManyRequests(BridgeError):
    """The caller asks too often; ``retry_after`` is the time in seconds until the next request is welcome."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SetupError(BridgeError):
    """The installation can't work as it is set up."""


class ConfigurationError(SetupError):
    """The content of the configuration, legacy or typed, is wrong."""


class SettingsError(SetupError):
    """An environment variable or a command line option is missing or wrong."""


class ExtensionError(SetupError):
    """An entry point names something that can't be loaded or does not fit its group."""


class ServerRefused(BridgeError):
    """A DiracX server answered with an error.

    ``status`` is the HTTP status, ``detail`` the server's explanation (text or structure), ``request_id`` what the
    server's log calls this request, if it said so, ``code`` the OAuth error code, if it is one, ``hint`` what the user
    can do, one line without a full stop.
    """

    hint = ""

    def __init__(self, status: int, detail: object, *, request_id: str | None = None, code: str = "") -> None:
        text = detail if isinstance(detail, str) else repr(detail)
        super().__init__(f"{status}: {text}" + (f" (request {request_id})" if request_id else ""))
        self.status = status
        self.code = code
        self.detail = detail
        self.request_id = request_id


class LoginNeeded(ServerRefused):
    """There is no token, or it is not good (any more)."""

    hint = "log in with `diracx-bridge login`"


class NotAllowed(ServerRefused):
    """The token is good but does not allow this."""

    hint = "see `diracx-bridge whoami`; another group may be allowed to (`diracx-bridge login VO --group GROUP`)"


class NothingThere(ServerRefused):
    """What was asked for does not exist."""


class NoRoute(NothingThere):
    """This server has no such operation; ``operation`` says which."""

    hint = "ask for a diracx-bridge server: official DiracX servers don't have all operations"

    def __init__(self, status: int, operation: str) -> None:
        super().__init__(status, f"this server can't {operation}: it has no route for it")
        self.operation = operation


class BadRequest(ServerRefused):
    """The server does not accept what was sent; the detail says why."""


class ServerDefect(ServerRefused):
    """A fault of the server, not of the caller."""

    hint = "report it to the administrators with the request id"


class LegacyError(BridgeError):
    """What the legacy method would have answered as S_ERROR: its ``Message`` is the text, ``errno`` its ``Errno``."""

    def __init__(self, message: str, *, errno: int = 0) -> None:
        super().__init__(message)
        self.errno = errno

    @classmethod
    def of_mysql(cls, detail: object) -> LegacyError:
        """A value that the database refused, in the form of DIRAC's ``S_ERROR(EMYSQL, detail)``."""
        return cls(f"MySQL Error ( {EMYSQL} : {detail})", errno=EMYSQL)


class NoEquivalent(LegacyError):
    """The DiracX server has no route that does what the legacy method does."""
