"""``/api/lollygag``."""

from __future__ import annotations

from fastapi import APIRouter

from diracx_bridge.services.access import SignedIn

router = APIRouter()


@router.get("/greeting")
async def greet(user: SignedIn, times: int = 1) -> dict[str, object]:
    """Greet the caller."""
    return {"greeting": f"Hello {user.preferred_username}" + "!" * times, "times": times}
