"""What was published last: broken entries keep their values from it, and what vanishes is measured against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from diracx_bridge.cs_sync.account import TypedPath

__all__ = ["NOTHING", "Previous"]


@dataclass(frozen=True, slots=True, eq=False)
class Previous:
    """The typed configuration (as in ``default.yml``) and the Version of the legacy one that it was made from."""

    content: dict[str, Any] = field(default_factory=dict)
    version: str = ""

    def at(self, path: TypedPath) -> Any:
        """The value at a typed path; None if there is none."""
        found: Any = self.content
        for name in path:
            if not isinstance(found, dict) or name not in found:
                return None
            found = found[name]
        return found

    def section(self, *path: str) -> dict[str, Any]:
        """The section at a typed path; empty if there is none."""
        found = self.at(path)
        return found if isinstance(found, dict) else {}

    def subjects(self, vo: str) -> dict[str, str]:
        """User name -> subject of ``vo``."""
        users = self.section("Registry", vo, "Users").items()
        return {str(user.get("PreferedUsername")): subject for subject, user in users if isinstance(user, dict)}


NOTHING = Previous()
"""Nothing was published yet."""
