"""The types of job parameters, and documents that fit them.

The mapping is that of DIRAC 9.1 (``WorkloadManagementSystem/DB/JobParametersDB.py``); parameters outside of it may have
any type. What is accepted is what legacy DIRAC gets stored: for whole numbers also their text, with decimals or an
exponent, and the empty text for nothing. They are kept as the numbers that OpenSearch finds them by.
"""

from __future__ import annotations

import re
import time
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
OF_OPENSEARCH: Final = frozenset(
    {"_doc_count", "_feature", "_field_names", "_id", "_ignored", "_index", "_nested_path", "_routing", "_seq_no"}
    | {"_source", "_tier", "_type", "_version"}
)
"""Names that OpenSearch keeps for itself."""
LONGEST_KEYWORD: Final = 32_766
"""Bytes of a keyword that OpenSearch still takes."""
LONGEST: Final = 8 * 2**20
"""Bytes of a document: it has to pass the packet sizes of MySQL and MariaDB."""
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def fitting(job_id: int, values: Mapping[str, Any], now: int) -> dict[str, Any]:
    """The document for these parameters; ``now`` (ms since 1970) is its time stamp.

    Raises:
        ValueError: a name or a value does not fit; the message names the parameter.
    """
    return {**{name: _fitting(name, value) for name, value in values.items()}, "JobID": job_id, "timestamp": now}


def as_stored(job_id: int, values: Mapping[str, Any]) -> bytes:
    """The document for these parameters as JSON; it keeps the time stamp of an earlier `fitting`, or gets one of now.

    Raises:
        ValueError: see `fitting` and `encoded`.
    """
    given = values.get("timestamp")
    return encoded(fitting(job_id, values, given if isinstance(given, int) else milliseconds()))


def milliseconds() -> int:
    """The time now, in ms since 1970."""
    return time.time_ns() // 1_000_000


def encoded(document: Mapping[str, Any]) -> bytes:
    """``document`` as JSON.

    Raises:
        ValueError: JSON can't hold it, or it is too long.
    """
    try:
        text = orjson.dumps(document)
    except orjson.JSONEncodeError as error:
        raise ValueError(f"its parameters are no JSON: {error}") from None
    if len(text) > LONGEST:
        raise ValueError(f"its parameters are longer than {LONGEST} bytes together")
    return text


def merged(stored: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    """As OpenSearch merges partial documents: objects within objects, anything else replaces what was there."""
    result = dict(stored)
    for name, value in update.items():
        before = result.get(name)
        result[name] = merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return result


def whole(value: object) -> int | None:
    """The whole number that OpenSearch finds ``value`` by, as it coerces numbers and their text; None for "".

    Raises:
        ValueError: it is none.
    """
    if value == "":
        return None
    number: int | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, float) and abs(value) < 2**63:
        number = int(value)
    elif isinstance(value, str) and len(value) < 100 and _NUMBER.fullmatch(value.strip()):
        exact = value.strip().lstrip("+-").isdigit()
        number = int(value) if exact else int(float(value)) if abs(float(value)) < 2**63 else None
    if number is None or not -(2**63) <= number < 2**63:
        raise ValueError(f"{value!r:.100} is not a whole number of at most 64 bits")
    return number


def _fitting(name: str, value: Any) -> Any:
    if not all(part.strip() for part in name.split(".")) or name in OF_OPENSEARCH:
        raise ValueError(f"{name!r:.100} can't be the name of a parameter")
    kind = FIELDS.get(name, {}).get("type")
    if kind is None or kind == "date" or value is None:
        return value
    if isinstance(value, list):
        return [_fitting(name, item) for item in value]
    if isinstance(value, Mapping):
        raise ValueError(f"{name} is an object, but its type is {kind}")
    if kind == "long":
        try:
            return whole(value)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    if kind == "keyword" and len(str(value).encode(errors="replace")) > LONGEST_KEYWORD:
        raise ValueError(f"{name} is longer than {LONGEST_KEYWORD} bytes")
    return value
