"""``/api/health``: what probes ask."""

from __future__ import annotations

from fastapi import APIRouter, Request

from diracx_bridge.services.runtime import runtime_of

router = APIRouter(include_in_schema=False)


@router.get("/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/ready")
async def ready(request: Request) -> dict[str, object]:
    """Requests can be served: the databases answer, and the configuration is loaded; its state is told."""
    return await _state(request, "ready")


@router.get("/startup")
async def startup(request: Request) -> dict[str, object]:
    """The start is over; checked as `ready`."""
    return await _state(request, "startup complete")


async def _state(request: Request, status: str) -> dict[str, object]:
    app = runtime_of(request)
    await app.databases.ping(app.needed_databases)
    found = app.source.status
    answer: dict[str, object] = {"status": status}
    if not found.healthy:
        # an old configuration is served as long as it takes; probes must not restart us into the same failure
        answer["config"] = {
            "revision": found.revision,
            "last_success": found.last_success,
            "rejected_revision": found.rejected_revision,
            "error": found.last_error,
        }
    return answer
