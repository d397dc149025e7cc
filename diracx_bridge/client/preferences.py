"""What the environment says about the server to talk to; names and defaults are those of the official client."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from diracx_bridge.core.errors import SettingsError

OUTPUT_FORMATS = ("RICH", "JSON")
LOG_LEVELS = ("ERROR", "WARNING", "INFO", "DEBUG")


def default_credentials_path() -> Path:
    """Where the official client keeps its credentials if nothing else is said."""
    return Path.home() / ".cache" / "diracx" / "credentials.json"


@dataclass(frozen=True, slots=True)
class Preferences:
    """How to reach a DiracX server, and as whom.

    ``url`` is the base URL of the server; ``ca_path`` a file or a hashed folder of certificates to trust besides the
    usual ones; ``output_format`` is ``RICH`` or ``JSON``, ``None`` for what fits the terminal.
    """

    url: str
    ca_path: Path | None = None
    credentials_path: Path = field(default_factory=default_credentials_path)
    output_format: str | None = None
    log_level: str = "INFO"

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise SettingsError(f"DIRACX_URL is {self.url!r}: it has to start with https:// (or http://)")
        if self.ca_path is not None and not self.ca_path.exists():
            raise SettingsError(f"DIRACX_CA_PATH is {str(self.ca_path)!r}, which does not exist")
        _one_of("DIRACX_OUTPUT_FORMAT", self.output_format or "RICH", OUTPUT_FORMATS)
        _one_of("DIRACX_LOG_LEVEL", self.log_level, LOG_LEVELS)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, *, url: str | None = None) -> Preferences:
        """The preferences of ``DIRACX_URL``, ``_CA_PATH``, ``_CREDENTIALS_PATH``, ``_OUTPUT_FORMAT``, ``_LOG_LEVEL``.

        ``url`` comes before ``DIRACX_URL``.

        Raises:
            SettingsError: no URL is given, or a value is not one of the possible ones.
        """
        read = (os.environ if environment is None else environment).get
        url = url or read("DIRACX_URL")
        if not url:
            raise SettingsError("DIRACX_URL is not set: give the base URL of the DiracX server")
        ca_path = read("DIRACX_CA_PATH")
        credentials_path = read("DIRACX_CREDENTIALS_PATH")
        return cls(
            url=url,
            ca_path=Path(ca_path) if ca_path else None,
            credentials_path=Path(credentials_path) if credentials_path else default_credentials_path(),
            output_format=(read("DIRACX_OUTPUT_FORMAT") or "").upper() or None,
            log_level=(read("DIRACX_LOG_LEVEL") or "INFO").upper(),
        )


def _one_of(name: str, value: str, possible: tuple[str, ...]) -> None:
    if value not in possible:
        raise SettingsError(f"{name} is {value!r}: possible are {', '.join(possible)}")
