"""Tables of results, for people (also valid Markdown)."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.load.measure import Result
from tests.load.targets import must

COLUMNS = (
    "case", "n", "req/s", "p50 ms", "p95", "p99", "max", "CPU ms/req", "DB CPU ms/req", "SQL/req", "RSS MB", "peak MB",
    "limit ms", "x limit", "errors",
)  # fmt: skip
WIDTHS = (32, 6, 8, 8, 8, 8, 8, 10, 13, 7, 6, 7, 8, 7, 6)
RATIOS = (
    "case",
    "p50",
    "p99",
    "server CPU",
    "DB CPU",
    "SQL/req",
    "bridge x limit",
    "at the limit",
    "same answers",
    "must",
    "held",
    "errors",
)
RATIO_WIDTHS = (32, 20, 20, 20, 20, 12, 14, 12, 12, 12, 5, 6)

NOISE = 0.02
"""ms; less is nothing that a ratio could be made of."""


def head() -> str:
    """The first lines of a table of results."""
    return _head(COLUMNS, WIDTHS)


def line(result: Result) -> str:
    """One line of it."""
    r = result
    return _line(
        [
            r.case + (f" ({r.beside} beside)" if r.beside else ""),
            str(r.requests),
            f"{r.per_second:.1f}",
            *(f"{value:.2f}" for value in (r.p50, r.p95, r.p99, r.worst, r.cpu, r.database_cpu)),
            "" if r.sql is None else f"{r.sql:.1f}",
            f"{r.memory:.0f}",
            f"{r.peak:.0f}",
            "" if r.limit is None else f"{r.limit:.2f}",
            "" if r.times_limit is None else f"{r.times_limit:.1f}",
            _errors([r]),
        ],
        WIDTHS,
    )


def ratio_head() -> str:
    """The first lines of a table of comparisons."""
    return _head(RATIOS, RATIO_WIDTHS)


def ratio_line(pairs: Sequence[tuple[Result, Result]], same: bool | None) -> str:
    """One case of a comparison: (official, bridge) of each round; ``same`` None: answers were not compared.

    "at the limit" is p50 of the official server in multiples of the limit: what a server at the limit would reach.
    """
    first = pairs[0][0]
    ratios = [
        _spread([getattr(a, name) / getattr(b, name) for a, b in pairs if getattr(b, name) > NOISE])
        for name in ("p50", "p99", "cpu", "database_cpu")
    ]
    counts = [[r.sql for r in side if r.sql is not None] for side in zip(*pairs, strict=True)]
    limits = [b.times_limit for _, b in pairs if b.times_limit is not None]
    most = statistics.median(a.p50 / b.limit for a, b in pairs if b.limit) if limits else None
    return _line(
        [
            first.case,
            *ratios,
            " -> ".join(f"{statistics.median(each):.0f}" for each in counts if each),
            f"{statistics.median(limits):.1f}" if limits else "",
            "" if most is None else f"{most:.3g}",
            {True: "yes", False: "NO", None: ""}[same],
            *_demanded(pairs, most),
            _errors([r for pair in pairs for r in pair]),
        ],
        RATIO_WIDTHS,
    )


def _demanded(pairs: Sequence[tuple[Result, Result]], most: float | None) -> tuple[str, str]:
    """What the case must reach, and whether the median of the rounds does.

    "limit" stands for what a server at the limit would miss, too: ``most`` is its factor.
    """
    first, second = pairs[0]
    demand = must(first.case, second.target.rpartition("-")[2])
    if demand is None:
        return "", ""
    figure, factor = demand
    if figure == "per_second":
        reached = statistics.median(b.per_second / a.per_second for a, b in pairs)
        return f"{factor:g} req/s", "yes" if reached >= factor else "NO"
    reached = statistics.median(getattr(a, figure) / max(getattr(b, figure), NOISE) for a, b in pairs)
    missed = "limit" if most is not None and most < factor else "NO"
    return f"{factor:g} {figure}", "yes" if reached >= factor else missed


def as_json(result: Result) -> dict[str, Any]:
    """All figures, with the limit."""
    return {**asdict(result), "limit": result.limit, "times_limit": result.times_limit}


def _spread(values: Sequence[float]) -> str:
    if not values:
        return ""
    return f"{statistics.median(values):.3g} ({min(values):.3g}-{max(values):.3g})"


def _errors(results: Sequence[Result]) -> str:
    return "; ".join(f"{r.target} {status}: {count}" for r in results for status, count in r.errors.items())


def _head(names: Sequence[str], widths: Sequence[int]) -> str:
    rule = "|".join("-" * (width + 1) + (":" if i else "-") for i, width in enumerate(widths))
    return f"{_line(names, widths)}\n|{rule}|"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))]
    return f"| {' | '.join(padded)} |"
