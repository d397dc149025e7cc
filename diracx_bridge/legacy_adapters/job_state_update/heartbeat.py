"""Which part of a legacy heartbeat goes where."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

NUMBERS: Final = ("LoadAverage", "MemoryUsed", "Vsize", "AvailableDiskSpace", "CPUConsumed", "WallClockTime")
OUTPUT: Final = "StandardOutput"
BEAT_TIME: Final = "HeartBeatTime"


@dataclass(slots=True)
class Heartbeat:
    """``route``: for the heartbeat route. ``parameters``: for job parameters. ``beat_time``: the time of the beat, if
    the caller names one. ``unknown``: what the API has no place for."""

    route: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    beat_time: Any = None
    unknown: dict[str, Any] = field(default_factory=dict)


def sorted_out(dynamic: Mapping[str, Any], static: Mapping[str, Any]) -> Heartbeat:
    """The items of a heartbeat by where they go; numbers that come as text become numbers."""
    beat = Heartbeat()
    for name, value in dynamic.items():
        if name == BEAT_TIME:
            beat.beat_time = value
        elif name in NUMBERS and (number := as_number(value)) is not None:
            beat.route[name] = number
        else:
            beat.unknown[name] = value
    for name, value in static.items():
        (beat.route if name == OUTPUT else beat.parameters)[name] = value
    return beat


def as_number(value: object) -> float | None:
    """A finite number, also one that is written as text; None for anything else."""
    try:
        number = float(str(value).replace('"', ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
