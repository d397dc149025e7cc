"""Routers put flat into the application, and routes without path parameters found by a dictionary.

FastAPI keeps included routers apart and asks one route after the other, by a regular expression, whether it fits: with
some sixty routes that costs as much as the work of a small request.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send


def include(app: FastAPI, router: APIRouter, *, prefix: str, tags: Sequence[str]) -> None:
    """Add the routes of ``router`` below ``prefix`` as ``app.include_router`` does, but each to the application itself.

    A router that has more than plain routes (websockets, mounts, routers of its own) is included as a whole.
    """
    plain = all(isinstance(route, APIRoute) or type(route) is Route for route in router.routes)
    if not plain or router.dependencies or router.tags or router.prefix:
        app.include_router(router, prefix=prefix, tags=list(tags))
        return
    for route in router.routes:
        if isinstance(route, APIRoute):
            _add(app, route, prefix + route.path, tags, visible=router.include_in_schema)
        elif isinstance(route, Route):
            app.router.add_route(
                prefix + route.path,
                route.endpoint,
                methods=sorted(route.methods or ()),
                name=route.name,
                include_in_schema=route.include_in_schema and router.include_in_schema,
            )


def _add(app: FastAPI, route: APIRoute, path: str, tags: Sequence[str], *, visible: bool) -> None:
    app.router.add_api_route(
        path,
        route.endpoint,
        response_model=route.response_model,
        status_code=route.status_code,
        tags=[*tags, *route.tags],
        dependencies=route.dependencies,
        summary=route.summary,
        description=route.description,
        response_description=route.response_description,
        responses=route.responses,
        deprecated=route.deprecated,
        methods=route.methods,
        operation_id=route.operation_id,
        response_model_by_alias=route.response_model_by_alias,
        response_model_exclude_unset=route.response_model_exclude_unset,
        response_model_exclude_none=route.response_model_exclude_none,
        include_in_schema=route.include_in_schema and visible,
        response_class=route.response_class,
        name=route.name,
        openapi_extra=route.openapi_extra,
        generate_unique_id_function=app.router.generate_unique_id_function,
        route_class_override=type(route),
    )


class KnownPaths:
    """Hands requests to the route that has their method and whole path, all others to the router."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._otherwise: ASGIApp = router.app
        self._routes = {
            (method, route.path): route
            for route in reversed(router.routes)  # of two with one path the first one counts
            if isinstance(route, Route) and "{" not in route.path
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            route = self._routes.get((scope["method"], scope["path"]))
            if route is not None:
                scope.setdefault("router", self._router)
                scope.update(route=route, endpoint=route.endpoint, path_params={})
                await route.app(scope, receive, send)
                return
        await self._otherwise(scope, receive, send)
