"""The page of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, get_args

from pages.markdown import page, table
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from diracx_bridge.client.preferences import Preferences
from diracx_bridge.core.routing.effective import VARIABLES
from diracx_bridge.core.settings import DOTENV, AuthSettings, SandboxStoreSettings, Settings

CLIENT_VARIABLES: Final = {
    "url": "Base URL of the DiracX server.",
    "ca_path": "Certificates to trust besides the usual ones: a file, or a folder of hashed names.",
    "credentials_path": "Where the tokens are kept, in the format of the official client.",
    "output_format": "`RICH` or `JSON`; default: what fits the terminal. Nothing here prints by it yet.",
    "log_level": "`ERROR`, `WARNING`, `INFO` or `DEBUG`.",
}
"""What the fields of the client's preferences mean; the variable of each is ``DIRACX_`` and its name in capitals."""


def settings_page() -> str:
    """Every environment variable."""
    titles = ("variable", "value", "default", "meaning")
    client = (
        (f"`DIRACX_{field.name.upper()}`", CLIENT_VARIABLES[field.name].replace("\n", " "))
        for field in fields(Preferences)
    )
    return page(
        "Settings",
        "Environment variables. Names that DiracX 0.7.0 has mean here what they mean there; the others start with "
        "`DIRACX_BRIDGE_`. Unknown variables are ignored. A wrong or missing one is named when a process starts.",
        "## Services",
        table(titles, (_setting("DIRACX_", name, field) for name, field in _settings(Settings))),
        "## Tokens",
        table(titles, (_setting("DIRACX_SERVICE_AUTH_", name, field) for name, field in _settings(AuthSettings))),
        "## Sandboxes",
        table(
            titles, (_setting("DIRACX_SANDBOX_STORE_", name, field) for name, field in _settings(SandboxStoreSettings))
        ),
        "## Files",
        f"`{DOTENV}`, then `{DOTENV}_1`, `{DOTENV}_2`, ... name dotenv files with such variables. Later files win "
        "over earlier ones, the environment over all files.",
        "## Client",
        table(("variable", "meaning"), client),
        "## Doors",
        table(("variable", "meaning"), ((f"`{name}`", meaning) for name, meaning in VARIABLES.items())),
    )


def _settings(model: type[Any]) -> Iterator[tuple[str, FieldInfo]]:
    return ((name, field) for name, field in model.model_fields.items() if name not in ("auth", "sandbox_store"))


def _setting(prefix: str, name: str, field: FieldInfo) -> tuple[str, ...]:
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    if field.is_required():
        shown = "must be set"
    elif isinstance(default, list):
        shown = f"`[{', '.join(chr(34) + item + chr(34) for item in default)}]`"
    else:
        shown = "" if default in (None, "") else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    return f"`{prefix}{name.upper()}`", _kind(field.annotation), shown, field.description or ""


def _kind(annotation: Any) -> str:
    words = {bool: "true or false", int: "whole number", float: "number", Path: "path", SecretStr: "text, secret"}
    for kind in (annotation, *get_args(annotation)):
        if kind in words:
            return words[kind]
    text = str(annotation)
    if "Literal" in text:
        return " or ".join(f"`{choice}`" for choice in get_args(annotation))
    return "JSON list" if "list[" in text else "JSON object" if "dict[" in text else "text"
