"""Gets the text of a legacy configuration: a file, standard input, or one of DIRAC's backup archives."""

from __future__ import annotations

import re
import sys
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.tree import Part

__all__ = ["Form", "Source", "decoded", "load"]

MAX_LINES: Final = 100
"""So many lines that are not UTF-8 are reported."""
MAX_SIZE: Final = 256 * 2**20
"""Longer texts are refused: the largest known configuration has 9 MB."""
_ARCHIVE: Final = b"PK\x03\x04"


class Form(Enum):
    """How a text was stored."""

    PLAIN = "UTF-8"
    BOM = "UTF-8 with a byte order mark"
    LATIN_1 = "Latin-1"
    ARCHIVE = "a zip archive"


@dataclass(frozen=True, slots=True)
class Source:
    """A text with the ``name`` it goes by in findings and the SHA-256 ``digest`` of its bytes.

    ``form`` says what stands between the text and the bytes: a byte order mark, another encoding, an archive.
    """

    name: str
    text: str
    digest: str
    form: Form = Form.PLAIN


def load(old: str, findings: Findings | None = None) -> tuple[Source, Findings]:
    """The text of the file ``old`` (``-``: standard input), and findings about its encoding, added to those given.

    UTF-8 is expected; a byte order mark is removed, anything else is read as Latin-1. A zip archive as DIRAC writes
    into ``csbackup`` is opened.

    Raises:
        SetupError: the file can't be read, or is too large.
    """
    name = "<stdin>" if old == "-" else old
    try:
        data = sys.stdin.buffer.read(MAX_SIZE + 1) if old == "-" else _read(Path(old))
    except OSError as error:
        raise SetupError(f"{name} can't be read: {error.strerror or error}") from error
    return decoded(name, data, findings)


def decoded(name: str, data: bytes, findings: Findings | None = None) -> tuple[Source, Findings]:
    """The text that ``data`` is, otherwise like `load`."""
    if len(data) > MAX_SIZE:
        raise SetupError(f"{name} is larger than {MAX_SIZE >> 20} MB, which no legacy configuration is")
    if findings is None:
        findings = Findings(name)
    text, form = _decode(_unpack(data, findings), findings)
    if data.startswith(_ARCHIVE):
        form = Form.ARCHIVE
    return Source(name, text, sha256(data).hexdigest(), form), findings


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_SIZE + 1)


def _unpack(data: bytes, findings: Findings) -> bytes:
    if not data.startswith(_ARCHIVE):
        return data
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > 1:
                message = f"The archive holds {len(members)} files; {members[0].filename} is read"
                findings.add("file-archive-several", message, at=Part("", 1, 1))
            if members and members[0].file_size <= MAX_SIZE:
                with archive.open(members[0]) as file:
                    return file.read(MAX_SIZE)
        problem = "it is too large unpacked" if members else "it is empty"
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        problem = "it is damaged"
    findings.add("file-archive", f"This is a zip archive, and {problem}", at=Part("", 1, 1))
    return b""


def _decode(data: bytes, findings: Findings) -> tuple[str, Form]:
    start = Part("", 1, 1)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        _find_latin_1(data, findings)
        return data.decode("latin-1"), Form.LATIN_1
    if text.startswith("\ufeff"):
        findings.add("file-bom", "A byte order mark", at=start)
        return text[1:], Form.BOM
    return text, Form.PLAIN


def _find_latin_1(data: bytes, findings: Findings) -> None:
    """Name the first byte that is not UTF-8 of each line, as far as that helps."""
    told = 0
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data), 1):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError as error:
            message = f"Byte 0x{line[error.start]:02x} is not UTF-8"
            findings.add("file-latin-1", message, at=Part("", number, error.start + 1))
            told += 1
            if told == MAX_LINES:
                return
