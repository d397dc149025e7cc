"""Legacy status dictionaries as the API takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from DIRACCommon.Core.Utilities.TimeUtilities import fromString
from DIRACCommon.WorkloadManagementSystem.Client.JobStatus import JOB_STATES

from diracx_bridge.core.errors import InvalidInput, LegacyError

MEMBERS: Final = ("Status", "MinorStatus", "ApplicationStatus", "Source")


def status_updates(status_dict: Mapping[Any, Mapping[str, Any]]) -> dict[datetime, dict[str, str]]:
    """``{time: {member: text}}`` of a legacy ``statusDict``: unknown and empty members are left out, as legacy does.

    Raises:
        InvalidInput: there is no update, or a key is not a time. Nothing has been changed then, while legacy fails
            after it has changed the job.
        LegacyError: a status that no DIRAC knows.
    """
    if not status_dict:
        raise InvalidInput("statusDict is empty: give at least one {time: {...}}")
    updates: dict[datetime, dict[str, str]] = {}
    for key, members in status_dict.items():
        update = {name: str(members[name]) for name in MEMBERS if members.get(name)}
        if "Status" in update:
            check_status(update["Status"])
        updates.setdefault(time_of(key), {}).update(update)
    return updates


def time_of(value: object) -> datetime:
    """The UTC time that a legacy time stamp means: ``YYYY-MM-DD HH:MM:SS[.f]``, or a datetime (naive ones are UTC).

    The fraction is an integer number of microseconds (".5" are 5 µs), as DIRAC's ``fromString`` has it.

    Raises:
        InvalidInput: anything else.
    """
    try:
        time = fromString(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        time = None
    if not isinstance(time, datetime):
        raise InvalidInput(f"{value!r} is not a time: write it as '2026-01-31 23:59:59[.microseconds]', in UTC")
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def check_status(status: str) -> None:
    """Return if ``status`` is one of DIRAC's job states.

    Raises:
        LegacyError: it is not, in the words of DIRAC's state machine.
    """
    if status not in JOB_STATES:
        raise LegacyError(f"getNextState: {status!r} is not a valid state")
