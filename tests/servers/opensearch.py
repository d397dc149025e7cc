"""A private OpenSearch with Painless: the minimal distribution of Maven Central (52 MB, no JDK, no security plugin).

The scripting module is no part of that distribution and is put together from its published jars, because legacy
DIRAC removes job parameters by script.
"""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .process import ServerError, call, free_port, spawn, wait
from .run import Run
from .system_packages import commands, find, require

VERSION = "2.19.3"
SERVER = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
PAINLESS = (
    f"org.opensearch.plugin:lang-painless:{VERSION}",
    f"org.opensearch.plugin:opensearch-scripting-painless-spi:{VERSION}",
    "org.antlr:antlr4-runtime:4.13.1",
    *(f"org.ow2.asm:{name}:9.7" for name in ("asm", "asm-commons", "asm-tree", "asm-util", "asm-analysis")),
)
DESCRIPTOR = f"""description=Painless scripting
version={VERSION}
name=lang-painless
classname=org.opensearch.painless.PainlessPlugin
java.version=11
opensearch.version={VERSION}
custom.foldername=
extended.plugins=
has.native.controller=false
"""
POLICY = """grant {
  permission java.lang.RuntimePermission "createClassLoader";
  permission java.lang.RuntimePermission "getClassLoader";
};
"""


@dataclass(frozen=True)
class OpenSearch:
    """Where it listens; no TLS, no authentication."""

    port: int
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def refresh(self, prefix: str) -> None:
        """Let searches find what was written to the indices with this prefix."""
        request = urllib.request.Request(f"{self.url}/{prefix}*/_refresh", method="POST")
        urllib.request.urlopen(request, timeout=30).close()

    def delete_indices(self, prefix: str) -> None:
        """Remove all indices and index templates whose names start with `prefix`."""
        for path in (f"{prefix}*", f"_index_template/{prefix}*"):
            request = urllib.request.Request(f"{self.url}/{path}", method="DELETE")
            try:
                urllib.request.urlopen(request, timeout=30).close()
            except urllib.error.HTTPError as error:
                with error:
                    if error.code != 404:
                        raise


def install() -> Path:
    """The folder of the unpacked distribution with Painless."""
    require(commands("java", "mvn"), "default-jdk-headless", "maven")
    return cache.installed(f"opensearch-{VERSION}", _unpack) / f"opensearch-{VERSION}"


def server(run: Run) -> OpenSearch:
    """The OpenSearch of this run, started when it is first asked for."""
    return OpenSearch(**run.once("opensearch", lambda: _start(run)))


def _unpack(target: Path) -> None:
    log = target / "maven.log"
    _download(SERVER, target, log)
    archive = target / f"opensearch-{VERSION}.zip"
    with zipfile.ZipFile(archive) as content:
        content.extractall(target)
    archive.unlink()
    home = target / f"opensearch-{VERSION}"
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    module = home / "modules" / "lang-painless"
    module.mkdir(parents=True)
    for jar in PAINLESS:
        _download(jar, module, log)
    (module / "plugin-descriptor.properties").write_text(DESCRIPTOR)
    (module / "plugin-security.policy").write_text(POLICY)


def _download(artifact: str, folder: Path, log: Path) -> None:
    call("mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}", log=log)


def _start(run: Run) -> dict[str, int]:
    # A copy per run: the configuration lies beside the programs, and the user it runs as may not see the cache.
    base = run.folder / "opensearch"
    home, log = base / "home", base / "server.log"
    shutil.copytree(install(), home)
    port = free_port()
    (home / "config" / "opensearch.yml").write_text(
        "cluster.name: tests\n"
        "discovery.type: single-node\n"
        "network.host: 127.0.0.1\n"
        f"http.port: {port}\n"
        f"transport.port: {free_port()}\n"
        f"path.data: {base / 'data'}\n"
        f"path.logs: {base / 'logs'}\n"
        "cluster.routing.allocation.disk.threshold_enabled: false\n"
        "node.store.allow_mmap: false\n"
    )
    java = find("java")
    if java is None:
        raise ServerError("java is missing after the installation of default-jdk-headless")
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(base),
        "OPENSEARCH_JAVA_HOME": str(Path(java).resolve().parent.parent),
        "OPENSEARCH_JAVA_OPTS": "-Xms512m -Xmx512m",
    }
    child = spawn([*_not_as_root(base), home / "bin" / "opensearch"], log, env)
    run.register(child)
    wait("OpenSearch", lambda: _answers(port), child, log, 120)
    return {"port": port}


def _not_as_root(base: Path) -> list[str]:
    """OpenSearch refuses to run as root: give its folder to `nobody` and run as that user."""
    if os.getuid() != 0:
        return []
    call("chown", "-R", "nobody", base, log=base.parent / "chown.log")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_cluster/health", timeout=2).close()
    except OSError:
        return False
    return True
