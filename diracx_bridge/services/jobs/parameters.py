"""Job parameters within a request: written while the transaction is open, so that a failure undoes the rest too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.db.os.job_parameters import JobParametersDB


async def write_parameters(
    database: JobParametersDB, vos: Mapping[int, str], documents: Mapping[int, Mapping[str, Any]]
) -> None:
    """Add to the parameters of jobs; ``vos`` says to which VO each job belongs. Writing the same again changes nothing.

    Raises:
        InvalidInput: a value does not fit the type of its parameter; the message names job and parameter.
        Unavailable: the parameters can't be written now.
    """
    by_vo: dict[str, dict[int, Mapping[str, Any]]] = {}
    for job, document in documents.items():
        if document:
            by_vo.setdefault(vos[job], {})[job] = document
    if not by_vo:
        return
    failures = await database.write(by_vo)
    if failures:
        raise InvalidInput("; ".join(f"Job {job}: {reason}" for job, reason in sorted(failures.items())))
