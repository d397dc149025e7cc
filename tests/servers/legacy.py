"""The legacy DIRAC 9.1.22 in an environment of its own, on the databases and the OpenSearch of this run."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

from . import cache, interpreter
from .legacy_configuration import DISET_SERVICES, HTTPS_SERVICES, Section, Site, merged
from .process import Process, ServerError, call, free_port, listening, spawn, tail, wait
from .run import Run
from .system_packages import commands, header, require

VERSION = "9.1.22"
SCRIPTS = Path(__file__).with_name("oracle")
KEY = bytes(range(64))


def install() -> Path:
    """The interpreter of the environment with `DIRAC[server]`, made when it is not cached yet (1 to 5 minutes)."""
    # swig and the headers of OpenSSL build M2Crypto, those of MariaDB build mysqlclient
    require(commands("swig", "openssl", "gcc", "pkg-config"), "swig", "openssl", "build-essential", "pkg-config")
    require(header("openssl/ssl.h"), "libssl-dev")
    require(header("mariadb/mysql.h"), "libmariadb-dev")
    constraints = SCRIPTS / "constraints.txt"
    name = f"legacy-{VERSION}-{cache.digest(constraints.read_bytes())}"
    return cache.installed(name, _install) / "venv" / "bin" / "python"


def _install(target: Path) -> None:
    # DIRAC needs 3.11 or newer, and the tornado 5.1.1 that it pins does not run on 3.12
    base = interpreter.find_python("3.11")
    if base is None:
        require(lambda: interpreter.find_python("3.11") is not None, "python3.11", "python3.11-venv")
        base = cast("str", interpreter.find_python("3.11"))
    if base.startswith("/usr/bin/"):
        require(header("python3.11/Python.h"), "python3-dev")
    log = target / "pip.log"
    python = interpreter.make(base, target / "venv", "--upgrade", "pip", "wheel", "packaging", log=log)
    interpreter.pip(python, "download", "--no-deps", "-d", target, f"DIRAC=={VERSION}", log=log)
    wheel = next(target.glob("dirac-*.whl"))
    requirements = target / "requirements.txt"
    requirements.write_text(
        subprocess.run(
            [python, SCRIPTS / "requirements_without.py", wheel, "server,testing", "gfal2-python"],
            capture_output=True, text=True, check=True,
        ).stdout
    )  # fmt: skip
    interpreter.pip(python, "install", "-r", requirements, "-c", SCRIPTS / "constraints.txt", log=log)
    interpreter.pip(python, "install", "--no-deps", wheel, log=log)


def public_keys(run: Run, python: Path) -> Path:
    """The folder with the CA, certificates and proxies of this run."""

    def make() -> dict[str, str]:
        folder = run.folder / "pki"
        call(
            python,
            SCRIPTS / "make_pki.py",
            folder,
            log=run.folder / "pki.log",
            env=environment(run.folder / "pki-root"),
        )
        return {"folder": str(folder)}

    return Path(run.once("pki", make)["folder"])


def environment(root: Path, configuration: Path | None = None, *packages: Path) -> dict[str, str]:
    """The variables for a process in the legacy environment; `packages` are folders to import from."""
    env = interpreter.clean_environment()
    env["DIRAC_ROOT_PATH"] = str(root)
    env["PYTHONPATH"] = os.pathsep.join(map(str, (SCRIPTS, *packages)))
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    if configuration is not None:
        env["DIRACSYSCONFIG"] = str(configuration)
    return env


class Legacy:
    """One legacy installation: handlers in process, scripts with a user's proxy, and real services on demand.

    `folder` is its own; the databases, the OpenSearch prefix and the ports belong to it alone.
    """

    def __init__(self, run: Run, site: Site, python: Path, bridge: Path) -> None:
        self.folder = site.folder
        self._run = run
        self._base = self._site = site
        self._python = python
        self._bridge = bridge
        self._listener: subprocess.Popen[bytes] | None = None
        self._services: list[Process] = []
        site.write()

    @classmethod
    def on(
        cls, run: Run, worker: str, database_port: int, database_names: Mapping[str, str],
        opensearch_port: int, index_prefix: str, bridge: Path,
    ) -> Legacy:  # fmt: skip
        """A legacy installation for one worker on these databases; `bridge` holds this project, installed."""
        python = install()
        port = free_port()
        site = Site(
            folder=run.folder / f"legacy-{worker}",
            pki=public_keys(run, python),
            database_port=database_port,
            database_names=database_names,
            opensearch_port=opensearch_port,
            index_prefix=index_prefix,
            https_port=free_port(),
            cs_port=free_port(),
            diset_ports={name: free_port() for name in DISET_SERVICES},
            diracx_url=f"http://127.0.0.1:{port}",
            api_key=f"diracx:legacy:{urlsafe_b64encode(KEY).decode()}",
        )
        return cls(run, site, python, bridge)

    @property
    def diracx_url(self) -> str:
        """`/DiracX/URL` of this installation: nobody listens there unless the test does."""
        return self._site.diracx_url

    @property
    def diracx_port(self) -> int:
        return int(self._site.diracx_url.rpartition(":")[2])

    @property
    def api_key(self) -> str:
        """`/DiracX/LegacyExchangeApiKey` of this installation."""
        return self._site.api_key

    @property
    def hashed_api_key(self) -> str:
        """The value of `DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY` for that key."""
        return hashlib.sha256(KEY).hexdigest()

    @property
    def registry_cfg(self) -> Path:
        """The configuration as the CS serves it."""
        return self.folder / "root" / "etc" / "Bridge-Test.cfg"

    @property
    def log(self) -> Path:
        """What the in-process handlers printed."""
        return self.folder / "listen.log"

    def proxy(self, user: str = "alice", group: str = "dirac_user") -> Path:
        """The proxy file of a user in a group."""
        return self._site.pki / "users" / user / f"proxy_{group}.pem"

    def configure(self, sections: Section, *, bridged: bool = False) -> None:
        """Merge sections into the served configuration; what runs is stopped and starts anew when it is used.

        Where nothing changes, what runs goes on. `bridged`: this project is installed where the services run.
        """
        site = replace(self._site, extra=merged(self._site.extra, sections), bridged=bridged or self._site.bridged)
        if site != self._site:
            self._use(site)

    def reset(self) -> None:
        """Take back what `configure` did."""
        if self._site != self._base:
            self._use(self._base)

    def _use(self, site: Site) -> None:
        self.stop()
        self._site = site
        site.write()

    def call(self, service: str, method: str, *args: object, user: str = "alice", group: str = "dirac_user") -> Any:
        """What the real `export_<method>` returns to this user: S_OK or S_ERROR as a plain dictionary."""
        return self.ask("call", service, method, *args, user=user, group=group)

    def host_call(self, service: str, method: str, *args: object) -> Any:
        """The same for the host `localhost`."""
        return self.ask("call", service, method, *args, user="localhost", group="hosts", host=True)

    def new_job(self, **options: object) -> int:
        """A job as JobManager stores it (`owner`, `group`, `jdl`, `status`, `minor`, `log`); returns its id."""
        return cast("int", self.ask("new_job", **options))

    def state(self, job_id: int) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
        """The Jobs row and the LoggingInfo rows of a job, read by the legacy classes."""
        return cast("tuple[dict[str, Any], list[tuple[Any, ...]]]", self.ask("state", job_id))

    def ask(self, function: str, *args: object, **keywords: object) -> Any:
        """Call a function of `oracle/oracle.py` in the long-lived process; raises `ServerError` with its traceback."""
        child = self._listening()
        questions, answers = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
        try:
            questions.write(pickle.dumps((function, args, keywords)))
            questions.flush()
            good, value = pickle.load(answers)
        except (BrokenPipeError, EOFError) as error:
            self.stop()
            raise ServerError(f"The legacy process ended; the end of {self.log}:\n{tail(self.log)}") from error
        if not good:
            raise ServerError(f"{function}{args} failed in the legacy environment:\n{value}")
        return value

    def _listening(self) -> subprocess.Popen[bytes]:
        if self._listener is None:
            with self.log.open("ab") as log:
                self._listener = subprocess.Popen(
                    [self._python, SCRIPTS / "listen.py"],
                    env=environment(self.folder / "root", self.folder / "all.cfg"),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                )  # fmt: skip
        return self._listener

    def run(
        self, script: Path, *arguments: object, user: str = "alice", group: str = "dirac_user", bridge: bool = False,
        services: bool = False, env: Mapping[str, str] | None = None, seconds: float = 120,
    ) -> Any:  # fmt: skip
        """What `script` handed to `answer()`, run in a new process with the user's proxy.

        `bridge`: this project is installed there. `services`: the configuration comes from the real CS, started with
        the real services; otherwise from one file. Raises `ServerError` with the output when it fails or answers
        nothing.
        """
        if services:
            self.services()
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            result = Path(scratch) / "answer"
            proxy = Path(scratch) / "proxy.pem"  # a copy, because DIRAC writes tokens into it
            proxy.write_bytes(self.proxy(user, group).read_bytes())
            proxy.chmod(0o600)
            variables = environment(
                Path(scratch) / "root",
                self.folder / ("client.cfg" if services else "all.cfg"),
                *([self._bridge] if bridge else []),
            )
            done = subprocess.run(
                [self._python, script, *map(str, arguments)],
                env={
                    **variables, "ORACLE_ANSWER": str(result), "X509_USER_PROXY": str(proxy), "TMPDIR": scratch,
                    "HOME": scratch, "X509_CERT_DIR": str(self._site.pki / "certificates"), **(env or {}),
                },
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False,
            )  # fmt: skip
            if done.returncode or not result.exists():
                reason = f"ended with {done.returncode}" if done.returncode else "did not call answer()"
                raise ServerError(f"{script.name} {reason}:\n{done.stdout[-6000:]}")
            return pickle.loads(result.read_bytes())

    def services(self) -> None:
        """Start the real CS, the HTTPS services and the DISET services, unless they run."""
        if self._services:
            return
        site, root = self._site, self.folder / "root"
        self._serve("cs", environment(root), [], [site.cs_port])
        packages = [self._bridge] if site.bridged else []
        env = environment(root, self.folder / "all.cfg", *packages)
        names = [f"{system}/{name}" for name, system in HTTPS_SERVICES.items()]
        self._serve("tornado", env, [str(site.https_port), *names], [site.https_port])
        names = [f"WorkloadManagement/{name}" for name in site.diset_ports]
        self._serve("diset", env, names, list(site.diset_ports.values()))

    @property
    def cs_url(self) -> str:
        """The configuration service over HTTPS, which `services` starts."""
        return f"https://localhost:{self._site.cs_port}/Configuration/Server"

    @property
    def authorities(self) -> Path:
        """The folder of certificate authorities, with names as OpenSSL looks for."""
        return self._site.pki / "certificates"

    def cs_over_diset(self) -> str:
        """The URL of a configuration service over DISET: a master of its own, on a copy of the configuration."""
        port, root = free_port(), self.folder / "diset-root"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.folder / "root" / "etc", root / "etc")
        local = root / "etc" / "dirac.cfg"
        text = local.read_text().replace("TornadoConfigurationHandler", "ConfigurationHandler")
        text = text.replace("Protocol = https", "Protocol = dips").replace(str(self._site.cs_port), str(port))
        local.write_text(text.replace("https://", "dips://"))
        self._serve("diset", environment(root), ["Configuration/Server"], [port])
        return f"dips://localhost:{port}/Configuration/Server"

    def _serve(self, what: str, env: Mapping[str, str], arguments: list[str], ports: list[int]) -> None:
        log = self.folder / f"{what}.log"
        child = spawn([self._python, SCRIPTS / "serve.py", what, *arguments], log, env)
        self._run.register(child)
        self._services.append(child)
        wait(f"legacy {what}", lambda: all(map(listening, ports)), child, log, 120)

    def stop(self) -> None:
        """Stop the in-process handlers and the services."""
        if self._listener is not None:
            for pipe in (self._listener.stdin, self._listener.stdout):
                cast("IO[bytes]", pipe).close()
            self._listener.terminate()
            self._listener.wait()
            self._listener = None
        for child in self._services:
            child.stop()
        self._services = []


def unpacked_wheel(run: Run, wheel: Path) -> Path:
    """A folder with the wheel installed, without its dependencies, to be put on a search path."""

    name = wheel.parent.name.replace("wheel", "bridge")

    def make() -> dict[str, str]:
        folder = run.folder / name
        python = Path(sys.executable)
        log = run.folder / f"{name}.log"
        interpreter.pip(python, "install", "-q", "--no-deps", "--target", folder, wheel, log=log)
        return {"folder": str(folder)}

    return Path(run.once(name, make)["folder"])
