"""What the doors of one process share: the dispatcher, the ledger, and the way into DIRAC's log."""

from __future__ import annotations

import atexit
import logging
from typing import Any, Final

from DIRAC import gConfig, gLogger

from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.ledger.sender import Sender

SERVER_PAUSE: Final = 5.0
CLIENT_PAUSE: Final = 600.0
"""Seconds between batches of the ledger: of a service, and of a client, for which each is one more exchange."""


def _is_server() -> bool:
    """Whether this process has the key of the legacy exchange, as services have."""
    return bool(gConfig.getValue("/DiracX/LegacyExchangeApiKey", ""))


def _send(batch: dict[str, Any]) -> None:
    if _is_server():
        from diracx_bridge.legacy_adapters.dirac.impersonation import impersonation

        impersonation().record(batch)
    else:
        from diracx_bridge.legacy_adapters.dirac.session import record

        record(batch)


def _pause() -> float:
    return SERVER_PAUSE if _is_server() else CLIENT_PAUSE


sender: Final = Sender(_send, _pause)
"""The ledger of this process, on its way to the service."""
atexit.register(sender.end)
dispatcher: Final = Dispatcher(observer=sender)
"""Carries out every call of this process."""


class _ToDirac(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._log = gLogger.getSubLogger("DiracxBridge")

    def emit(self, record: logging.LogRecord) -> None:
        write = {logging.INFO: self._log.info, logging.WARNING: self._log.warn}.get(record.levelno, self._log.error)
        write(record.getMessage())


_logger = logging.getLogger("diracx_bridge")
if not _logger.handlers:
    _logger.addHandler(_ToDirac())
    _logger.propagate = False
