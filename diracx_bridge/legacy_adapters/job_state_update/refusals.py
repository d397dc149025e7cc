"""What the server refuses, in the words of the legacy service."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from diracx_bridge.core.errors import InvalidInput, LegacyError, ServerRefused

NO_JOB: Final = "No Matching Job"
REFUSED_TRANSITION: Final = "transition_refused"


def not_authorized(job_id: object) -> LegacyError:
    return LegacyError(f"Not authorized to modify job {job_id}")


@contextmanager
def refusals(job_id: object, *, missing: str = NO_JOB) -> Generator[None]:
    """Turn a refusal (403) and an unknown job (404) inside the block into what legacy says, and leave the rest."""
    try:
        yield
    except ServerRefused as error:
        if error.status == 403:
            raise not_authorized(job_id) from error
        if error.status == 404:
            raise LegacyError(missing) from error
        raise


def names_and_values(answer: Mapping[str, Any], job: int) -> tuple[list[str], list[str]]:
    """The legacy value of a status update: what was set of MinorStatus and ApplicationStatus, without the Status.

    A transition that the state machine refused is a success for legacy, with what was set beside it.

    Raises:
        LegacyError: the job does not exist, or the update does not fit.
    """
    failed = answer["failed"].get(str(job))
    if failed and failed.get("code") != REFUSED_TRANSITION:
        if failed["detail"] == "Not found":
            raise LegacyError(NO_JOB)
        raise LegacyError.of_mysql(failed["detail"])
    changed = answer["success"].get(str(job)) or {}
    names = [name for name in ("MinorStatus", "ApplicationStatus") if changed.get(name)]
    return names, [changed[name] for name in names]


def job_number(job_id: object) -> int:
    """The number of a job whose id is an int, a text, or anything that ``int`` understands.

    Raises:
        InvalidInput: it is not a number.
    """
    try:
        return int(job_id)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        raise InvalidInput(f"{job_id!r} is not a job id") from None


def checked_parameters(parameters: Mapping[Any, Any]) -> dict[str, Any]:
    """Job parameters as the metadata route takes them; ``timestamp`` is left out, as the store sets it itself.

    Raises:
        InvalidInput: a value that JSON has no form for, or the name ``Site``, by which the route would change the job's
            attribute where legacy stores a parameter.
    """
    checked = {str(name): value for name, value in parameters.items() if name != "timestamp"}
    if "Site" in checked:
        raise InvalidInput("A job parameter can't be called Site: use setJobSite to change the job's attribute")
    for name, value in checked.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidInput(f"The job parameter {name} is {value}, which can't be stored")
    return checked
