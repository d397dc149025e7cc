"""DIRAC's own database schemas, as statements that can be loaded under any database name.

They come from the real thing: the `.sql` files of the DIRAC wheel, and the tables that its Python classes create.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import cache, legacy
from .legacy_configuration import DATABASES, Section, merged, text
from .process import ServerError, call
from .sql_server import SqlServer

# For accounts that do not exist here: the servers refuse them
GRANTS = re.compile(
    r"^\s*(GRANT|FLUSH PRIVILEGES|CREATE USER|USE|DROP DATABASE|CREATE DATABASE)\b.*?;\s*$", re.I | re.M
)


def schemas(server: SqlServer) -> Mapping[str, str]:
    """Statements by database name (`JobDB`, ...), made once for this kind and version of server, then cached."""

    def make(target: Path) -> None:
        # Under their own names, because the classes are used as they are.
        for name, statements in _dump(server).items():
            (target / f"{name}.sql").write_text(statements)

    recipe = cache.digest(Path(__file__).read_bytes(), *sorted(DATABASES))
    folder = cache.installed(f"schemas-{legacy.VERSION}-{server.kind}-{server.version}-{recipe}", make)
    return {name: (folder / f"{name}.sql").read_text() for name in DATABASES}


def _dump(server: SqlServer) -> dict[str, str]:
    python = legacy.install()
    site = next(python.parent.parent.glob("lib/python3*/site-packages/DIRAC"))
    without_tables = []
    for name, system in DATABASES.items():
        server.execute(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4")
        server.execute(GRANTS.sub("", (site / f"{system}System" / "DB" / f"{name}.sql").read_text()), name)
        if not server.execute("SHOW TABLES", name):
            without_tables.append(f"{system}/{name}")
    _create_tables(server, python, without_tables)
    result = {}
    for name in DATABASES:
        result[name] = re.sub(r"/\*!50017 DEFINER=[^*]*\*/ ?| AUTO_INCREMENT=\d+", "", server.dump_schema(name))
        if "CREATE TABLE" not in result[name]:
            raise ServerError(f"{name} has no tables, although DIRAC's own recipe for it was followed")
        server.execute(f"DROP DATABASE {name}")
    return result


def _create_tables(server: SqlServer, python: Path, databases: list[str]) -> None:
    account: Section = {"Host": server.host, "Port": str(server.port), "User": "Dirac", "Password": "Dirac"}
    systems: Section = {"Databases": account}
    for name, system in DATABASES.items():
        systems = merged(systems, {system: {"Databases": {name: {"DBName": name}}}})
    with tempfile.TemporaryDirectory() as scratch:
        configuration = Path(scratch) / "dirac.cfg"
        configuration.write_text(text({"Systems": systems}))
        env = legacy.environment(Path(scratch) / "root", configuration)
        log = cache.folder() / "logs" / "create-tables.log"
        call(python, legacy.SCRIPTS / "create_tables.py", *databases, log=log, env=env)
