"""Keycloak, as sites run it: a realm with users that have passwords, and a public client with PKCE (155 MB, JDK 17).

What takes time is done once, at the installation: the program is built for its options, and the realm is in the
database that each run starts with.
"""

from __future__ import annotations

import os
import shutil
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .process import call, free_port, spawn, wait
from .run import Run
from .system_packages import commands, require

VERSION = "26.4.7"
ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
REALM = Path(__file__).with_name("keycloak-realm.json")
BUILD = ("build", "--db=dev-file", "--features-disabled=admin,admin-api,account,account-api")


@dataclass(frozen=True)
class Keycloak:
    """Where it listens. The realm's users are in keycloak-realm.json; the password of each is `<name>'s password`."""

    port: int
    client_id: str = "bridge"

    @property
    def issuer(self) -> str:
        """The `iss` of its tokens; discovery is below it."""
        return f"http://localhost:{self.port}/realms/gridlab"


def install() -> Path:
    """The folder of the unpacked distribution with the realm in its database."""
    require(commands("java", "mvn"), "default-jdk-headless", "maven")
    name = f"keycloak-{VERSION}-{cache.digest(REALM.read_bytes(), *BUILD)}"
    return cache.installed(name, _unpack) / f"keycloak-{VERSION}"


def server(run: Run) -> Keycloak:
    """The Keycloak of this run, started when it is first asked for."""
    return Keycloak(run.once("keycloak", lambda: _start(run))["port"])


def _unpack(target: Path) -> None:
    log = target / "install.log"
    call("mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={target}", log=log)
    archive = target / f"keycloak-quarkus-dist-{VERSION}.zip"
    with zipfile.ZipFile(archive) as content:
        content.extractall(target)
    archive.unlink()
    program = target / f"keycloak-{VERSION}" / "bin" / "kc.sh"
    program.chmod(0o755)
    call(program, *BUILD, log=log)
    call(program, "import", "--optimized", "--file", REALM, log=log)


def _start(run: Run) -> dict[str, int]:
    # a copy per run: the database lies beside the program
    home, log = run.folder / "keycloak", run.folder / "keycloak.log"
    shutil.copytree(install(), home)
    port = free_port()
    address = (f"--hostname=http://localhost:{port}", "--http-enabled=true", "--http-host=127.0.0.1")
    child = spawn(
        [home / "bin" / "kc.sh", "start", "--optimized", "--cache=local", *address, f"--http-port={port}"],
        log,
        {**os.environ, "JAVA_OPTS_APPEND": "-Xms128m -Xmx384m"},
    )
    run.register(child)
    wait("Keycloak", lambda: _answers(Keycloak(port)), child, log, 180)
    return {"port": port}


def _answers(keycloak: Keycloak) -> bool:
    try:
        urllib.request.urlopen(f"{keycloak.issuer}/.well-known/openid-configuration", timeout=10).close()
    except OSError:
        return False
    return True
