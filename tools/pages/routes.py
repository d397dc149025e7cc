"""The page of the routes."""

from __future__ import annotations

from pages.markdown import first_paragraph, page, table

from diracx_bridge.core.settings import Settings
from diracx_bridge.services.app import SERVICES, create_app


def routes_page() -> str:
    """Every route, those that OpenAPI leaves out included."""
    settings = Settings(config_backend_url="/", service_auth_enabled=True, service_config_enabled=True,
                        service_health_enabled=True, service_jobs_enabled=True)  # fmt: skip
    described = [
        (
            f"`{method.upper()} {path}`",
            f"`{operation['operationId']}`",
            ", ".join(operation["responses"]),
            "token" if "security" in operation else "",
            first_paragraph(operation.get("description")),
        )
        for path, operations in create_app(settings).openapi()["paths"].items()
        for method, operation in operations.items()
    ]
    hidden = [
        (f"`{method} /api/{name}{route.path}`", first_paragraph(route.endpoint.__doc__))
        for name, router in SERVICES.items()
        for route in router.routes
        if not (route.include_in_schema and router.include_in_schema)
        for method in sorted(route.methods)
    ]
    return page(
        "Routes",
        "The routes that are served today. Paths, operation ids, parameters and bodies are those of DiracX 0.7.0, "
        "but for `/api/bridge`, which DiracX does not have. A running service describes its parameters and bodies at "
        "`/api/docs` and `/api/openapi.json`.",
        table(("route", "operation", "statuses", "needs", "what it does"), described),
        "## Not in the OpenAPI document",
        table(("route", "what it does"), [*hidden, ("`GET /metrics`", "[Metrics](metrics.md) for Prometheus.")]),
    )
