"""What members of a VO see of sites and resources: the rules, and the bytes that say it."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

import orjson

from diracx_bridge.config.conditional import http_date, not_modified
from diracx_bridge.db.sql.resource_status.db import ElementStatus

EVERYBODY: Final = "all"
"""The VO of statuses that hold for every VO without one of its own."""
ACCESS: Final = {"ReadAccess": "read", "WriteAccess": "write", "CheckAccess": "check", "RemoveAccess": "remove"}
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
GZIP: Final = "-gzip"


def _storage(statuses: Mapping[str, Any]) -> dict[str, Any] | None:
    if ACCESS.keys() - statuses.keys():
        return None
    return {name: statuses[access] for access, name in ACCESS.items()}


def _overall(statuses: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"all": statuses["all"]} if "all" in statuses else None


Shape = Callable[[Mapping[str, Any]], dict[str, Any] | None]
KINDS: Final[dict[str, tuple[str, Shape]]] = {
    "storage": ("StorageElement", _storage),
    "compute": ("ComputingElement", _overall),
    "site": ("Site", _overall),
    "fts": ("FTS", _overall),
}
"""Kind -> (DIRAC's element type, what the statuses of one element by type come to; None: they are not complete)."""


@dataclass(frozen=True, eq=False)
class View:
    """What one VO sees of one kind: JSON, made once. Equal content has equal tags, in every process."""

    body: bytes
    modified: datetime
    tag: str

    @classmethod
    def of(cls, kind: str, vo: str, statuses: Iterable[ElementStatus]) -> View:
        """The statuses of ``kind`` for everybody, those for ``vo`` in their place; ``modified`` is the last date."""
        element_type, shape = KINDS[kind]
        mine: dict[str, dict[str, ElementStatus]] = {}
        for row in statuses:
            if row.element_type == element_type and row.vo in (vo, EVERYBODY):
                of_element = mine.setdefault(row.name, {})
                if row.vo == vo or row.status_type not in of_element:
                    of_element[row.status_type] = row
        document = {}
        for name in sorted(mine):
            shaped = shape({status_type: status_of(row) for status_type, row in mine[name].items()})
            if shaped is not None:
                document[name] = shaped
        dates = [row.date_effective for rows in mine.values() for row in rows.values() if row.date_effective]
        body = orjson.dumps(document)
        return cls(body, max(dates, default=EPOCH), f"{hashlib.sha256(body).hexdigest()[:32]}-{vo}")

    @cached_property
    def body_gzip(self) -> bytes:
        """`body`, compressed."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    @property
    def etag(self) -> str:
        """Strong entity tag of `body`."""
        return f'"{self.tag}"'

    @property
    def etag_gzip(self) -> str:
        """Strong entity tag of `body_gzip`."""
        return f'"{self.tag}{GZIP}"'

    @property
    def last_modified(self) -> str:
        """`modified` as an HTTP date."""
        return http_date(self.modified)

    def not_modified(self, *, if_none_match: str | None = None, if_modified_since: str | None = None) -> bool:
        """Whether a client with these headers (as they came) has it already."""
        return not_modified(
            tags=(self.tag, self.tag + GZIP),
            modified=self.modified,
            if_none_match=if_none_match,
            if_modified_since=if_modified_since,
        )


def status_of(row: ElementStatus) -> dict[str, Any]:
    """DIRAC's status as DiracX has it: Active and Degraded allow, everything else does not."""
    if row.status == "Active":
        return {"allowed": True, "warnings": None}
    if row.status == "Degraded":
        return {"allowed": True, "warnings": row.reason}
    return {"allowed": False, "reason": row.reason}
