"""A git server over SSH on loopback: the sshd of OpenSSH with keys of its own, serving the account of the tests."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import free_port, listening, spawn, wait
from tests.servers.system_packages import commands, find, require


@dataclass(frozen=True)
class SshServer:
    """``key`` is let in; ``known_hosts`` vouches for the server. ``log`` is what it says."""

    port: int
    key: Path
    known_hosts: Path
    log: Path

    def url(self, repository: Path) -> str:
        return f"ssh://{getpass.getuser()}@localhost:{self.port}{repository}"


@contextmanager
def serve(folder: Path) -> Iterator[SshServer]:
    """Run sshd with its files in ``folder``."""
    require(commands("sshd", "ssh-keygen"), "openssh-server", "openssh-client")
    folder.mkdir(parents=True)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    port = free_port()
    kind, host_key = (folder / "host.pub").read_text().split()[:2]
    (folder / "known_hosts").write_text(f"[localhost]:{port} {kind} {host_key}\n")
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile {folder}/pid\nStrictModes no\n"
        f"AuthorizedKeysFile {folder}/user.pub\nUsePAM no\nPasswordAuthentication no\n"
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    log = folder / "log"
    server = spawn([str(find("sshd")), "-D", "-e", "-f", folder / "sshd_config"], log)
    try:
        wait("sshd", lambda: listening(port), server, log, 10)
        yield SshServer(port, folder / "user", folder / "known_hosts", log)
    finally:
        server.stop()
