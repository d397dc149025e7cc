"""How a command ends that did not do all of it."""

from __future__ import annotations

from collections.abc import Iterable


class Failed(Exception):
    """The command ends with this exit code; what there is to say has been printed."""

    def __init__(self, code: int = 2) -> None:
        super().__init__()
        self.code = code


def end(errors: Iterable[tuple[str, str]]) -> None:
    """Print an error of each subject.

    Raises:
        Failed: there is one.
    """
    errors = list(errors)
    for subject, message in errors:
        print(f"ERROR {subject}: {message}")
    if errors:
        raise Failed
