"""Routes that go to their endpoint at once.

FastAPI makes the OpenAPI document from an endpoint's signature, and solves the same signature anew for each request,
which costs more than the work of a small one and holds the event loop for the whole of a big body. Here the signature
is understood when the application is made, and big bodies are checked in slices.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, cast, get_origin, get_type_hints

from fastapi import Request, Response, params
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError, create_model
from pydantic_core import from_json
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

LARGE: Final = 64 * 1024
"""Bytes of a body; one that is larger is checked in slices."""
SLICE: Final = 250
"""Members of a body that are checked at once."""
NO_CONTENT: Final = 204

MARKS: Final = (params.Param, params.Body, params.Depends)

Dependency = Callable[[Request], Awaitable[Any]]


class _Parameter(NamedTuple):
    """A parameter that comes from the query, the path or the headers; ``default`` is ``...`` if it must be there."""

    name: str
    place: str
    key: str
    adapter: TypeAdapter[Any]
    default: Any


class _Body(NamedTuple):
    """The parameter ``name`` that is the whole body, or for None those that are members of it."""

    name: str | None
    adapter: TypeAdapter[Any]
    default: Any
    by_key: bool


class _Signature(NamedTuple):
    """What an endpoint has to be given."""

    request: str | None
    dependencies: Sequence[tuple[str, Dependency]]
    parameters: Sequence[_Parameter]
    body: _Body | None


class DirectRoute(APIRoute):
    """A route whose endpoint answers with a `Response`, or with None for "no content" or ``null``.

    Its parameters are the request, dependencies that take the request alone (`SignedIn`), which come first, single
    values of path, query and headers, and a JSON body or (``embed``) its members.

    Raises:
        TypeError: the endpoint has other parameters or answers, or the route has dependencies of its own, which would
            not be asked; when the route is made.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if self.dependencies:
            raise TypeError(f"{endpoint.__qualname__}: a direct route can't have dependencies that it is not given")
        self._signature = _understood(endpoint, frozenset(self.param_convertors))
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted, request = self._signature, Request(scope, receive, send)
        values: dict[str, Any] = {} if wanted.request is None else {wanted.request: request}
        for name, dependency in wanted.dependencies:
            values[name] = await dependency(request)
        faults: list[Any] = []
        for parameter in wanted.parameters:
            values[parameter.name] = _value(request, parameter, faults)
        if wanted.body is not None:
            body = await _body(request, wanted.body, faults)
            if wanted.body.name is not None:
                values[wanted.body.name] = body
            elif body is not None:
                values.update(vars(body))
        if faults:
            raise RequestValidationError(faults)
        response = await self.endpoint(**values)
        if response is None:
            status = self.status_code or 200
            response = Response(status_code=status) if status == NO_CONTENT else JSONResponse(None, status)
        await cast(Response, response)(scope, receive, send)


@cache
def _understood(endpoint: Callable[..., Any], in_path: frozenset[str]) -> _Signature:
    request, parameters, body = None, [], None
    dependencies: list[tuple[str, Dependency]] = []
    members: dict[str, Any] = {}
    hints = get_type_hints(endpoint, include_extras=True)
    answer = hints.get("return")
    if answer is not type(None) and not (isinstance(answer, type) and issubclass(answer, Response)):
        raise TypeError(f"{endpoint.__qualname__}: a direct route can't make a response of {answer}")
    for name, parameter in inspect.signature(endpoint).parameters.items():
        kind, default = hints[name], ... if parameter.default is parameter.empty else parameter.default
        marks = getattr(kind, "__metadata__", ())
        mark = next((m for m in marks if isinstance(m, MARKS)), None)
        plain = kind.__origin__ if marks else kind
        one = get_origin(plain) not in (list, set, tuple) and not isinstance(default, MARKS)
        if kind is Request:
            request = name
        elif isinstance(mark, params.Depends) and _takes_the_request(mark.dependency):
            dependencies.append((name, cast(Dependency, mark.dependency)))
        elif name in in_path and one:
            parameters.append(_Parameter(name, "path", name, TypeAdapter(kind), default))
        elif isinstance(mark, params.Header) and one:
            key = mark.alias or name.replace("_", "-")
            parameters.append(_Parameter(name, "header", key, TypeAdapter(kind), default))
        elif (isinstance(mark, params.Query) or (mark is None and default is not ...)) and one:
            key = (mark and mark.alias) or name
            parameters.append(_Parameter(name, "query", key, TypeAdapter(kind), default))
        elif isinstance(default, MARKS):
            raise TypeError(f"{endpoint.__qualname__}: write {name} as Annotated for a direct route")
        elif type(mark) is params.Body and mark.embed:
            members[name] = (kind, default)
        elif (mark is None or type(mark) is params.Body) and body is None:
            body = _Body(name, TypeAdapter(kind), default, get_origin(plain) is dict)
        else:
            raise TypeError(f"{endpoint.__qualname__}: a direct route can't give the parameter {name}")
    if members and body is not None:
        raise TypeError(f"{endpoint.__qualname__}: a direct route can't give a body and members of it")
    if members:
        body = _Body(None, TypeAdapter(create_model("Body", **members)), ..., by_key=False)
    return _Signature(request, dependencies, parameters, body)


def _takes_the_request(dependency: Any) -> bool:
    return dependency is not None and len(inspect.signature(dependency).parameters) == 1


def _value(request: Request, parameter: _Parameter, faults: list[Any]) -> Any:
    found: Any = {"path": request.path_params, "query": request.query_params, "header": request.headers}
    given = found[parameter.place].get(parameter.key)
    if given is None and parameter.default is not ...:
        return parameter.default
    place = (parameter.place, parameter.key)
    if given is None:
        faults.append(_missing(place))
        return None
    try:
        return parameter.adapter.validate_python(given)
    except ValidationError as error:
        faults += _located(error, place)
        return None


async def _body(request: Request, body: _Body, faults: list[Any]) -> Any:
    try:
        raw = await request.body()
    except ClientDisconnect:
        raise HTTPException(400, "The connection ended before the body did") from None
    if not raw and body.default is not ...:
        return body.default
    sent_as = request.headers.get("content-type", "application/json")
    if not raw and body.name is None:
        raw = b"{}"  # which names the members that must be there
    if not raw:
        faults.append(_missing(("body",)))
    elif not _is_json(sent_as):
        wanted = "Content-Type has to be application/json"
        faults.append({"type": "content_type", "loc": ("body",), "msg": wanted, "input": sent_as})
    else:
        try:
            if len(raw) > LARGE and body.by_key:
                return await _in_slices(raw, body.adapter, faults)
            return body.adapter.validate_json(raw)
        except ValidationError as error:
            faults += _located(error, ("body",))
    return None


async def _in_slices(raw: bytes, adapter: TypeAdapter[Any], faults: list[Any]) -> dict[Any, Any]:
    try:
        document = from_json(raw)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return cast(dict[Any, Any], adapter.validate_json(raw))  # which says what is wrong
    checked: dict[Any, Any] = {}
    members = list(document.items())
    for first in range(0, len(members), SLICE):
        await asyncio.sleep(0)
        try:
            checked.update(adapter.validate_python(dict(members[first : first + SLICE])))
        except ValidationError as error:
            faults += _located(error, ("body",))
    return checked


def _is_json(content_type: str) -> bool:
    main = content_type.partition(";")[0].strip().lower()
    return main == "application/json" or (main.startswith("application/") and main.endswith("+json"))


def _located(error: ValidationError, place: tuple[str, ...]) -> list[Any]:
    return [{**fault, "loc": (*place, *fault["loc"])} for fault in error.errors(include_url=False)]


def _missing(place: Sequence[str]) -> dict[str, Any]:
    return {"type": "missing", "loc": tuple(place), "msg": "Field required", "input": None}
