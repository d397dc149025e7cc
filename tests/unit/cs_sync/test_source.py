"""Texts come from files, standard input and backup archives, in any encoding."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from diracx_bridge.core.errors import SetupError
from diracx_bridge.cs_sync.convert import convert
from diracx_bridge.cs_sync.source import load

from .configurations import cfg, codes, minimal, put


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name, data in members.items():
            zipped.writestr(name, data)
    return stream.getvalue()


TEXT = cfg(put(minimal(), "Operations/Defaults/Pilot/Version", "é"))


@pytest.mark.parametrize(
    ("data", "findings"),
    [
        (TEXT.encode(), []),
        (b"\xef\xbb\xbf" + TEXT.encode(), ["file-bom"]),
        (TEXT.encode("latin-1"), ["file-latin-1"]),
        (archive(cfg=TEXT.encode()), []),
        (archive(cfg=TEXT.encode("latin-1")), ["file-latin-1"]),
        (archive(cfg=TEXT.encode(), other=b"A {"), ["file-archive-several"]),
    ],
)
def test_a_file_is_read_in_any_encoding(tmp_path: Path, data: bytes, findings: list[str]) -> None:
    file = tmp_path / "dirac.cfg"
    file.write_bytes(data)
    result = convert(str(file))
    assert codes(result) == findings
    assert result.content is not None
    assert result.content["Operations"]["Defaults"]["Pilot"]["Version"] == "é"
    assert result.source.digest == hashlib.sha256(data).hexdigest()


def test_the_first_byte_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "dirac.cfg"
    file.write_bytes(b"# fine\n# a\xe9\n")
    (found,) = load(str(file))[1]
    assert (found.line, found.column) == (2, 4)


def test_each_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "dirac.cfg"
    file.write_bytes(b"# \xe9\r\n# \xc3\xa9\r\n# \xe9\r# \xe9\n" + b"# \xe9\n" * 500)
    found = list(load(str(file))[1])
    assert [(one.line, one.column) for one in found[:4]] == [(1, 3), (3, 3), (4, 3), (5, 3)]
    assert len(found) == 100


def damaged() -> bytes:
    """An archive whose compressed data is overwritten."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("cfg", TEXT)
    data = stream.getvalue()
    return data[:40] + bytes(20) + data[60:]


@pytest.mark.parametrize(
    "data",
    [archive(), archive(a=b"xxxxxxxxxx" * 99)[:60], damaged()],
    ids=["empty", "cut", "damaged"],
)
def test_an_archive_that_is_no_backup_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "dirac.zip"
    file.write_bytes(data)
    result = convert(str(file))
    assert result.refused
    assert all(found.line == 1 for found in result.findings)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    result = convert("-")
    assert result.source.name == "<stdin>"
    assert not result.refused


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"gone\.cfg can't be read: No such file"):
        convert(str(tmp_path / "gone.cfg"))


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diracx_bridge.cs_sync.source.MAX_SIZE", 10)
    (tmp_path / "big.cfg").write_text("x" * 11)
    with pytest.raises(SetupError, match="larger than"):
        convert(str(tmp_path / "big.cfg"))
