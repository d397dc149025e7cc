"""Python environments of their own, for software that must not share ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .process import ServerError, call

# Variables of the surroundings that change what another Python or DIRAC does: CA bundles override DIRAC's
# CA directory, because requests prefers them.
HIDDEN = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "VIRTUAL_ENV")
HIDDEN_PREFIXES = ("DIRAC", "PYTHON", "X509_", "COV_", "PYTEST_")


def clean_environment() -> dict[str, str]:
    """The environment variables without those that leak into another Python or DIRAC."""
    return {
        name: value for name, value in os.environ.items() if name not in HIDDEN and not name.startswith(HIDDEN_PREFIXES)
    }


def find_python(version: str) -> str | None:
    """The path of a working interpreter of this version (such as `3.11`) that can make environments."""
    probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2], sys._base_executable)"
    for candidate in _candidates(version):
        done = subprocess.run([candidate, "-c", probe], capture_output=True, text=True, check=False)
        found, _, path = done.stdout.strip().partition(" ")
        if done.returncode == 0 and found == version:
            return path
    return None


def _candidates(version: str) -> Iterator[str]:
    name = f"python{version}"
    yield sys.executable
    for found in (shutil.which(name), f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        if found and Path(found).exists():
            yield found
    yield from (str(path) for path in Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))


def make(python: str, folder: Path, *requirements: str | Path, log: Path) -> Path:
    """A new virtual environment with these arguments of `pip install`; returns its interpreter."""
    call(python, "-m", "venv", "--clear", folder, log=log)
    inside = folder / "bin" / "python"
    pip(inside, "install", *requirements, log=log)
    return inside


def pip(python: Path, *arguments: str | Path, log: Path) -> None:
    """Run pip of an environment; `ServerError` with the end of its output when it fails."""
    # pip itself may need the CA bundles that are hidden from DIRAC
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        call(python, "-m", "pip", *arguments, log=log, env=env)
    except ServerError as error:
        raise ServerError(f"pip could not install (is the package index reachable?): {error}") from error
