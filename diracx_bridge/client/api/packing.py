"""Archives of sandboxes: packed to a file and unpacked from one, in constant memory."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from diracx_bridge.core.errors import InvalidInput

LEVEL: Final = 18
"""Of zstd, as the official client packs: sandboxes are small and are packed once."""
_BLOCK: Final = 2**20
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


class Packed(NamedTuple):
    """A finished archive: its SHA-256 in hex and its size in bytes."""

    checksum: str
    size: int


def pack(paths: Sequence[Path], archive: Path) -> Packed:
    """Write files, and folders with all that is in them, into a tar.zst, each under its last name.

    Owners are left out, so that the same content gives the same checksum for everybody.

    Raises:
        InvalidInput: a path does not exist or can't be read, or two have one name.
    """
    import zstandard

    if not paths:
        raise InvalidInput("A sandbox needs at least one file")
    names = [path.resolve().name for path in paths]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidInput(f"Two of the paths have one name in the sandbox: {', '.join(twice)}")
    compressor = zstandard.ZstdCompressor(level=LEVEL, threads=-1)
    try:
        with (
            archive.open("wb") as raw,
            compressor.stream_writer(raw) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            for path, name in zip(paths, names, strict=True):
                tar.add(path, arcname=name, filter=_nobodys)
    except OSError as error:
        raise InvalidInput(f"{error.filename or paths[0]} can't be packed: {error.strerror or error}") from None
    return Packed(_checksum(archive), archive.stat().st_size)


def unpack(archive: Path, destination: Path, checksum: str) -> list[Path]:
    """Extract an archive (tar.zst, or what `tarfile` knows) below ``destination``; the paths of its files.

    Raises:
        InvalidInput: the content has another SHA-256 than ``checksum``, is no archive, or would leave the folder.
    """
    if (actual := _checksum(archive)) != checksum:
        raise InvalidInput(f"The sandbox is damaged: its checksum is {actual}, not {checksum}. Try again")
    destination.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    try:
        with _opened(archive) as content, tarfile.open(fileobj=content, mode="r|*") as tar:
            for member in tar:
                tar.extract(member, destination, filter="data")
                if not member.isdir():
                    paths.append(destination / member.name)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise InvalidInput(f"The sandbox can't be unpacked into {destination}: {error}") from None
    return paths


@contextmanager
def _opened(archive: Path) -> Iterator[IO[bytes]]:
    with archive.open("rb") as raw:
        start = raw.read(len(_ZSTD))
        raw.seek(0)
        if start != _ZSTD:
            yield raw
            return
        import zstandard

        reader: Any = zstandard.ZstdDecompressor().stream_reader(raw)
        try:
            with reader:
                yield reader
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from None


def _checksum(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            total.update(block)
    return total.hexdigest()


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
