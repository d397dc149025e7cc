"""A command in a terminal of its own, as a person sees it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")


@dataclass(frozen=True, slots=True)
class Screen:
    """What was shown, without colours, and how the command ended."""

    text: str
    code: int

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def on_terminal(command: Sequence[str], environment: Mapping[str, str], columns: int, typed: str = "") -> Screen:
    """Run ``command`` in a pseudo-terminal that is ``columns`` wide and 40 lines high."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {k: v for k, v in environment.items() if k not in ("COLUMNS", "LINES", "NO_COLOR", "CI")}
    process = subprocess.Popen(
        command, env={**env, "TERM": "xterm-256color"}, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    if typed:
        os.write(master, typed.encode())
    shown = b""
    try:
        while block := os.read(master, 65536):
            shown += block
    except OSError:
        pass  # the terminal is closed when the last process that has it ends
    finally:
        os.close(master)
    return Screen(_ESCAPES.sub("", shown.decode(errors="replace")).replace("\r\n", "\n"), process.wait(60))
