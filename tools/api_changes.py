"""Say which changes of the HTTP API break clients: against DiracX 0.7.0, and against the last release if there is one.

python tools/api_changes.py               # exit code 1 if something breaks
python tools/api_changes.py --against v1.0.0

The comparison is that of oasdiff, which is built from its Go module into the cache of the tests.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import oasdiff  # noqa: E402

OURS = ROOT / "diracx_bridge/client/openapi.json"
OFFICIAL = ROOT / "tests/integration/services/diracx-0.7.0-openapi.json"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", metavar="REVISION", help="a revision of this repository (default: last release)")
    options = parser.parse_args(arguments)
    tool = oasdiff.install()
    broken = report(tool, "DiracX 0.7.0", OFFICIAL)
    if revision := options.against or last_release():
        shown = git("show", f"{revision}:{OURS.relative_to(ROOT)}")
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(shown)
            file.flush()
            broken |= report(tool, revision, Path(file.name))
    else:
        sys.stdout.write("There is no release to compare with\n")
    return int(broken)


def report(tool: Path, name: str, before: Path) -> bool:
    """Print what breaks clients of ``before``; whether anything does."""
    done = subprocess.run(
        [tool, "breaking", before, OURS, "--format", "singleline", "--fail-on", "WARN", "--color", "never"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    sys.stdout.write(f"Clients of {name}: {'nothing breaks' if not done.returncode else done.stdout.strip()}\n")
    return bool(done.returncode)


def last_release() -> str | None:
    """The newest tag ``v...`` that this checkout comes after."""
    done = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "--match", "v*"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    return done.stdout.strip() or None


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True, cwd=ROOT).stdout


if __name__ == "__main__":
    sys.exit(main())
