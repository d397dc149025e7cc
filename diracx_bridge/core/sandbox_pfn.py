"""Names of sandboxes: ``SB:<storage element>|/S3/<bucket>/<vo>/<group>/<user>/sha256:<hex>.<format>``.

The part before ``/S3`` may be missing: then the storage element is that of the installation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from diracx_bridge.core.errors import InvalidInput

LONGEST: Final = 256
_PFN: Final = re.compile(
    r"(?:SB:(?P<se>[A-Za-z0-9_.-]+)\|)?"
    r"/S3/(?P<bucket>[a-z0-9.-]{3,63})"
    r"/(?P<key>(?P<vo>[^/\x00-\x20\x7f|]+)/(?P<group>[^/\x00-\x20\x7f|]+)/(?P<user>[^/\x00-\x20\x7f|]+)"
    r"/(?P<algorithm>[a-z0-9]{3,10}):(?P<checksum>[0-9a-f]{64})\.(?P<format>[a-z0-9.]+))"
)


@dataclass(frozen=True, slots=True)
class SandboxPFN:
    """One sandbox: ``se`` is its storage element, None if it was not named; ``key`` its name in the bucket."""

    se: str | None
    bucket: str
    key: str
    vo: str
    group: str
    user: str

    @classmethod
    def parse(cls, text: str) -> SandboxPFN:
        """The PFN in ``text``, short or full.

        Raises:
            InvalidInput: it is none; the message says what one looks like.
        """
        found = _PFN.fullmatch(text) if len(text) <= LONGEST else None
        if found is None:
            raise InvalidInput(
                f"{text[:LONGEST]!r} is no sandbox: expected [SB:<storage element>|]/S3/<bucket>/<vo>/<group>/<user>/"
                f"sha256:<64 hexadecimal digits>.<format>, at most {LONGEST} characters"
            )
        return cls(found["se"], found["bucket"], found["key"], found["vo"], found["group"], found["user"])

    @classmethod
    def of_upload(cls, bucket: str, vo: str, group: str, user: str, checksum: str, archive: str) -> SandboxPFN:
        """The name of a sandbox with this SHA-256 ``checksum`` (64 hexadecimal digits) and format of the ``archive``.

        Raises:
            InvalidInput: a part of it can't stand in a name.
        """
        return cls.parse(f"/S3/{bucket}/{vo}/{group}/{user}/sha256:{checksum.lower()}.{archive}")

    @property
    def short(self) -> str:
        """Without the storage element, as SandboxMetadataDB keeps it in ``SEPFN``."""
        return f"/S3/{self.bucket}/{self.key}"

    def full(self, se: str) -> str:
        """With the storage element, ``se`` if none was named."""
        return full_pfn(self.se or se, self.short)


def full_pfn(se: str, sepfn: str) -> str:
    """The name by which jobs know a sandbox of any store, legacy's included."""
    return f"SB:{se}|{sepfn}"


def split_pfn(text: str) -> tuple[str, str] | None:
    """(storage element, SEPFN) of a sandbox that a JDL names, of any store; None if it is another kind of file."""
    se, bar, sepfn = text.removeprefix("SB:").partition("|")
    return (se.strip(), sepfn.strip()) if text.startswith("SB:") and bar and se and sepfn else None
