"""``/api/bridge``: what legacy clients need and DiracX's own routes don't give."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request

from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.jobs.attributes import set_attributes
from diracx_bridge.services.runtime import runtime_of
from diracx_bridge.services.sandbox_files.routes import router as sandbox_files

router = APIRouter()
router.routes.extend(sandbox_files.routes)


@router.patch("/jobs/attributes")
async def set_job_attributes(
    request: Request, user: SignedIn, updates: Annotated[dict[int, dict[str, str]], Body()]
) -> dict[int, int]:
    """Set attributes of jobs as DIRAC's `setJobAttribute` does: no log record, the state machine holds for Status.

    The answer is, by job, the number of changed rows as DIRAC counts them: 2 for a changed Status, 1 for another
    changed attribute, 0 for a value that was there already or a refused transition.
    """
    app = runtime_of(request)
    return await set_attributes(app.jobs, app.job_policy, user, updates)
