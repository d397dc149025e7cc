"""``/api/bridge``: what legacy clients need and DiracX's own routes don't give, and the ledger of the doors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Request

from diracx_bridge.core.models.ledger import CallSummary, KnownMismatch, LedgerBatch
from diracx_bridge.core.models.rehearsal import JobsState, RehearsalResult, RehearsedRequest
from diracx_bridge.services.access import SignedIn
from diracx_bridge.services.auth.legacy_exchange import LEGACY_PREFIX, check_api_key
from diracx_bridge.services.bridge import ledger, rehearsal
from diracx_bridge.services.jobs.attributes import set_attributes
from diracx_bridge.services.runtime import runtime_of
from diracx_bridge.services.sandbox_files.routes import router as sandbox_files

router = APIRouter()
router.routes.extend(sandbox_files.routes)
Start = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$", description="Fingerprint, or its start.")]
Known = Annotated[str, Path(pattern="^[0-9a-f]{8,64}$", description="Fingerprint, or at least its first 8 digits.")]
Hours = Annotated[int, Query(ge=1, le=24 * 90, description="How far back, in hours.")]


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


@router.post("/ledger", status_code=204)
async def record_ledger(request: Request, batch: LedgerBatch) -> None:
    """Add what a door has counted to the ledger.

    With a user's token the lines are taken as his own calls; with the key of the legacy exchange, which DIRAC's
    services have, as those of the users that they name.
    """
    app = runtime_of(request)
    header = request.headers.get("authorization", "")
    if LEGACY_PREFIX in header:
        check_api_key(header, app.settings.legacy_exchange_hashed_api_key.get_secret_value())
        user = None
    else:
        user = app.tokens.check(header or None)
    await ledger.record(app.jobs.server, batch, user)
    if user is None:
        request.app.state.metrics.count_ledger(batch)


@router.get("/ledger/calls", response_model=list[CallSummary])
async def get_ledger_calls(
    request: Request, user: SignedIn, service: str = "", vo: str = "", hours: Hours = 24
) -> list[dict[str, Any]]:
    """The calls that came through the doors, counted by method, VO, stage, side and outcome."""
    app = runtime_of(request)
    readable = ledger.readable_vo(app.settings, user, vo)
    return await ledger.counted_calls(app.jobs.server, service=service, vo=readable, hours=hours)


@router.get("/ledger/mismatches", response_model=list[KnownMismatch])
async def get_ledger_mismatches(
    request: Request, user: SignedIn, service: str = "", vo: str = "", hours: Hours = 24 * 7, fingerprint: Start = ""
) -> list[dict[str, Any]]:
    """The kinds of mismatches that the stage `compare` has found, the most frequent first."""
    app = runtime_of(request)
    readable = ledger.readable_vo(app.settings, user, vo)
    return await ledger.known_mismatches(
        app.jobs.server, service=service, vo=readable, hours=hours, fingerprint=fingerprint
    )


@router.delete("/ledger/mismatches/{fingerprint}", status_code=204)
async def forget_ledger_mismatches(request: Request, user: SignedIn, fingerprint: Known, vo: str = "") -> None:
    """Forget a kind of mismatch that was dealt with; it is listed again when it is seen again."""
    app = runtime_of(request)
    readable = ledger.readable_vo(app.settings, user, vo)
    await ledger.forget_mismatches(app.jobs.server, vo=readable, fingerprint=fingerprint)


@router.post("/rehearsals", response_model=RehearsalResult)
async def rehearse_request(request: Request, user: SignedIn, body: RehearsedRequest) -> RehearsalResult:
    """Do a request that changes jobs in a transaction that is rolled back: the answer, and rows before and after."""
    return await rehearsal.rehearse(
        request.app, runtime_of(request), user, request.headers.get("authorization", ""), body
    )


@router.post("/rehearsals/state", response_model=JobsState)
async def get_jobs_state(
    request: Request,
    user: SignedIn,
    jobs: Annotated[list[int], Body()],
    parameters: Annotated[bool, Body()] = True,
) -> JobsState:
    """The rows that requests change, of jobs that the caller may change."""
    return await rehearsal.jobs_state(runtime_of(request), user, jobs, parameters=parameters)


@router.post("/rehearsals/hidden")
async def get_hidden_jobs(
    request: Request,
    user: SignedIn,
    jobs: Annotated[list[int], Body(max_length=10_000)],
    seen_by: Annotated[Literal["id", "search"], Body(description="How the caller reads.")],
) -> list[int]:
    """Those of the jobs that exist and that the caller may not see; neither their owners nor their VOs are told."""
    return await rehearsal.hidden_jobs(runtime_of(request), user, jobs, seen_by)
