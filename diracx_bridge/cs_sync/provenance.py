"""From a conversion to a change of the branch: who made it, when, and from what."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from diracx_bridge import __version__
from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.git.change import TOOL_TRAILER, Change, Person

__all__ = ["COMMITTED", "change_of", "last_committer", "moment", "reasons"]

COMMITTED: Final = re.compile(r"@@-([^@\n]+?)@([^\s@]+) - (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
"""What DIRAC writes above the options that a commit changed: ``@@-user@group - time``."""

_NAMED: Final = re.compile(r"^(user|group|VO) (?=\S+ (is|has|of|in) )")


def change_of(result: Result, *, committer: str | None = None, entry: str = "") -> Change:
    """The change that publishes ``result``, which must not be refused.

    ``committer`` is the DIRAC user who made this version, if known; else it is the one of the newest comment, provided
    that its time goes with the version. His address is the one in the converted registry, if it has one.
    """
    if result.content is None:
        raise ValueError("a refused configuration must not be published")
    tool = f"diracx-bridge {__version__}"
    version = result.version()
    name = version.get("Name", Path(result.source.name).name)
    when = moment(version.get("Version", ""))
    user = committer or last_committer(result.source.text, when)
    return Change(
        content=result.content,
        title=f"Convert {name} {version.get('Version', '')}".rstrip(),
        trailers={
            **{f"CS-{key}": value for key, value in version.items()},
            **({"CS-Committer": user} if user else {}),
            "CS-SHA256": result.source.digest,
            TOOL_TRAILER: tool,
        },
        author=_person(user, name, result) if user else None,
        when=when,
        note={
            "file": result.source.name,
            "sha256": result.source.digest,
            "configuration": version,
            "tool": tool,
            "vos": {
                vo: {"users": len(section["Users"]), "groups": len(section["Groups"])}
                for vo, section in sorted(result.content.get("Registry", {}).items())
            },
            "options": {**result.account.counts(), "reasons": reasons(result)},
            "findings": result.findings.by_code(),
        },
        entry=entry,
    )


def reasons(result: Result) -> dict[str, int]:
    """Why options were left out -> how many, without the names of users, groups and VOs."""
    found: Counter[str] = Counter()
    for why, count in result.account.reasons().items():
        named = _NAMED.match(why)
        found[f"its {named[1]} is not converted" if named else why] += count
    return dict(found.most_common())


def moment(version: str) -> datetime | None:
    """The time that a version of the CS is (UTC), None for a version of another form."""
    try:
        return datetime.fromisoformat(version.strip()).replace(tzinfo=UTC)
    except ValueError:
        return None


def last_committer(text: str, when: datetime | None) -> str | None:
    """The user of the newest committer comment in ``text``, unless it is more than a day older than ``when``."""
    newest = max(COMMITTED.finditer(text), key=lambda found: found[3], default=None)
    if newest is None:
        return None
    written = moment(newest[3])
    if when is not None and written is not None and abs((when - written).total_seconds()) > 86400:
        return None
    return newest[1]


def _person(user: str, configuration: str, result: Result) -> Person:
    for vo in (result.content or {}).get("Registry", {}).values():
        for entry in vo.get("Users", {}).values():
            if entry.get("PreferedUsername") == user and entry.get("Email"):
                return Person(user, entry["Email"])
    return Person(user, f"{user}@{re.sub(r'[^A-Za-z0-9.-]', '-', configuration)}.invalid")
