"""The environment of the services, as commands for administrators read it."""

from __future__ import annotations


def services_environment() -> dict[str, str]:
    """The variables of this process over those of the dotenv files that they name."""
    import os

    from dotenv import dotenv_values

    from diracx_bridge.core.settings import dotenv_files

    merged: dict[str, str] = {}
    for file in dotenv_files(os.environ):
        merged.update({name: value for name, value in dotenv_values(file).items() if value is not None})
    return {**merged, **os.environ}
