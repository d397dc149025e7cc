"""When a client may keep what it has: conditional requests of RFC 9110, section 13."""

from __future__ import annotations

__all__ = ["http_date", "not_modified"]

import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

# An entity tag, weak or not; or, as clients of DiracX 0.7.0 send it, the bare hash.
_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s",]+)')


def http_date(moment: datetime) -> str:
    """``moment`` (aware) as an HTTP date, such as ``Sun, 06 Nov 1994 08:49:37 GMT``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def not_modified(
    *, tags: Collection[str], modified: datetime, if_none_match: str | None = None, if_modified_since: str | None = None
) -> bool:
    """Whether a GET is answered by 304.

    ``tags`` are the entity tags, without quotes, of all encodings of what is served; ``modified`` is its age (aware).
    The two headers are taken as they came. ``If-None-Match`` decides when there is one: ``*``, or any tag of its
    list, compared weakly (section 13.1.2). Else ``If-Modified-Since`` does, when it is a date: the same second or a
    later one is a 304 (section 13.1.3).
    """
    if if_none_match and (offered := _tags(if_none_match)):
        return if_none_match.strip() == "*" or not offered.isdisjoint(tags)
    since = _date(if_modified_since) if if_modified_since else None
    return since is not None and modified.replace(microsecond=0) <= since


def _tags(header: str) -> set[str]:
    return {quoted or bare for quoted, bare in _TAG.findall(header)}


def _date(header: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(header)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
