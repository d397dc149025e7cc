"""What a legacy service promises, as data: doors, documentation and parity tests are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Required(StrEnum):
    """Marks an argument without a default."""

    YES = "required"


REQUIRED: Final = Required.YES


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument: its legacy name, the types that the legacy ``types_`` list declares (empty: any), its default.

    ``jobs``: it says which jobs the call is about, by an id, a text, a list or the keys of a dictionary.
    """

    name: str
    types: tuple[type, ...] = ()
    default: Any = REQUIRED
    jobs: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """One legacy method.

    ``value`` is the shape of its value in words. ``writes``: it changes something. ``replayable``: the same call may be
    carried out later in its place, from a stored stub. ``safe_fallback``: after a failure that leaves open whether
    DiracX has carried it out, legacy may carry it out (again) without harm. ``ordered``: the order of lists in the
    value means something.
    """

    name: str
    arguments: tuple[Argument, ...]
    value: str
    writes: bool
    replayable: bool
    safe_fallback: bool
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class ServiceContract:
    """The methods of the legacy service ``name`` (``System/Service``)."""

    name: str
    methods: tuple[Method, ...]
