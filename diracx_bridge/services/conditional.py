"""Answers that clients keep: bytes that were made once, and 304 for those who have them."""

from __future__ import annotations

from typing import Protocol

from fastapi import Request, Response

JSON = "application/json"


class Document(Protocol):
    """JSON in its encodings, with what tells its revision."""

    @property
    def body(self) -> bytes:
        """Plain."""

    @property
    def body_gzip(self) -> bytes:
        """Compressed."""

    @property
    def etag(self) -> str:
        """Strong entity tag of ``body``, in quotes."""

    @property
    def etag_gzip(self) -> str:
        """Strong entity tag of ``body_gzip``, in quotes."""

    @property
    def last_modified(self) -> str:
        """An HTTP date."""

    def not_modified(self, *, if_none_match: str | None = None, if_modified_since: str | None = None) -> bool:
        """Whether a client with these headers has it already."""


def conditional(
    request: Request, document: Document, if_none_match: str | None, if_modified_since: str | None, *, vary: str
) -> Response:
    """``document`` in the encoding that the client takes, or 304; ``vary`` names what else it depends on."""
    compressed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        "ETag": document.etag_gzip if compressed else document.etag,
        "Last-Modified": document.last_modified,
        "Vary": vary,
    }
    if document.not_modified(if_none_match=if_none_match, if_modified_since=if_modified_since):
        return Response(status_code=304, headers=headers)
    if compressed:
        headers["Content-Encoding"] = "gzip"
    return Response(document.body_gzip if compressed else document.body, headers=headers, media_type=JSON)
