"""The documentation as files and as what stands in them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "charts" / "README.md", *PAGES]

sys.path.insert(0, str(ROOT / "tools"))


def name_of(path: Path) -> str:
    """How a test calls the file."""
    return str(path.relative_to(ROOT))


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(), re.DOTALL | re.MULTILINE)


FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def code(path: Path) -> list[str]:
    """Everything that is set as code, in lines: fenced and indented blocks, and spans within sentences."""
    text = path.read_text()
    fenced = [line for block in FENCED.findall(text) for line in block.splitlines()]
    prose = FENCED.sub("", text)
    indented = [line for line in prose.splitlines() if line.startswith("    ")]
    return [*fenced, *indented, *(" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose))]
