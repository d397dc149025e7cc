"""A form with a file, read as it arrives: nothing is kept but its short fields."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, Literal

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from diracx_bridge.core.errors import InvalidInput

MOST_FIELDS: Final = 20
LONGEST_FIELD: Final = 4096
FILE: Final = "file"

Event = tuple[Literal["field", "file", "data", "end"], str, bytes]
"""("field", name, value), ("file", "file", b"") when the file begins, ("data", "", some of it), ("end", "", b"")."""


class _Parts:
    """Collects the callbacks of the parser."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._header, self._value, self._disposition = b"", b"", b""
        self._name: str = ""
        self._content = bytearray()
        self._fields = 0
        self._in_file = self._over = False

    def begin(self) -> None:
        self._disposition, self._name = b"", ""
        self._content.clear()

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode(errors="replace")
        self._in_file = self._name == FILE and not self._over
        self._fields += 1
        if self._fields > MOST_FIELDS:
            raise InvalidInput(f"The form has more than {MOST_FIELDS} fields")
        if self._in_file:
            self.events.append(("file", FILE, b""))

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self.events.append(("data", "", data[start:end]))
        elif not self._over:
            self._content += data[start:end]
            if len(self._content) > LONGEST_FIELD:
                raise InvalidInput(f"The form field {self._name[:60]!r} is longer than {LONGEST_FIELD} bytes")

    def end(self) -> None:
        if self._in_file:
            self._in_file, self._over = False, True  # what follows the file is ignored, as S3 does
            self.events.append(("end", "", b""))
        elif not self._over:
            self.events.append(("field", self._name, bytes(self._content)))


async def parts_of(content_type: str, body: AsyncIterator[bytes]) -> AsyncIterator[Event]:
    """The parts of the form in ``body``, in their order; the event "end" comes only if the file is complete.

    Raises:
        InvalidInput: it is no form, or its fields are too many or too long.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise InvalidInput("Send a form: Content-Type multipart/form-data with a boundary")
    parts = _Parts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin,
                "on_part_data": parts.data,
                "on_part_end": parts.end,
                "on_header_field": parts.header_field,
                "on_header_value": parts.header_value,
                "on_header_end": parts.header_end,
                "on_headers_finished": parts.headers_finished,
            },
        )
        async for chunk in body:
            parser.write(chunk)
            ready, parts.events = parts.events, []
            for event in ready:
                yield event
    except FormParserError:
        raise InvalidInput("The form is malformed: it can't be told where its fields begin and end") from None
