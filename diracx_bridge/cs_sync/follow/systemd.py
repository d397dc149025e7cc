"""Tells systemd how the daemon does (``Type=notify``); without systemd it tells nobody."""

from __future__ import annotations

import os
import socket

__all__ = ["notify"]


def notify(*lines: str) -> None:
    """Send ``lines``, such as ``READY=1`` or ``WATCHDOG=1``, to the manager that started us, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
        try:
            out.sendto("\n".join(lines).encode(), "\0" + address[1:] if address[0] == "@" else address)
        except OSError:
            return  # nobody listens, which is no reason to fail
