"""What the doors of one process share: the dispatcher, the ledger, and the way into DIRAC's log."""

from __future__ import annotations

import atexit
import logging
from typing import Any, Final

from DIRAC import gConfig, gLogger

from diracx_bridge.legacy_adapters.compare.comparator import Comparator
from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.ledger.sender import Sender

SERVER_PAUSE: Final = 5.0
CLIENT_PAUSE: Final = 600.0
"""Seconds between batches of the ledger: of a service, and of a client, for which each is one more exchange."""

LAST_SECONDS: Final = 2.0
"""How long a process that ends waits for comparisons."""


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
comparator: Final = Comparator(sender.note)
dispatcher: Final = Dispatcher(observer=sender, comparator=comparator)
"""Carries out every call of this process."""


def _end() -> None:
    comparator.settle(LAST_SECONDS)
    sender.end()


atexit.register(_end)


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
