"""What a legacy service promises, as data: doors, documentation and parity tests are made from it."""

from __future__ import annotations

from collections.abc import Sequence
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
    value means something. ``searches``: at DiracX it is a search of jobs, even if the call names them by id. ``right``:
    what DIRAC's ``JobPolicy`` has to grant for each of the jobs; empty: nothing. ``callers``: the properties of which a
    caller needs one, as DIRAC is shipped.
    """

    name: str
    arguments: tuple[Argument, ...]
    value: str
    writes: bool
    replayable: bool
    safe_fallback: bool
    ordered: bool = True
    searches: bool = False
    right: str = ""
    callers: tuple[str, ...] = ("authenticated",)


@dataclass(frozen=True, slots=True)
class ServiceContract:
    """The methods of the legacy service ``name`` (``System/Service``)."""

    name: str
    methods: tuple[Method, ...]


def wrong_types(method: Method, arguments: Sequence[Any]) -> str | None:
    """What a DISET service says of arguments that are not of the declared types, or are too few; None if they are.

    The words are those of DIRAC's ``RequestHandler``; its HTTPS services do not look.
    """
    declared = [argument.types for argument in method.arguments if argument.types]
    for position, (types, value) in enumerate(zip(declared, arguments, strict=False)):
        if not isinstance(value, types):
            expected = list(types) if len(types) > 1 else types[0]
            return (
                f"Type mismatch in parameter {position} (starting with param 0) Received {type(value)}, "
                f"expected {expected}"
            )
    if len(arguments) < len(declared):
        return f"Function {method.name} expects at least {len(declared)} arguments"
    return None
