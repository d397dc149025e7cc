"""The errors of the bridge.

    BridgeError
    ├── InvalidInput              what the caller sent can't be accepted as it is
    │   ├── InvalidQuery          a search or summary names a column, operator or value that does not fit
    │   └── InvalidGrant          an OAuth request is malformed or its grant is no longer good
    ├── NotAuthenticated          no credential, or one that does not hold
    ├── PermissionDenied          a credential that holds, but does not allow this
    ├── NotFound                  the thing asked for does not exist
    │   └── JobsNotFound          some of the jobs asked for do not exist
    ├── Unavailable               something that is needed does not answer now; trying again later is right
    ├── SetupError                the installation can't work as it is set up
    │   ├── ConfigurationError    the content of the configuration is wrong
    │   ├── SettingsError         an environment variable or a command line option is wrong
    │   └── ExtensionError        an entry point can't be used
    ├── ServerRefused             (client side) a DiracX server answered with an error
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


class JobsNotFound(NotFound):
    """Jobs that do not exist; ``job_ids`` lists them in ascending order."""

    def __init__(self, job_ids: Iterable[int]) -> None:
        self.job_ids = sorted(job_ids)
        shown = ", ".join(map(str, self.job_ids[:20])) + (" ..." if len(self.job_ids) > 20 else "")
        super().__init__(f"No such job: {shown}" if len(self.job_ids) == 1 else f"No such jobs: {shown}")


class Unavailable(BridgeError):
    """Something that is needed does not answer now; ``retry_after`` is the advised wait in seconds."""

    def __init__(self, message: str, *, retry_after: int = 10) -> None:
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
    server's log calls this request, if it said so.
    """

    def __init__(self, status: int, detail: object, *, request_id: str | None = None) -> None:
        text = detail if isinstance(detail, str) else repr(detail)
        super().__init__(f"{status}: {text}" + (f" (request {request_id})" if request_id else ""))
        self.status = status
        self.detail = detail
        self.request_id = request_id


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
