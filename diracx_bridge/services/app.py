"""The application."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute

from diracx_bridge import __version__
from diracx_bridge.core.extensions import load
from diracx_bridge.core.settings import Settings
from diracx_bridge.services import openapi, problems
from diracx_bridge.services.auth.routes import router as auth
from diracx_bridge.services.bridge.routes import router as bridge
from diracx_bridge.services.config.routes import router as config
from diracx_bridge.services.health.routes import router as health
from diracx_bridge.services.jobs.routes import router as jobs
from diracx_bridge.services.logs import configure, hide_locals
from diracx_bridge.services.metrics import Metrics
from diracx_bridge.services.middleware import CrossOrigin, RequestMiddleware
from diracx_bridge.services.pilots.routes import router as pilots
from diracx_bridge.services.routing import KnownPaths, include
from diracx_bridge.services.rss.routes import router as rss
from diracx_bridge.services.runtime import Runtime
from diracx_bridge.services.well_known.routes import router as well_known

SERVICES: dict[str, APIRouter] = {
    ".well-known": well_known,
    "auth": auth,
    "bridge": bridge,
    "config": config,
    "health": health,
    "jobs": jobs,
    "pilots": pilots,
    "rss": rss,
}
"""Service name -> its routes, at ``/api/<name>`` (``.well-known`` at the root). Extensions add and replace by name."""


def create_app(settings: Settings | None = None, *, alone: bool = False) -> FastAPI:
    """An application that serves the DiracX API; ``settings`` default to the environment.

    Nothing is opened yet: that happens at start-up, which fails with a `SetupError` or `Unavailable` that says why.
    Several applications can live in one process. One that is ``alone`` there keeps what was made at the start out of
    the collections of garbage.

    Raises:
        SettingsError: the environment lacks something, or an extension can't be loaded.
    """
    settings = settings or Settings.from_environment()
    hide_locals()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        runtime = await Runtime.start(settings)
        app.state.runtime = runtime
        runtime.use(runtime.source.current)
        runtime.source.subscribe(runtime.use)
        metrics.watch(runtime.source, runtime.databases, runtime.delivery if settings.service_jobs_enabled else None)
        if alone:
            gc.collect()
            gc.freeze()
        try:
            async with runtime.at_work():
                yield
        finally:
            await runtime.close()

    app = FastAPI(
        title="Dirac",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url="/api/docs",
        swagger_ui_oauth2_redirect_url="/api/docs/oauth2-redirect",
        swagger_ui_init_oauth={
            "clientId": settings.auth.dirac_client_id if settings.auth else "",
            "scopes": "",
            "usePkceWithAuthorizationCodeGrant": True,
        },
        generate_unique_id_function=_operation_id,
    )
    for name, router in sorted(load("diracx_bridge.services", SERVICES).items()):
        if _enabled(settings, name):
            include(app, router, prefix="/.well-known" if name == ".well-known" else f"/api/{name}", tags=[name])

    @app.get("/metrics", include_in_schema=False)
    async def _metrics(request: Request) -> Response:
        return Response(metrics.render(), media_type=metrics.content_type)

    app.router.middleware_stack = KnownPaths(app.router)
    app.state.metrics = metrics
    problems.install(app)
    openapi.install(app)
    app.add_middleware(
        CrossOrigin,
        allow_origins=settings.bridge_cors_origins,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=["Content-Range"],
    )
    app.add_middleware(RequestMiddleware, metrics=metrics)  # added last: outermost
    return app


def app_from_environment() -> FastAPI:
    """What each process of ``diracx-bridge serve`` runs: log lines and application as the environment sets them.

    Raises:
        SettingsError: see `create_app`.
    """
    settings = Settings.from_environment()
    configure(settings.log_level, settings.log_format)
    return create_app(settings, alone=True)


def _enabled(settings: Settings, name: str) -> bool:
    service = "jobs" if name == "bridge" else name
    return bool(getattr(settings, f"service_{service}_enabled", True))


def _operation_id(route: APIRoute) -> str:
    return "_".join([*map(str, route.tags), route.name])
