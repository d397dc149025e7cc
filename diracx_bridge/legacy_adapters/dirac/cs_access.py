"""The CS of the DIRAC installation that this process belongs to: read, and changed with the rights of its proxy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diracx_bridge.core.errors import SetupError


def served_configuration() -> dict[str, Any]:
    """The configuration as DIRAC merges it here, as a tree of sections and texts.

    Raises:
        SetupError: DIRAC can't be initialized here.
    """
    import DIRAC

    try:
        DIRAC.initialize()
    except (RuntimeError, SystemExit) as error:
        raise SetupError(f"DIRAC can't be initialized here ({error}): make a proxy, or give --cfg FILE") from error
    from DIRAC.ConfigurationSystem.Client.ConfigurationData import gConfigurationData

    tree: dict[str, Any] = gConfigurationData.mergedCFG.getAsDict()
    return tree


def commit(changes: Mapping[str, str | None]) -> None:
    """Set options of the master CS, or remove those that are None, in one commit.

    Raises:
        SetupError: the CS refuses: no right (CSAdministrator), or somebody else has committed meanwhile.
    """
    from DIRAC.ConfigurationSystem.Client.CSAPI import CSAPI

    api = CSAPI()
    for path, text in changes.items():
        _good(api.delOption(path) if text is None else api.setOption(path, text))
    _good(api.commit())


def _good(result: Mapping[str, Any]) -> None:
    if not result["OK"]:
        raise SetupError(f"The CS refuses the change: {result['Message']}")
