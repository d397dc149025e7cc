"""A private MariaDB: Debian's server, an own data directory, loopback only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .process import ServerError, call, free_port, listening, spawn, wait
from .run import Run
from .sql_server import SqlServer
from .system_packages import commands, find, require

PACKAGES = ("mariadb-server", "mariadb-client")
# Durability is of no use here; the rest is as in production.
OPTIONS = (
    "--bind-address=127.0.0.1",
    "--innodb-buffer-pool-size=128M",
    "--innodb-doublewrite=0",
    "--innodb-flush-log-at-trx-commit=0",
    "--max-connections=400",
    "--skip-name-resolve",
)
ACCOUNTS = """
CREATE USER IF NOT EXISTS 'Dirac'@'127.0.0.1' IDENTIFIED BY 'Dirac';
CREATE USER IF NOT EXISTS 'Dirac'@'localhost' IDENTIFIED BY 'Dirac';
GRANT ALL ON *.* TO 'Dirac'@'127.0.0.1' WITH GRANT OPTION;
GRANT ALL ON *.* TO 'Dirac'@'localhost' WITH GRANT OPTION;
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
"""


def install() -> None:
    """Bring the server and its command line clients."""
    require(commands("mariadbd", "mariadb", "mariadb-dump", "mariadb-install-db"), *PACKAGES)


def version() -> str:
    """The installed version, such as `10.11.19`."""
    text = subprocess.run([_command("mariadbd"), "--version"], capture_output=True, text=True, check=True).stdout
    return text.split("Ver ")[1].split("-")[0]


def server(run: Run) -> SqlServer:
    """The MariaDB of this run, started when it is first asked for."""
    return SqlServer(**run.once("mariadb", lambda: _start(run)))


def _start(run: Run) -> dict[str, str | int]:
    install()
    base = run.folder / "mariadb"
    data, log = base / "data", base / "server.log"
    base.mkdir(exist_ok=True)
    as_root = ["--user=root"] if os.getuid() == 0 else []
    options = ["--skip-test-db", "--innodb-log-file-size=16M", "--auth-root-authentication-method=normal", *as_root]
    call(_command("mariadb-install-db"), "--no-defaults", f"--datadir={data}", *options, log=base / "install.log")
    accounts = base / "accounts.sql"
    accounts.write_text(ACCOUNTS)
    temporary = base / "tmp"  # of its own: a server that starts removes what it takes for leftovers, and others crash
    temporary.mkdir()
    port = free_port()
    arguments: Sequence[str | Path] = [
        _command("mariadbd"), "--no-defaults", *as_root, *OPTIONS, f"--datadir={data}", f"--port={port}",
        f"--tmpdir={temporary}", f"--socket={base / 'socket'}", f"--pid-file={base / 'pid'}", f"--init-file={accounts}",
    ]  # fmt: skip
    child = spawn(arguments, log)
    run.register(child)
    wait("MariaDB", lambda: listening(port), child, log, 60)
    return {"kind": "mariadb", "port": port, "version": version()}


def _command(name: str) -> str:
    found = find(name)
    if found is None:
        raise ServerError(f"{name} is missing after the installation of {' '.join(PACKAGES)}")
    return found
