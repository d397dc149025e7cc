"""`--compat upstream-0.7.0` makes the bytes that the official converter makes, and fails where that fails."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from diracx_bridge.cs_sync.convert import Result, convert
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml
from tests.servers.peer import Peer
from tests.unit.cs_sync.variants import variant

PEER_CONVERT = Path(__file__).with_name("peer_convert.py")
AS_UPSTREAM = Options(compat="upstream-0.7.0")
VARIANTS = 400


def folders(cases: Path) -> list[Path]:
    return [cases / "cs" / name for name in ("real", "edge", "synthetic")]


def without_order(content: bytes) -> Any:
    """Upstream writes the platforms of a doubled OSCompatibility in the order of a hash table."""
    loaded = from_yaml(content)
    for platforms in loaded["Resources"]["Computing"]["OSCompatibility"].values():
        platforms.sort()
    return loaded


def check(result: Result, upstream: Path) -> bool:
    """Whether upstream converts the file; asserts that we do the same."""
    if not upstream.exists():
        assert result.content is None, f"{result.source.name}: upstream fails"
        assert all(found.line >= 1 for found in result.findings if found.refuses), result.source.name
        return False
    assert result.content is not None, (result.source.name, [found.message for found in result.findings])
    ours, theirs = to_yaml(result.content), upstream.read_bytes()
    if ours != theirs:
        assert without_order(ours) == without_order(theirs), result.source.name
    return True


def test_every_case_that_upstream_converts_gives_its_bytes(cases: Path) -> None:
    files: Iterable[Path] = (file for folder in folders(cases) for file in folder.glob("*.cfg"))
    # S24 is about the environment of upstream's command, not about the file
    found = [
        check(convert(str(file), AS_UPSTREAM), file.with_name(f"{file.stem}.upstream.yml"))
        for file in files
        if not file.name.startswith("S24")
    ]
    assert sum(found) > 80
    assert len(found) - sum(found) > 50


@pytest.fixture(scope="module")
def variants(cases: Path, peer: Peer, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Variants of the cases, which upstream's converter has converted as far as it can."""
    folder = tmp_path_factory.mktemp("variants")
    files = [file for cases_folder in folders(cases) for file in sorted(cases_folder.glob("*.cfg"))]
    small = [file for file in files if file.stat().st_size < 60_000 and not file.name.startswith(("P43", "P44", "P50"))]
    random = Random(7)
    made = [folder / f"{number}.cfg" for number in range(VARIANTS)]
    for file in made:
        file.write_bytes(variant(random.choice(small).read_bytes().decode(), random).encode())
    done = peer.run(PEER_CONVERT, str(folder))
    assert done.returncode == 0, done.stderr
    return made


def test_variants_of_the_cases_convert_or_fail_as_upstream_does(variants: list[Path]) -> None:
    found = [check(convert(str(file), AS_UPSTREAM), file.with_suffix(".yml")) for file in variants]
    assert VARIANTS * 3 // 4 > sum(found) > VARIANTS // 8
