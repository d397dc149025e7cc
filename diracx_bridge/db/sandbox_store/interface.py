"""What a store of sandboxes does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PresignedUpload:
    """Where to post a form with ``fields`` and, last, the archive as ``file``."""

    url: str
    fields: dict[str, str] = field(default_factory=dict)


class SandboxStore(Protocol):
    """Archives by key (``<vo>/<group>/<user>/sha256:<hex>.<format>``).

    The archives themselves never pass the API: clients get URLs that are good for one archive and for a limited time.
    All methods raise `Unavailable` while the store does not answer.
    """

    bucket: str
    """The part of a PFN that names this store."""
    url_validity: int
    """Seconds for which URLs are good."""

    async def check(self) -> None:
        """Return if the store answers. An answer is good for some seconds, so this costs next to nothing."""

    def upload(self, key: str, *, checksum: str, size: int, base_url: str) -> PresignedUpload:
        """Where to upload ``size`` bytes, no more or less, with the SHA-256 ``checksum`` (hex).

        ``base_url`` is that of the API.
        """

    def download(self, key: str, *, base_url: str) -> str:
        """A URL from which the archive can be fetched."""

    async def holds(self, key: str) -> bool:
        """Whether the archive is there, whole."""

    async def delete(self, keys: Collection[str]) -> dict[str, str]:
        """Delete archives (1,000 at most); returns those that could not be deleted, and why. Absent ones count as
        deleted."""

    async def close(self) -> None:
        """Close all connections."""
