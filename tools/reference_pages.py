"""Writes the reference pages of the documentation from the code that they describe.

python tools/reference_pages.py            write the pages that are not current
python tools/reference_pages.py --check    write nothing; exit code 1 if a page is not current
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pages.adapters import adapters_page
from pages.commands import commands_page
from pages.compatibility import compatibility_page
from pages.errors import errors_page
from pages.extensions import extensions_page
from pages.metrics import metrics_page
from pages.rights import rights_page
from pages.routes import routes_page
from pages.routing import routing_page
from pages.settings import settings_page

from diracx_bridge.cs_sync.reference_page import conversion_rules_page
from diracx_bridge.legacy_adapters.differences import as_markdown as differences_page

REFERENCE: Final = Path(__file__).resolve().parents[1] / "docs" / "reference"

PAGES: Final[dict[str, Callable[[], str]]] = {
    "adapters.md": adapters_page,
    "commands.md": commands_page,
    "compatibility.md": compatibility_page,
    "conversion-rules.md": conversion_rules_page,
    "database-rights.md": rights_page,
    "differences.md": differences_page,
    "errors.md": errors_page,
    "extensions.md": extensions_page,
    "metrics.md": metrics_page,
    "routes.md": routes_page,
    "routing.md": routing_page,
    "settings.md": settings_page,
}
"""File in ``docs/reference`` -> what makes it."""


def not_current() -> dict[str, str]:
    """The pages whose file is not as the code is, with the text that they should have."""
    made = {name: make() for name, make in PAGES.items()}
    return {name: text for name, text in made.items() if _stored(REFERENCE / name) != text}


def _stored(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the reference pages from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a page is not current")
    check = parser.parse_args().check
    stale = not_current()
    for name, text in stale.items():
        if not check:
            REFERENCE.mkdir(parents=True, exist_ok=True)
            (REFERENCE / name).write_text(text)
        sys.stdout.write(f"{'not current' if check else 'written'}: docs/reference/{name}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
