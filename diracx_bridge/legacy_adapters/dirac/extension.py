"""What DIRAC's extension mechanism calls; see the entry point group ``dirac``."""

from __future__ import annotations

import sys
from typing import Any

from diracx_bridge.core.errors import BridgeError

PRIORITY = 0.5
"""Above DIRAC's own 0 and below every extension's: the bridge overrides nothing, and equal ones give a warning."""


def metadata() -> dict[str, Any]:
    """The metadata of the bridge as a DIRAC extension. Calling it opens the client door.

    DIRAC calls it before the first client object exists. Where the door can't be opened the reason goes to stderr and
    DIRAC works as without the bridge: an exception here would end every DIRAC process at its start.
    """
    from diracx_bridge.legacy_adapters.dirac.hook import install

    try:
        install()
    except BridgeError as error:
        sys.stderr.write(f"WARNING: the client door of diracx-bridge stays closed: {error}\n")
    return {"primary_extension": False, "priority": PRIORITY, "setups": {}}
