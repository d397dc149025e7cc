"""Shows on a terminal what a command is doing."""

from __future__ import annotations


class Progress:
    """Shows the current stage on a terminal; silent elsewhere."""

    def __enter__(self) -> Progress:
        from rich.console import Console

        console = Console(stderr=True)
        self._status = console.status("starting") if console.is_terminal else None
        if self._status:
            self._status.start()
        return self

    def __call__(self, stage: str) -> None:
        if self._status:
            self._status.update(stage)

    def __exit__(self, *exc_info: object) -> None:
        if self._status:
            self._status.stop()
