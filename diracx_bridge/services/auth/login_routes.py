"""``/api/auth/device`` and ``/api/auth/authorize``: the part of a login that a browser does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from diracx_bridge.core.errors import InvalidGrant
from diracx_bridge.core.models.auth import InitiateDeviceFlowResponse
from diracx_bridge.services.auth import authorization_flow, device_flow
from diracx_bridge.services.auth.audit import Attempt, attempt
from diracx_bridge.services.auth.oauth_route import BrowserRoute, page
from diracx_bridge.services.runtime import runtime_of

router = APIRouter(route_class=BrowserRoute)
NO_STORE: Final = {"Cache-Control": "no-store"}
FORM_TYPE: Final = "application/x-www-form-urlencoded"
FINISHED: Final = "Please close the window"
FORM: Final = (
    '<form method="get"><label>Code: <input name="user_code" autofocus required maxlength="20" '
    'autocomplete="off"></label> <button>Continue</button></form>'
)


def _query(*names: str) -> dict[str, Any]:
    """The description of query parameters that a standard answer has, but not every answer of a provider or user."""
    return {
        "parameters": [
            {"name": n, "in": "query", "required": True, "schema": {"type": "string", "title": n.title()}}
            for n in names
        ]
    }


Optional = Annotated[str, Query(include_in_schema=False)]


@router.post("/device", openapi_extra=_query("client_id", "scope"))
async def initiate_device_flow(
    request: Request, client_id: Optional = "", scope: Optional = ""
) -> InitiateDeviceFlowResponse:
    """Begin a login from a command line: it shows the user code, and asks /token until the user has logged in.

    The parameters are in the query, as the official client sends them, or in a form (RFC 8628).
    """
    app = runtime_of(request)
    if request.headers.get("content-type", "").startswith(FORM_TYPE):
        form = await request.form()
        client_id, scope = (
            sent or str(form.get(name, "")) for name, sent in (("client_id", client_id), ("scope", scope))
        )
    with _started(request, "device login", client_id=client_id, scope=scope) as current:
        for name, value in (("client_id", client_id), ("scope", scope)):
            if not value:
                raise InvalidGrant("invalid_request", f"{name} is missing")
        return await device_flow.begin(
            app.auth,
            app.source.current.config,
            client_id=client_id,
            scope=scope,
            here=_here(request),
            attempt=current,
        )


@router.get("/device", openapi_extra=_query("user_code"))
async def do_device_flow(request: Request, user_code: Optional = "") -> Response:
    """Send the user with this code to the identity provider; without a code, ask for it."""
    app = runtime_of(request)
    if not user_code:
        return page("Log in from a command line", "Enter the code that the command line shows.", form=FORM)
    with attempt(request, "device login", "continued") as current, app.auth.login_limit.counted(request):
        location = await device_flow.log_in(
            app.auth,
            app.source.current.config,
            user_code=user_code,
            callback=_here(request) + "/complete",
            attempt=current,
        )
    return RedirectResponse(location, headers=NO_STORE)


@router.get("/device/complete", openapi_extra=_query("code", "state"))
async def finish_device_flow(
    request: Request, code: Optional = "", state: Optional = "", error: Optional = ""
) -> Response:
    """Where the identity provider sends the browser back to; the command line can get its tokens now."""
    app = runtime_of(request)
    with attempt(request, "device login", "completed") as current, app.auth.login_limit.counted(request):
        await device_flow.complete(
            app.auth,
            app.source.current.config,
            code=code,
            error=error,
            state=state,
            callback=_here(request),
            attempt=current,
        )
    return RedirectResponse(f"{_here(request)}/finished", headers=NO_STORE)


@router.get("/device/complete/finished")
async def finished() -> Response:
    """The page at the end of a login from a command line."""
    return page(FINISHED, "You are logged in; the command line goes on.")


@router.get("/authorize")
async def initiate_authorization_flow(
    request: Request,
    response_type: Literal["code"],
    code_challenge: str,
    code_challenge_method: Literal["S256"],
    client_id: str,
    redirect_uri: str,
    scope: str,
    state: str,
) -> Any:
    """Begin a login of a web application: send the user to the identity provider of the VO."""
    app = runtime_of(request)
    with _started(request, "login", client_id=client_id, scope=scope, redirect_uri=redirect_uri) as current:
        location = await authorization_flow.begin(
            app.auth,
            app.source.current.config,
            client_id=client_id,
            redirect_uri=redirect_uri,
            scope=scope,
            state=state,
            code_challenge=code_challenge,
            callback=_here(request) + "/complete",
            attempt=current,
        )
    return RedirectResponse(location, headers=NO_STORE)


@router.get("/authorize/complete", openapi_extra=_query("code", "state"))
async def complete_authorization_flow(
    request: Request, code: Optional = "", state: Optional = "", error: Optional = ""
) -> Any:
    """Where the identity provider sends the browser back to; it goes on to the web application, with a code."""
    app = runtime_of(request)
    with attempt(request, "login", "completed") as current, app.auth.login_limit.counted(request):
        location = await authorization_flow.complete(
            app.auth,
            app.source.current.config,
            code=code,
            error=error,
            state=state,
            callback=_here(request),
            attempt=current,
        )
    return RedirectResponse(location, headers=NO_STORE)


@contextmanager
def _started(request: Request, what: str, **facts: str) -> Iterator[Attempt]:
    with attempt(request, what, "started", **facts) as current, runtime_of(request).auth.login_limit.counted(request):
        yield current


def _here(request: Request) -> str:
    """The URL of this request without its query."""
    return str(request.url.replace(query=""))
