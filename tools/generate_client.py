"""Generate ``diracx_bridge/client/generated`` from ``diracx_bridge/client/openapi.json``.

python tools/generate_client.py              # openapi.json -> generated/
python tools/generate_client.py --from-app   # the services of this checkout -> openapi.json -> generated/
python tools/generate_client.py --check      # write nothing; exit code 1 if generated/ is not current
"""

from __future__ import annotations

import argparse
import contextlib
import filecmp
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "diracx_bridge/client/openapi.json"
GENERATED = ROOT / "diracx_bridge/client/generated"
TEMPLATES = Path(__file__).resolve().parent / "client_templates"
UNUSED = ("client.py", "errors.py")  # the generator's own transport; ours is written by hand


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from-app", action="store_true", help="write openapi.json from the services first")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if something is not current")
    options = parser.parse_args(arguments)
    if options.from_app:
        OPENAPI.write_text(as_text(openapi_of_the_services()))
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "generated"
        generate(json.loads(OPENAPI.read_text()), fresh)
        if options.check:
            changed = differences(fresh, GENERATED)
            for name in changed:
                sys.stdout.write(f"not current: diracx_bridge/client/generated/{name}\n")
            if changed:
                sys.stdout.write("run `make client`\n")
            return 1 if changed else 0
        shutil.rmtree(GENERATED, ignore_errors=True)
        shutil.copytree(fresh, GENERATED)
    return 0


def openapi_of_the_services() -> dict[str, Any]:
    """The OpenAPI document of the services in this checkout, without the release: it describes the API, not a build."""
    sys.path.insert(0, str(ROOT))
    from diracx_bridge.core.settings import Settings
    from diracx_bridge.services.app import create_app

    document = json.loads(json.dumps(create_app(Settings(config_backend_url="git+file:///unused")).openapi()))
    return {**document, "info": {**document["info"], "version": "0"}}


def as_text(document: dict[str, Any]) -> str:
    """How an OpenAPI document is kept: keys sorted, so that a change shows as what it is."""
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def generate(document: dict[str, Any], target: Path) -> None:
    """Write the client of ``document`` into the folder ``target``.

    Raises:
        RuntimeError: the generator could not express something; nothing is left out silently.
    """
    from openapi_python_client import Project
    from openapi_python_client.config import Config, ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    config = Config.from_sources(
        ConfigFile(package_name_override="generated", literal_enums=True, post_hooks=[]),
        MetaType.NONE,
        document_source=OPENAPI,
        file_encoding="utf-8",
        overwrite=True,
        output_path=target,
    )
    data = GeneratorData.from_dict(prepared(document), config=config)
    if isinstance(data, GeneratorError):
        raise RuntimeError(f"The OpenAPI document can't be read: {data}")
    with contextlib.redirect_stdout(io.StringIO()):
        problems = Project(openapi=data, config=config, custom_template_path=TEMPLATES).build()
    if problems:
        raise RuntimeError("The generator left something out:\n" + "\n".join(map(str, problems)))
    for name in UNUSED:
        (target / name).unlink()
    ruff = [sys.executable, "-m", "ruff"]
    mending = ["--fix-only", "--unsafe-fixes", "--select=I,F401,W291,W293", "--line-length=120"]
    mending.append('--config=lint.isort.known-first-party=["diracx_bridge"]')
    subprocess.run([*ruff, "check", "--isolated", "--quiet", *mending, str(target)], check=True)
    subprocess.run([*ruff, "format", "--isolated", "--quiet", "--line-length=120", str(target)], check=True)


def prepared(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` as the generator needs it.

    No two classes get one name, free-form objects become plain dictionaries, and nullable members are written as
    OpenAPI 3.1 does, because the generator overlooks 3.0's ``nullable`` beside ``anyOf``.
    """
    document = {**json.loads(json.dumps(document)), "openapi": "3.1.0"}
    names = set(document["components"]["schemas"])
    for owner, schema in document["components"]["schemas"].items():
        for name, inline in schema.get("properties", {}).items():
            # The generator would call this map <Owner><Title>: give way to a named schema.
            if f"{owner}{inline.get('title', name)}" in names:
                inline["title"] = f"{inline.get('title', name)}Map"
    return {key: _simplified(value) for key, value in document.items()}


def _simplified(node: Any) -> Any:
    if isinstance(node, list):
        return [_simplified(value) for value in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "object" and node.get("additionalProperties") is True and "properties" not in node:
        return {}
    if node.get("nullable") is True and "anyOf" in node:
        kept = {key: value for key, value in node.items() if key in ("description", "title", "default")}
        return {**kept, "anyOf": [*map(_simplified, node["anyOf"]), {"type": "null"}]}
    return {key: _simplified(value) for key, value in node.items()}


def differences(fresh: Path, committed: Path) -> list[str]:
    """Relative names of the Python files that are missing, superfluous or different in ``committed``."""
    ours = {path.relative_to(fresh) for path in fresh.rglob("*.py")}
    theirs = {path.relative_to(committed) for path in committed.rglob("*.py")}
    same = (path for path in ours & theirs if not filecmp.cmp(fresh / path, committed / path, shallow=False))
    return sorted(str(path) for path in {*(ours ^ theirs), *same})


if __name__ == "__main__":
    sys.exit(main())
