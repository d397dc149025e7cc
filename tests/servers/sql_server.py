"""What tests need to know of a running MariaDB or MySQL, and its command line client."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from .process import ServerError


@dataclass(frozen=True)
class SqlServer:
    """A server on the loopback interface; user `Dirac` (password `Dirac`) may do everything, `root` has no password."""

    kind: str
    port: int
    version: str
    host: str = "127.0.0.1"

    def url(self, database: str, driver: str = "aiomysql") -> str:
        """The SQLAlchemy URL of a database for user `Dirac`."""
        return f"mysql+{driver}://Dirac:Dirac@{self.host}:{self.port}/{database}"

    def execute(self, statements: str, database: str = "") -> str:
        """Run statements as root; the rows come back as the batch mode of the client prints them (tabs, no header).

        Raises `ServerError` with the server's message.
        """
        return self._client(
            "mariadb", "--batch", "--skip-column-names", *([database] if database else []), stdin=statements
        )

    def dump_schema(self, database: str) -> str:
        """Tables, keys and triggers of a database as statements that can be loaded into another one."""
        return self._client("mariadb-dump", "--no-data", "--triggers", "--skip-comments", database)

    def _client(self, program: str, *arguments: str, stdin: str = "") -> str:
        command = [program, "--no-defaults", f"--host={self.host}", f"--port={self.port}", "--user=root", *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerError(f"{self.kind} refused: {done.stderr.strip()}\n{stdin[:500]}")
        return done.stdout
