"""Every option of every file is accounted for, and what is called converted is in the result."""

from __future__ import annotations

from typing import Any

from diraccfg import CFG
from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.account import Fate
from diracx_bridge.cs_sync.rules import RULES

from .configurations import cfg, convert_text, minimal, put, with_biolab

NAMES = sorted({name for rule in RULES for name in rule.pattern.split("/") if name.isalnum()})
KNOWN = ["gridlab", "biolab", "gridlab_user", "biolab_user", "alice", "bob", "carol", "Defaults", "el9"]
VALUES = st.sampled_from(
    ["", "None", "True", "on", "1", "0.5", "alice", "alice, bob", "gridlab", "gridlab, biolab", "sub-alice",
     "NormalUser", "/CN=a, b", "a@example.org", "https://idp.example.org/", "gridlab_user", "x" * 30]
)  # fmt: skip
PATHS = st.one_of(
    st.sampled_from([rule.pattern for rule in RULES]).flatmap(
        lambda pattern: st.tuples(
            *(
                st.sampled_from(KNOWN) if name.startswith("{") or name == "**" else st.just(name)
                for name in pattern.strip("/").split("/")
            )
        )
    ),
    st.lists(st.sampled_from(NAMES + KNOWN), min_size=1, max_size=5).map(tuple),
)


def put_anyway(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set an option; options on the way become sections."""
    section = tree
    for name in path[:-1]:
        if not isinstance(section.get(name), dict):
            section[name] = {}
        section = section[name]
    section[path[-1]] = value


@st.composite
def configurations(draw: st.DrawFn) -> str:
    tree = draw(st.sampled_from([minimal, with_biolab]))()
    for path, value in draw(st.lists(st.tuples(PATHS, VALUES | st.builds(dict)), max_size=12)):
        put_anyway(tree, path, value)
    return cfg(tree)


def count_options(tree: CFG) -> int:
    return sum(1 if isinstance(tree[name], str) else count_options(tree[name]) for name in tree)


def at(content: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(content, dict) or name not in content:
            return False
        content = content[name]
    return True


@settings(deadline=None)
@given(configurations())
def test_converted_dropped_and_unknown_add_up_to_all_options(text: str) -> None:
    counts = convert_text(text).account.counts()
    assert counts["total"] == count_options(CFG().loadFromBuffer(text))
    assert counts["converted"] + counts["dropped"] + counts["unknown"] == counts["total"]


@settings(deadline=None)
@given(configurations())
def test_what_is_accounted_as_converted_is_in_the_result(text: str) -> None:
    result = convert_text(text)
    if result.content is None:
        return
    for outcome in result.account.outcomes.values():
        assert bool(outcome.targets) == (outcome.fate is Fate.CONVERTED)
        assert bool(outcome.reason) != (outcome.fate is Fate.CONVERTED)
        assert all(at(result.content, target) for target in outcome.targets)


@settings(deadline=None)
@given(configurations())
def test_the_result_loads_and_refers_to_nothing_that_is_missing(text: str) -> None:
    result = convert_text(text)
    assert (result.content is None) == any(found.refuses for found in result.findings)
    if result.content is None:
        return
    config = Config.model_validate(result.content)
    for vo in config.registry.values():
        assert {subject for group in vo.groups.values() for subject in group.users} == set(vo.users)
        assert len({user.prefered_username for user in vo.users.values()}) == len(vo.users)
        assert vo.default_group in vo.groups or "default-group-dangling" in result.findings.by_code() or not vo.groups


@settings(deadline=None)
@given(configurations())
def test_every_finding_has_a_line_of_the_file(text: str) -> None:
    lines = text.count("\n") + 1
    for found in convert_text(text).findings:
        assert 1 <= found.line <= lines
        assert found.column >= 1
        assert found.path.startswith("/")


def test_reasons_count_the_options_dropped_for_them() -> None:
    tree = put(put(minimal(), "Systems/A", {"x": "1", "y": "2"}), "WebApp/z", "3")
    account = convert_text(cfg(tree)).account
    assert sum(account.reasons().values()) == account.counts()["dropped"]
    assert 2 in account.reasons().values()
