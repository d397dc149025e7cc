"""What services answer from: one immutable object per revision of the configuration."""

from __future__ import annotations

__all__ = ["ConfigSnapshot"]

import asyncio
import gzip
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from pydantic_core import PydanticSerializationError

from diracx_bridge.config.conditional import http_date, not_modified
from diracx_bridge.config.members import for_members
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
    part: str = ""
    """What tells the bytes from those of the whole configuration at this revision; a part of the entity tags."""
    _parts: dict[str, ConfigSnapshot] = field(default_factory=dict, repr=False)

    @classmethod
    def make(cls, config: Config, *, revision: str, modified: datetime, part: str = "") -> ConfigSnapshot:
        """The snapshot of ``config``; costs about 0.2 s per 10 MB, so call it in a thread.

        Raises:
            ConfigurationError: a free section holds a value that JSON can't.
        """
        try:
            body = config.model_dump_json(by_alias=True).encode()
        except PydanticSerializationError as error:
            raise ConfigurationError(f"can't be written as JSON: {error}") from None
        return cls(config, revision, modified, body, gzip.compress(body, compresslevel=6, mtime=0), part)

    async def for_members(self, vo: str) -> ConfigSnapshot:
        """What `for_members` leaves of it for those of ``vo``, made when it is first asked for."""
        found = self._parts.get(vo)
        if found is None:
            found = self._parts[vo] = await asyncio.to_thread(self._made_for_members, vo)
        return found

    def _made_for_members(self, vo: str) -> ConfigSnapshot:
        part = f"-{sha256(vo.encode()).hexdigest()[:16]}"
        return self.make(for_members(self.config, vo), revision=self.revision, modified=self.modified, part=part)

    def moved_to(self, revision: str, modified: datetime) -> ConfigSnapshot:
        """The same content at another commit."""
        return replace(self, revision=revision, modified=modified, _parts={})

    @property
    def etag(self) -> str:
        """Strong entity tag of `body`, in quotes: the commit hash, and `part`."""
        return f'"{self.revision}{self.part}"'

    @property
    def etag_gzip(self) -> str:
        """Strong entity tag of `body_gzip`, in quotes: other bytes, so another tag (RFC 9110, section 8.8.3.3)."""
        return f'"{self.revision}{self.part}{_GZIP}"'

    @property
    def last_modified(self) -> str:
        """`modified` as an HTTP date."""
        return http_date(self.modified)

    def not_modified(self, *, if_none_match: str | None = None, if_modified_since: str | None = None) -> bool:
        """Whether a request with these headers (as they came) is answered by 304."""
        return not_modified(
            tags=(self.revision + self.part, self.revision + self.part + _GZIP),
            modified=self.modified,
            if_none_match=if_none_match,
            if_modified_since=if_modified_since,
        )
