"""Lists of rows reach MySQL and MariaDB as they are, whatever their texts hold and however the server reads texts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import text

from diracx_bridge.db.sql.server import Databases
from diracx_bridge.db.sql.statement import RowSet, Statement
from diracx_bridge.db.sql.transaction import Rows, Transaction

TEXTS = [
    "plain", "it's", "''", '"quoted"', "back\\slash", "\\'", "\\\\", "two\nlines\ttab", "% %s %(x)s", ":name",
    "\x1a\x08", "é 漢 🚀", "; DROP TABLE Jobs; --", "{braces}", "",
]  # fmt: skip
ECHO = Statement("SELECT texts.id, {texts.Content} FROM {texts} ORDER BY texts.id",
                 texts=RowSet(id="BIGINT UNSIGNED", Content="TEXT"))  # fmt: skip
MODES = ("", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES")


@pytest.fixture(params=["mariadb", "mysql"])
def urls(request: pytest.FixtureRequest) -> Mapping[str, str]:
    found: Mapping[str, str] = request.getfixturevalue(f"{request.param}_urls")
    return found


@pytest.mark.parametrize("mode", MODES)
async def test_texts_come_back_as_they_went(urls: Mapping[str, str], mode: str) -> None:
    databases = Databases(urls, pool_size=1)

    async def work(tx: Transaction) -> tuple[Rows, list[Rows]]:
        await tx.raw(text(f"SET SESSION sql_mode = '{mode}'"))
        together = await tx.execute(ECHO, texts=list(enumerate(TEXTS, 1)))
        return together, [await tx.execute(ECHO, texts=[(1, each), (2, each)]) for each in TEXTS]

    try:
        together, alone = await databases.server_of("JobDB").write(work)
    finally:
        await databases.close()
    assert [tuple(row) for row in together] == list(enumerate(TEXTS, 1))
    assert [[row[1] for row in rows] for rows in alone] == [[each, each] for each in TEXTS]
