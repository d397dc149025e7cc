"""Rehearsals: units of work that are done, looked at, and rolled back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from diracx_bridge.db.sql.transaction import Transaction

T = TypeVar("T")
Look = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What to look at, in the transaction, before the work and after it; of the last try, if there are several."""

    before: Look
    after: Look


REHEARSAL: Final[ContextVar[Rehearsal | None]] = ContextVar("rehearsal", default=None)
"""Set while a request is only rehearsed: nothing that it writes is committed."""


class RolledBack(Exception):
    """Ends the transaction of a rehearsal; ``value`` is what the work returned."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def rehearsed(
    work: Callable[[Transaction], Awaitable[T]], rehearsal: Rehearsal
) -> Callable[[Transaction], Awaitable[T]]:
    """``work`` with the looks around it, ended by `RolledBack`."""

    async def tried(tx: Transaction) -> T:
        await rehearsal.before(tx)
        value = await work(tx)
        await rehearsal.after(tx)
        raise RolledBack(value)

    return tried
