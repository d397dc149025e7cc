"""Variants of the cases, as people and half-written files make them, never end in a traceback or in nonsense."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.convert import convert_source
from diracx_bridge.cs_sync.html_page import as_page
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.previous import Previous
from diracx_bridge.cs_sync.sarif import as_sarif
from diracx_bridge.cs_sync.source import Source, load
from diracx_bridge.cs_sync.tree import walk_options
from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml
from tests.unit.cs_sync.variants import variant

VARIANTS = 300


@pytest.fixture(scope="module")
def texts(cases: Path) -> list[str]:
    files = [file for folder in ("real", "edge", "synthetic") for file in sorted((cases / "cs" / folder).glob("*.cfg"))]
    return [load(str(file))[0].text for file in files if file.stat().st_size < 60_000]


def test_variants_convert_to_what_diracx_loads_or_are_refused_on_a_line(texts: list[str]) -> None:
    random = Random(11)
    converted = 0
    for number in range(VARIANTS):
        base = random.choice(texts)
        before = convert_source(Source("before.cfg", base, "0")).content
        previous = Previous(before) if before and number % 2 else Previous()
        text = variant(base, random)
        result = convert_source(Source("now.cfg", text, "0"), None, Options(previous=previous))
        lines = text.count("\n") + text.count("\r") + 1
        assert all(1 <= found.line <= lines and found.column >= 1 for found in result.findings), text
        if result.account.outcomes:
            assert result.account.counts()["total"] == sum(1 for _ in walk_options(result.tree)), text
        if result.content is None:
            assert any(found.refuses for found in result.findings), text
            continue
        converted += 1
        config = Config.model_validate(from_yaml(to_yaml(result.content)))
        for vo in config.registry.values():
            assert all(group.users <= vo.users.keys() for group in vo.groups.values()), text
        assert as_page(result)
        assert as_sarif(result)
        assert all(change.text for change in result.changes()), text
    assert converted > VARIANTS // 3
