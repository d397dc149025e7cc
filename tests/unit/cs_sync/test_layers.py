"""Several files are merged as DIRAC merges them; Operations of a setup are folded as DIRAC looked them up."""

from __future__ import annotations

from typing import Any

import pytest
from diraccfg import CFG
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.cs_sync.convert import Result, convert_source
from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.layers import merge_files
from diracx_bridge.cs_sync.options import Options
from diracx_bridge.cs_sync.reader import read
from diracx_bridge.cs_sync.source import Source
from diracx_bridge.cs_sync.tree import Option, Section, walk_options

from .configurations import Tree, cfg, changed, codes, convert, minimal, put

TREES = st.recursive(
    st.sampled_from(["1", "2", "a, b"]),
    lambda inner: st.dictionaries(st.sampled_from("ABC"), inner, max_size=3),
    max_leaves=12,
).filter(lambda tree: isinstance(tree, dict))


def plain(section: Section) -> dict[str, Any]:
    return {e.name: e.value if isinstance(e, Option) else plain(e) for e in section.entries.values()}


def merged_by_dirac(texts: list[str]) -> Any:
    """What diraccfg makes of the files, the later ones over the earlier; None where it fails."""
    result = CFG()
    try:
        for text in texts:
            result = result.mergeWith(CFG().loadFromBuffer(text))
    except KeyError:
        return None
    return result.getAsDict()


@settings(deadline=None)
@given(st.lists(TREES, min_size=1, max_size=4))
def test_files_are_merged_as_diraccfg_merges_them(trees: list[Any]) -> None:
    texts = [cfg(tree) for tree in trees]
    findings = Findings("x.cfg")
    joined = merge_files([read(text, findings) for text in texts], findings)
    expected = merged_by_dirac(texts)
    assert (None if findings.refuse() else plain(joined.root)) == expected


def convert_files(*texts: str, **options: Any) -> Result:
    sources = [Source(f"{number}.cfg", text, "0" * 64) for number, text in enumerate(texts)]
    return convert_source(sources[0], None, Options(**options), over=sources[1:])


def test_a_file_laid_over_replaces_options_and_every_option_is_accounted_for() -> None:
    over = cfg({"Registry": {"Users": {"bob": {"DN": "/CN=Other", "Email": "bob@example.org"}}}})
    result = convert_files(cfg(minimal()), over)
    assert result.content is not None
    bob = result.content["Registry"]["gridlab"]["Users"]["sub-bob"]
    assert bob == {"PreferedUsername": "bob", "DNs": ["/CN=Other"], "Email": "bob@example.org"}
    counts = result.account.counts()
    assert counts["total"] == sum(1 for text in (cfg(minimal()), over) for _ in walk_options(read(text, Findings("x"))))
    assert result.account.reasons()["replaced by 1.cfg"] == 1


def test_findings_name_the_file_they_are_about() -> None:
    result = convert_files(
        cfg(changed(Operations__Defaults__Own="1")), "Operations\n{\n  Defaults\n  {\n    Other = 1\n  }\n}\n"
    )
    assert [(found.file, found.line) for found in result.findings] == [("0.cfg", 63), ("1.cfg", 5)]


def test_syntax_errors_of_all_files_are_found_at_once() -> None:
    result = convert_files("A {\n", "}\n")
    assert [(found.file, found.code) for found in result.findings] == [
        ("0.cfg", "syntax-unclosed"),
        ("1.cfg", "syntax-extra-brace"),
    ]


def test_a_section_in_one_file_and_an_option_in_the_other_refuse_both() -> None:
    result = convert_files(cfg(minimal()), "Registry = 1\n")
    assert codes(result) == ["merge-conflict"]
    assert result.refused


# setups


def with_setups() -> Tree:
    tree = minimal()
    put(tree, "DIRAC/Setup", "Production")
    put(tree, "Operations/Production/Pilot", {"Version": "8", "Common": "production"})
    put(tree, "Operations/Testing/Pilot", {"Version": "7"})
    put(tree, "Operations/gridlab/Defaults/Pilot", {"Version": "vo", "Queue": "vo"})
    put(tree, "Operations/gridlab/Production/Pilot", {"Version": "vo-production"})
    put(tree, "Operations/gridlab/Testing/Pilot", {"Version": "vo-testing"})
    return tree


def test_operations_of_the_chosen_setup_are_folded_in_the_order_in_which_dirac_looked() -> None:
    result = convert(with_setups(), setup="Production")
    assert result.content is not None
    assert result.content["Operations"] == {
        "Defaults": {"Pilot": {"Version": "8", "Common": "production"}},
        "gridlab": {"Pilot": {"Version": "vo-production", "Queue": "vo"}},
    }
    assert result.account.counts()["total"] == sum(1 for _ in walk_options(read(cfg(with_setups()), Findings("x"))))
    assert codes(result).count("setup-folded") == 3
    assert codes(result).count("operations-setup-layer") == 2


def test_without_a_setup_its_operations_are_left_out_with_a_warning() -> None:
    result = convert(with_setups())
    assert result.content is not None
    assert result.content["Operations"] == {"Defaults": {"Pilot": {"Version": "9.1.22"}}, "gridlab": {}}
    assert "operations-setup-layer" in codes(result)


def test_operations_of_a_setup_become_the_defaults_if_there_are_none() -> None:
    tree = put(put(minimal(), "Operations/Defaults", None), "Operations/Production/Pilot/Version", "8")
    result = convert(tree, setup="Production")
    assert result.content is not None
    assert result.content["Operations"] == {"Defaults": {"Pilot": {"Version": "8"}}, "gridlab": {}}


@pytest.mark.parametrize("tree", [minimal(), with_setups()])
def test_a_setup_that_is_not_there_refuses_the_file(tree: Tree) -> None:
    result = convert(tree, setup="Other")
    assert result.refused
    assert "setup-not-found" in codes(result)


def test_findings_and_origins_keep_the_path_of_the_file() -> None:
    result = convert(
        put(with_setups(), "Operations/gridlab/Production/JobDescription/MaxCPUTime", "x"), setup="Production"
    )
    (found,) = [found for found in result.findings if found.code == "number-invalid"]
    assert found.path == "/Operations/gridlab/Production/JobDescription/MaxCPUTime"
