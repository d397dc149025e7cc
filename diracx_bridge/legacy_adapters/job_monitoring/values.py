"""Values of the API as legacy JobMonitoring gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from diracx_bridge.core.errors import InvalidInput, LegacyError

ATTRIBUTES: Final = (
    "JobID", "JobType", "JobGroup", "Site", "JobName", "Owner", "OwnerGroup", "VO", "SubmissionTime", "RescheduleTime",
    "LastUpdateTime", "StartExecTime", "HeartBeatTime", "EndExecTime", "Status", "MinorStatus", "ApplicationStatus",
    "UserPriority", "RescheduleCounter", "VerifiedFlag", "AccountedFlag",
)  # fmt: skip
"""The columns of Jobs, in the order of DIRAC's table."""
TIMES: Final = frozenset(name for name in ATTRIBUTES if name.endswith("Time"))
FLAGS: Final = frozenset({"VerifiedFlag", "AccountedFlag"})


def job_numbers(job_ids: object) -> list[int]:
    """The numbers of ids in each form that legacy takes: an int, a text (with commas), a list of them.

    Raises:
        InvalidInput: something is no number.
    """
    given: Iterable[Any] = job_ids if isinstance(job_ids, list | tuple | set) else [job_ids]
    words = [part for word in given for part in (word.split(",") if isinstance(word, str) else [word])]
    try:
        return list(dict.fromkeys(int(word) for word in words))
    except (TypeError, ValueError):
        raise InvalidInput(f"{job_ids!r} has something in it that is not a job id") from None


def legacy_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a search with flags as texts and times as naive datetimes (UTC)."""
    return {name: _legacy(name, value) for name, value in row.items()}


def moment(text: str) -> datetime:
    """A time of the API as naive datetime, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)


def one_decimal(text: str) -> str:
    """A number with one decimal; a text that is none as it is."""
    try:
        return f"{float(text):.1f}"
    except ValueError:
        return text


def known_attributes(names: Iterable[str]) -> list[str]:
    """``names``, if all are columns of Jobs.

    Raises:
        LegacyError: one is not, in the words of DIRAC.
    """
    wanted = list(names)
    for name in wanted:
        if name not in ATTRIBUTES:
            raise LegacyError(f"Unknown job attribute: {name}")
    return wanted


def conditions(attributes: Mapping[str, Any] | None, cut_date: object) -> list[dict[str, Any]]:
    """The search for jobs whose attributes have these values (or one of a list), updated since a time.

    Raises:
        InvalidInput: the time is none.
    """
    found: list[dict[str, Any]] = []
    for name, value in (attributes or {}).items():
        if isinstance(value, list | tuple | set):
            found.append({"parameter": name, "operator": "in", "values": list(value)})
        else:
            found.append({"parameter": name, "operator": "eq", "value": value})
    if cut_date:
        found.append({"parameter": "LastUpdateTime", "operator": "gt", "value": _before(cut_date)})
    return found


def _before(time: object) -> str:
    """The second before ``time``: legacy wants "not before", the API has "after"."""
    try:
        start = datetime.fromisoformat(str(time)) if not isinstance(time, date) else time
        if not isinstance(start, datetime):
            start = datetime(start.year, start.month, start.day)
        return (start.replace(tzinfo=None) - timedelta(seconds=1)).isoformat(" ", "seconds")
    except (ValueError, OverflowError):
        raise InvalidInput(f"{time!r} is not a time: write it as '2026-01-31 23:59:59', in UTC") from None


def _legacy(name: str, value: Any) -> Any:
    if name in TIMES and isinstance(value, str):
        return moment(value)
    return str(value) if name in FLAGS else value
