"""A private MySQL beside the system's MariaDB.

Debian has no stable MySQL package, Debian unstable has one: debootstrap unpacks it into the cache and the server
runs in there. Needs root.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from . import cache
from .mariadb import install as install_clients
from .process import ServerError, call, free_port, spawn, wait
from .run import Run
from .sql_server import SqlServer
from .system_packages import commands, find, require

ACCOUNTS = """
CREATE USER IF NOT EXISTS 'Dirac'@'%' IDENTIFIED BY 'Dirac';
GRANT ALL ON *.* TO 'Dirac'@'%' WITH GRANT OPTION;
"""
USER = "mysqltest"
# Durability is of no use here; the rest is as in production.
OPTIONS = (
    "--bind-address=127.0.0.1",
    "--innodb-flush-log-at-trx-commit=0",
    "--max-connections=400",
    "--mysqlx=OFF",
    "--secure-file-priv=NULL",
    "--skip-log-bin",
)


def install() -> Path:
    """The unpacked system with the server."""
    if os.getuid() != 0:
        raise ServerError("MySQL comes from Debian unstable, and only root can unpack and run it (debootstrap, chroot)")
    install_clients()
    require(commands("debootstrap"), "debootstrap")
    return cache.installed("mysql-debian-unstable", _unpack) / "root"


def server(run: Run) -> SqlServer:
    """The MySQL of this run, started when it is first asked for."""
    return SqlServer(**run.once("mysql", lambda: _start(run)))


def _unpack(target: Path) -> None:
    root, log = target / "root", target / "debootstrap.log"
    debootstrap = find("debootstrap")
    if debootstrap is None:
        raise ServerError("debootstrap is missing after its installation")
    call(debootstrap, "--variant=minbase", "--include=mysql-server-core", "sid", root, log=log)
    call("chroot", root, "useradd", "-r", USER, log=log)


def _start(run: Run) -> dict[str, str | int]:
    # The server sees only what is below its own root: the data of this run is a folder in there.
    root = install()
    base = run.folder / "mysql"
    base.mkdir(exist_ok=True)
    log = base / "server.log"
    inside = f"/runs/{run.folder.name}"
    outside = root / inside.lstrip("/")
    for old in (root / "runs").glob("run-*"):
        if not (run.folder.parent / old.name).exists():
            shutil.rmtree(old, ignore_errors=True)
    outside.mkdir(parents=True)
    (outside / "tmp").mkdir()
    call("chroot", root, "chown", "-R", USER, inside, log=log)
    (outside / "accounts.sql").write_text(ACCOUNTS)
    command: list[str | Path] = [
        "chroot",
        root,
        "/usr/sbin/mysqld",
        "--no-defaults",
        f"--user={USER}",
        f"--datadir={inside}/data",
        f"--tmpdir={inside}/tmp",
    ]
    call(*command, "--initialize-insecure", log=log)
    port = free_port()
    options = [
        f"--port={port}",
        f"--socket={inside}/socket",
        f"--pid-file={inside}/pid",
        f"--init-file={inside}/accounts.sql",
        *OPTIONS,
    ]
    child = spawn([*command, *options], log)
    run.register(child)
    unversioned = SqlServer(kind="mysql", port=port, version="")

    def ready() -> bool:
        try:
            return unversioned.execute("SELECT COUNT(*) FROM mysql.user WHERE user='Dirac'").strip() == "1"
        except ServerError:
            return False

    wait("MySQL", ready, child, log, 120)
    return {"kind": "mysql", "port": port, "version": unversioned.execute("SELECT VERSION()").strip()}
