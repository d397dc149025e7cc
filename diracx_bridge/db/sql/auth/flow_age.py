"""The condition on the age of a login flow, by the clock of the database, which also stamps the rows."""

from __future__ import annotations

from typing import Final

FRESH: Final = "CreationTime > UTC_TIMESTAMP() - INTERVAL :seconds SECOND"
FRESH_SQLITE: Final = "CreationTime > strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || :seconds || ' seconds')"
