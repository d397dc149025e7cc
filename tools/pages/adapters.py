"""The page of the adapters."""

from __future__ import annotations

from pages.markdown import page, table

from diracx_bridge.legacy_adapters.contract import REQUIRED, Argument
from diracx_bridge.legacy_adapters.registry import BUILT_IN


def adapters_page() -> str:
    """Every method of every adapted legacy service."""
    parts: list[str | list[str]] = []
    for service, adapted in sorted(BUILT_IN.items()):
        rows = (
            (
                f"`{method.name}({', '.join(map(_argument, method.arguments))})`",
                method.value,
                " and ".join([" or ".join(method.callers), *([f"`{method.right}`"] if method.right else [])]),
                "yes" if method.replayable else "no",
                "yes" if method.safe_fallback else "no",
            )
            for method in adapted.contract.methods
        )
        head = ("method", "value", "callers", "replayed from stubs", "safe to repeat by legacy")
        parts += [f"## {service}", table(head, rows)]
    return page(
        "Adapter coverage",
        "The legacy services that have an adapter, and their methods. Other methods go to legacy in every stage but "
        "`retired`, where they answer `S_ERROR`. What differs on purpose is on the page [differences](differences.md). "
        "Callers are those that legacy DIRAC lets in as it is shipped, with the right that they need to each job; "
        "DiracX has [its own rules](../explanation/vo-boundaries.md). The last two columns matter for ForwardDISET "
        "requests, and for the fallback to legacy after a failure that leaves open what DiracX has done.",
        *parts,
    )


def _argument(argument: Argument) -> str:
    return argument.name if argument.default is REQUIRED else f"{argument.name}={argument.default!r}"
