"""The operations on sandboxes, as steps: packed with zstd, sent and fetched by presigned URLs, checked by SHA-256."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from diracx_bridge.client.api.packing import Packed, pack, unpack
from diracx_bridge.client.api.steps import Call, Steps, Transfer, Work
from diracx_bridge.core.errors import InvalidInput

Progress = Callable[[int], None]
Kind = Literal["input", "output"]
_CHECKSUM: Final = re.compile(r"/sha256:(?P<checksum>[0-9a-f]{64})\.(?P<format>tar\.\w+)$")


def upload(paths: str | Path | Iterable[str | Path], *, progress: Progress | None = None) -> Steps[str]:
    """The PFN of a sandbox with these files and folders, to be named in a JDL; ``progress`` is told of bytes sent.

    Content that the store has already is not sent again.

    Raises:
        InvalidInput: a path does not exist or can't be read, two have one name, or there is no room for the archive.
    """
    named = [paths] if isinstance(paths, str | Path) else list(paths)
    with _scratch() as folder:
        archive = folder / "sandbox.tar.zst"
        packed: Packed = yield Work(lambda: pack([Path(path) for path in named], archive))
        info = {
            "checksum_algorithm": "sha256",
            "checksum": packed.checksum,
            "size": packed.size,
            "format": "tar.zst",
        }
        response = yield Call("POST", "/api/jobs/sandbox", info, operation="store sandboxes")
        answer: dict[str, Any] = response.json()
        if answer.get("url"):
            yield Transfer(answer["url"], archive, upload=True, fields=answer.get("fields") or {}, progress=progress)
    return str(answer["pfn"])


def download(pfn: str, destination: str | Path = ".", *, progress: Progress | None = None) -> Steps[list[Path]]:
    """Unpack a sandbox below ``destination``, which is made if it isn't there; the paths of its files.

    Raises:
        InvalidInput: the PFN is none, the content is not what its checksum says, a member would leave the folder, or
            there is no room for the archive.
    """
    found = _CHECKSUM.search(pfn)
    if found is None:
        raise InvalidInput(f"{pfn} is no PFN of a sandbox; it ends in /sha256:<64 hex digits>.tar.zst")
    response = yield Call("GET", "/api/jobs/sandbox", params={"pfn": pfn}, operation="fetch sandboxes")
    with _scratch() as folder:
        archive = folder / f"sandbox.{found['format']}"
        yield Transfer(response.json()["url"], archive, progress=progress)
        paths: list[Path] = yield Work(lambda: unpack(archive, Path(destination), found["checksum"]))
    return paths


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for an archive; what goes wrong with files in the block is an error that says so."""
    try:
        with tempfile.TemporaryDirectory(prefix="diracx-sandbox-") as folder:
            yield Path(folder)
    except OSError as error:
        raise InvalidInput(
            f"A file of the sandbox can't be read or written: {error}. Archives are made in the folder for temporary "
            "files; TMPDIR names another one"
        ) from None


def of_job(job_id: int, kind: Kind | None = None) -> Steps[dict[str, list[str]]]:
    """The PFNs of the sandboxes of a job, by ``Input`` and ``Output``, or those of one kind."""
    if kind is None:
        response = yield Call("GET", f"/api/jobs/{job_id}/sandbox", operation="list the sandboxes of a job")
        return {str(name): list(pfns or []) for name, pfns in response.json().items()}
    response = yield Call("GET", f"/api/jobs/{job_id}/sandbox/{kind}", operation="list the sandboxes of a job")
    return {kind.capitalize(): list(response.json())}


def assign(job_id: int, pfn: str) -> Steps[None]:
    """Make ``pfn`` the output sandbox of a job."""
    yield Call("PATCH", f"/api/jobs/{job_id}/sandbox/output", pfn, operation="assign sandboxes")
