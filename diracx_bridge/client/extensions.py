"""Operation groups of other packages, at both faces of the client: ``client.<name>`` for an entry point ``<name>``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OperationGroup:
    """The value of an entry point of the group ``diracx_bridge.client``.

    ``sync`` and ``aio`` are called with the face's ``send``, as generated groups are: a function that takes the
    arguments of ``httpx.Client.request`` (with ``url``) and gives the response, errors raised; that of ``aio`` is
    awaited. A package that generates its own client puts its generated groups there, with their models.
    """

    sync: Callable[..., Any]
    aio: Callable[..., Any]


def extension_group(name: str) -> OperationGroup:
    """The group that an extension registers as ``name``.

    Raises:
        AttributeError: there is none.
    """
    if not name.startswith("_"):
        from diracx_bridge.core.extensions import load

        if group := load("diracx_bridge.client", {}).get(name):
            return group  # type: ignore[no-any-return]
    raise AttributeError(f"The client has no operations {name!r}, and no extension registers them")
