"""A damaged file never ends in a traceback, and never in a configuration that DiracX can't load."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from diracx_bridge.config.schema import Config
from diracx_bridge.cs_sync.yaml_text import from_yaml, to_yaml

from .configurations import convert_text

LINES = (Path(__file__).parents[3] / "examples" / "dirac.cfg").read_text().split("\n")
PLACES = st.integers(0, len(LINES) - 1)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The example with lines dropped, doubled, cut, moved or replaced."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(PLACES) % len(lines)
        match draw(st.integers(0, 4)):
            case 0:
                del lines[place]
            case 1:
                lines.insert(place, lines[place])
            case 2:
                lines[place] = lines[place][: draw(st.integers(0, 30))]
            case 3:
                lines.insert(draw(PLACES) % len(lines), lines.pop(place))
            case 4:
                lines[place] = draw(
                    st.sampled_from(["{", "}", "x = ", "  A", "\x00 = \x00", "VO = ", "DN += /CN=x, y"])
                )
    return "\n".join(lines)


@settings(deadline=None)
@given(damaged())
def test_a_damaged_file_converts_or_is_refused(text: str) -> None:
    result = convert_text(text)
    assert all(found.line >= 1 for found in result.findings)
    if result.content is not None:
        Config.model_validate(from_yaml(to_yaml(result.content)))


@settings(deadline=None)
@given(st.integers(0, sum(len(line) + 1 for line in LINES)))
def test_a_file_that_is_cut_off_inside_a_section_is_refused(length: int) -> None:
    text = "\n".join(LINES)[:length]
    result = convert_text(text)
    balanced = "".join(line for line in text.split("\n") if not line.strip().startswith("#"))
    if balanced.count("{") != balanced.count("}"):
        assert result.refused
