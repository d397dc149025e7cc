"""Answers that come in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from diracx_bridge.client.api.steps import Steps

T = TypeVar("T")


class Page(NamedTuple, Generic[T]):
    """One page of a search: ``rows``, and how many fit in ``total``."""

    rows: list[T]
    total: int


class Pages(Generic[T]):
    """All pages, one after the other; ``more`` says whether there is another one, as far as is known."""

    def __init__(self, page: Callable[[int], Steps[Page[T]]]) -> None:
        self.more = True
        self._page = page
        self._number = self._seen = 0

    def next(self) -> Steps[list[T]]:
        """The rows of the next page."""
        self._number += 1
        found = yield from self._page(self._number)
        self._seen += len(found.rows)
        self.more = bool(found.rows) and self._seen < found.total
        return found.rows
