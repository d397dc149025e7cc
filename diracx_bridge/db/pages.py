"""Which part of everything that fits a page is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item", covariant=True)


@dataclass(frozen=True, slots=True)
class PageOf(Generic[Item]):
    """``rows``, the first of which is number ``first`` (0 is the first of all) of ``total`` on all pages together."""

    rows: Sequence[Item]
    first: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether this page holds every row that fits."""
        return len(self.rows) == self.total

    @property
    def is_part(self) -> bool:
        """Whether it holds some of the rows that fit, but not all."""
        return bool(self.rows) and not self.is_complete

    def headers(self, unit: str) -> dict[str, str]:
        """``Content-Range`` with the number of the first and the last row, counted in ``unit``; none if complete."""
        if self.is_complete:
            return {}
        shown = f"{self.first}-{self.first + len(self.rows) - 1}" if self.rows else "*"
        return {"Content-Range": f"{unit} {shown}/{self.total}"}
