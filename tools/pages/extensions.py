"""The page of the entry point groups."""

from __future__ import annotations

import inspect
from typing import Final

from pages.markdown import page, table

from diracx_bridge.core import extensions
from diracx_bridge.db.sql.schemas import SCHEMAS
from diracx_bridge.legacy_adapters.registry import BUILT_IN
from diracx_bridge.services.app import SERVICES
from diracx_bridge.services.runtime import POLICIES

GROUPS: Final = {
    "diracx_bridge.services": ("`APIRouter`", "Routes at `/api/<name>`.", tuple(SERVICES)),
    "diracx_bridge.db.sql": ("class", "What is done with the tables of one database.", tuple(SCHEMAS)),
    "diracx_bridge.db.os": ("class", "The store of the job parameters.", ("JobParametersDB",)),
    "diracx_bridge.access_policies": ("class", "Who may do what: jobs, sandboxes, pilots, sites.", tuple(POLICIES)),
    "diracx_bridge.config": ("pydantic model", "The typed configuration: a subclass of `Config`.", ("config",)),
    "diracx_bridge.properties": ("collection of names", "Further security properties.", ()),
    "diracx_bridge.claims": (
        "function",
        "Further claims of access tokens: gets an `Identity`, returns a dictionary.",
        (),
    ),
    "diracx_bridge.adapters": ("`Adapted`", "The adapter of a legacy service `System/Service`.", tuple(BUILT_IN)),
    "diracx_bridge.client": ("`OperationGroup`", "Operations at both faces: `client.<name>`.", ()),
    "diracx_bridge.cli": ("`typer.Typer`", "A group of commands, `diracx-bridge <name> ...`.", ()),
    "diracx_bridge": ("integer", "The rank of the package among the others.", ("priority",)),
}
"""Entry point group -> (kind of the value, what it is for, the names that the bridge has itself)."""


def extensions_page() -> str:
    """Every group of entry points."""
    rows = (
        (f"`{group}`", kind, meaning, ", ".join(f"`{name}`" for name in names))
        for group, (kind, meaning, names) in GROUPS.items()
    )
    how = inspect.cleandoc(extensions.__doc__ or "").partition("\n\n")[2].replace("``", "`")
    return page("Entry point groups", how, table(("group", "value", "for", "names that the bridge has"), rows))
