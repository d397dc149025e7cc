"""What services answer from: one immutable object per revision of the configuration."""

from __future__ import annotations

__all__ = ["ConfigSnapshot"]

import gzip
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic_core import PydanticSerializationError

from diracx_bridge.config.conditional import http_date, not_modified
from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import ConfigurationError

_GZIP = "-gzip"


@dataclass(frozen=True, slots=True, eq=False)
class ConfigSnapshot:
    """One revision of the configuration and its bytes on the wire.

    Made once per revision, so that a request costs no parsing, no serialisation and no compression.
    """

    config: Config
    """The typed configuration, `Operations/Defaults` merged under each VO."""
    revision: str
    """Hash of the commit."""
    modified: datetime
    """Committer time, aware, whole seconds."""
    body: bytes
    """What ``GET /api/config/`` answers: JSON with CS spelling, defaults filled in."""
    body_gzip: bytes
    """`body`, compressed by gzip."""

    @classmethod
    def make(cls, config: Config, *, revision: str, modified: datetime) -> ConfigSnapshot:
        """The snapshot of ``config``; costs about 0.2 s per 10 MB, so call it in a thread.

        Raises:
            ConfigurationError: a free section holds a value that JSON can't.
        """
        try:
            body = config.model_dump_json(by_alias=True).encode()
        except PydanticSerializationError as error:
            raise ConfigurationError(f"can't be written as JSON: {error}") from None
        return cls(config, revision, modified, body, gzip.compress(body, compresslevel=6, mtime=0))

    def moved_to(self, revision: str, modified: datetime) -> ConfigSnapshot:
        """The same content at another commit."""
        return replace(self, revision=revision, modified=modified)

    @property
    def etag(self) -> str:
        """Strong entity tag of `body`, in quotes: the commit hash."""
        return f'"{self.revision}"'

    @property
    def etag_gzip(self) -> str:
        """Strong entity tag of `body_gzip`, in quotes: other bytes, so another tag (RFC 9110, section 8.8.3.3)."""
        return f'"{self.revision}{_GZIP}"'

    @property
    def last_modified(self) -> str:
        """`modified` as an HTTP date."""
        return http_date(self.modified)

    def not_modified(self, *, if_none_match: str | None = None, if_modified_since: str | None = None) -> bool:
        """Whether a request with these headers (as they came) is answered by 304."""
        return not_modified(
            tags=(self.revision, self.revision + _GZIP),
            modified=self.modified,
            if_none_match=if_none_match,
            if_modified_since=if_modified_since,
        )
