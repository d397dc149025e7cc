"""Forms with an archive, as they come from clients and from others."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.services.sandbox_files.form import LONGEST_FIELD, MOST_FIELDS, Event, parts_of

KIND = "multipart/form-data; boundary=xx"


def part(name: str, content: bytes, more: str = "") -> bytes:
    return f'--xx\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def events(body: bytes, *, kind: str = KIND, size: int = 7) -> list[Event]:
    return [event async for event in parts_of(kind, pieces(body, size))]


@pytest.mark.parametrize("size", [1, 7, 10_000])
async def test_fields_come_before_the_file_and_the_file_in_pieces(size: int) -> None:
    content = b"\r\n--x binary \x00\xff" * 50
    body = part("key", b"a/b") + part("size", b"12") + part("file", content, '; filename="file"') + b"--xx--\r\n"
    found = await events(body, size=size)
    assert found[:3] == [("field", "key", b"a/b"), ("field", "size", b"12"), ("file", "file", b"")]
    assert b"".join(data for kind, _, data in found if kind == "data") == content
    assert found[-1] == ("end", "", b"")


async def test_what_follows_the_file_is_ignored() -> None:
    body = part("file", b"x") + part("key", b"y" * 2 * LONGEST_FIELD) + part("file", b"z") + b"--xx--\r\n"
    assert [kind for kind, _, data in await events(body, size=100_000)] == ["file", "data", "end"]


async def test_a_form_that_breaks_off_has_no_end() -> None:
    whole = part("file", b"x" * 100)
    assert ("end", "", b"") not in await events(whole[:-40])


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("application/json", b"{}", "multipart/form-data"),
        ("multipart/form-data", b"", "boundary"),
        ("", b"", "multipart/form-data"),
        (KIND, b"no form at all", "malformed"),
        (KIND, part("key", b"x" * (LONGEST_FIELD + 1)), "longer than"),
        (KIND, b"".join(part(f"f{n}", b"") for n in range(MOST_FIELDS + 1)), "more than"),
        (KIND, b"--xx\r\n" + b"X-Header: 1\r\n" * 100 + b"\r\n", "malformed"),
    ],
)
async def test_what_is_no_form_is_refused(kind: str, body: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        await events(body, kind=kind, size=100)
