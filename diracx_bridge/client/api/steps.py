"""Operations as steps without I/O, so that both faces of the client perform the same ones."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from diracx_bridge.core.errors import NoRoute, ServerRefused

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the server; the step gives the response, or raises what the server's error means.

    ``operation`` says in words what is asked for ("read job parameters"): official servers lack some routes, and the
    error then names what they can't do.
    """

    method: str
    path: str
    json: Any = None
    params: dict[str, Any] = field(default_factory=dict)
    operation: str = ""
    form: dict[str, str] | None = None

    def arguments(self) -> dict[str, Any]:
        """The arguments of the client's ``request``."""
        body: dict[str, Any] = {} if self.json is None else {"json": self.json}
        if self.form is not None:
            body = {"data": self.form}
        return {"method": self.method, "path": self.path, **body, **({"params": self.params} if self.params else {})}

    def explained(self, error: ServerRefused) -> ServerRefused:
        """``error``, or what it means if the server has no such route."""
        if self.operation and (error.status == 405 or (error.status == 404 and error.detail == "Not Found")):
            return NoRoute(error.status, self.operation)
        return error


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Work:
    """Something that takes time in this process, such as packing files; the step gives what it returns."""

    function: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A file that goes to or comes from another server by a presigned URL: no token is sent there.

    With ``upload`` the form ``fields`` and then the file are posted; otherwise the answer is written to ``path``.
    """

    url: str
    path: Any
    upload: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    progress: Callable[[int], None] | None = None


Step = Call | Pause | Work | Transfer
Steps = Generator[Step, Any, T]


def json_of(response: httpx.Response) -> Any:
    """The JSON of an answer; None if it has no body."""
    return response.json() if response.content else None
