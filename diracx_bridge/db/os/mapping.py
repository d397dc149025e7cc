"""The types of job parameters, and documents that fit them.

The mapping is that of DIRAC 9.1 (``WorkloadManagementSystem/DB/JobParametersDB.py``); parameters outside of it may have
any type. Whole numbers are stored as numbers: legacy clients send them as text, with decimals sometimes, and DIRAC
keeps the integer part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

FIELDS: Final[dict[str, dict[str, str]]] = {
    "JobID": {"type": "long"},
    "timestamp": {"type": "date"},
    "PilotAgent": {"type": "keyword"},
    "Pilot_Reference": {"type": "keyword"},
    "JobGroup": {"type": "keyword"},
    "CPUNormalizationFactor": {"type": "long"},
    "NormCPUTime(s)": {"type": "long"},
    "Memory(MB)": {"type": "long"},
    "LocalAccount": {"type": "keyword"},
    "TotalCPUTime(s)": {"type": "long"},
    "PayloadPID": {"type": "long"},
    "HostName": {"type": "text"},
    "GridCE": {"type": "keyword"},
    "CEQueue": {"type": "keyword"},
    "BatchSystem": {"type": "keyword"},
    "ModelName": {"type": "keyword"},
    "Status": {"type": "keyword"},
    "JobType": {"type": "keyword"},
}
LONGEST_KEYWORD: Final = 32_766
"""Bytes of a keyword that OpenSearch still takes."""


def encoded(job_id: int, values: Mapping[str, Any], now: int) -> bytes:
    """The document for these parameters as JSON; ``now`` (ms since 1970) is its time stamp.

    Raises:
        ValueError: a value does not fit the type of its parameter, or JSON; the message names the parameter.
    """
    document = {name: _fitting(name, value) for name, value in values.items()}
    document.update(JobID=job_id, timestamp=now)
    try:
        return orjson.dumps(document)
    except orjson.JSONEncodeError as error:
        raise ValueError(f"its parameters are no JSON: {error}") from None


def _fitting(name: str, value: Any) -> Any:
    if not name.strip(" ."):
        raise ValueError("a parameter has no name")
    kind = FIELDS.get(name, {}).get("type")
    if kind is None or kind == "date" or value is None:
        return value
    if isinstance(value, list):
        return [_fitting(name, item) for item in value]
    if isinstance(value, Mapping):
        raise ValueError(f"{name} is an object, but its type is {kind}")
    if kind == "long":
        return _whole(name, value)
    if kind == "keyword" and len(str(value).encode(errors="replace")) > LONGEST_KEYWORD:
        raise ValueError(f"{name} is longer than {LONGEST_KEYWORD} bytes")
    return value


def _whole(name: str, value: Any) -> int:
    try:
        number = None if isinstance(value, bool) else int(value) if isinstance(value, int) else int(float(value))
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or not -(2**63) <= number < 2**63:
        raise ValueError(f"{name} is {value!r:.100}, but must be a whole number")
    return number
