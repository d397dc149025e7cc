"""Where the commands get the legacy configuration from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.tree import Section
    from diracx_bridge.legacy_adapters.administration.cs import Configuration

Cfg = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="The legacy configuration, - for standard input; default: the CS of the DIRAC here.",
    ),
]
Service = Annotated[str, typer.Argument(help="A service with an adapter, such as JobStateUpdate.")]
Vo = Annotated[str, typer.Option(help="One VO; default: all of them.")]
Method = Annotated[str, typer.Option(help="One method; default: all of them.")]


def configuration(cfg: str | None) -> Configuration:
    """The configuration in the file ``cfg``, or the one that DIRAC has here.

    Raises:
        SettingsError: there is neither.
        SetupError: it can't be read.
    """
    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.legacy_adapters.administration.cs import Configuration

    if cfg is not None:
        from diracx_bridge.cs_sync.reader import read
        from diracx_bridge.cs_sync.source import load

        source, findings = load(cfg)
        return Configuration(_plain(read(source.text, findings)))
    from importlib.util import find_spec

    if find_spec("DIRAC") is None:
        raise SettingsError("DIRAC is not installed here: give the legacy configuration by --cfg FILE")
    from diracx_bridge.legacy_adapters.dirac.cs_access import served_configuration

    return Configuration(served_configuration())


def routing_file() -> Path:
    """The routing file of this host.

    Raises:
        SettingsError: it has no name.
    """
    import os

    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.core.routing.effective import OVERRIDE_FILE

    named = os.environ.get(OVERRIDE_FILE)
    if named:
        return Path(named)
    root = os.environ.get("DIRAC_ROOT_PATH") or os.environ.get("DIRAC")
    if not root:
        raise SettingsError(f"Where the routing file of this host is says {OVERRIDE_FILE}, or DIRAC_ROOT_PATH: set one")
    return Path(root) / "etc" / "diracx-bridge-routing.cfg"


def _plain(section: Section) -> dict[str, Any]:
    options = {option.name: option.value for option in section.options()}
    return {**options, **{inner.name: _plain(inner) for inner in section.sections()}}
