"""What the doors of one process share: the dispatcher, and the way into DIRAC's log."""

from __future__ import annotations

import logging
from typing import Final

from DIRAC import gLogger

from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher

dispatcher: Final = Dispatcher()
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
