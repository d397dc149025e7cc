"""The list of deliberate differences is the documentation."""

from __future__ import annotations

from pathlib import Path

from diracx_bridge.cli.legacy_commands.main import COMMANDS as JOB_COMMANDS
from diracx_bridge.legacy_adapters.command_differences import COMMANDS, EVERY_COMMAND
from diracx_bridge.legacy_adapters.differences import DIFFERENCES, EVERY, as_markdown
from diracx_bridge.legacy_adapters.registry import BUILT_IN

PAGE = Path(__file__).parents[3] / "docs/reference/differences.md"


def test_page_is_what_the_list_says() -> None:
    assert PAGE.read_text() == as_markdown()


def test_every_difference_is_told_once_and_belongs_to_what_exists() -> None:
    assert len({difference.id for difference in DIFFERENCES}) == len(DIFFERENCES)
    for difference in DIFFERENCES:
        if difference.service == COMMANDS:
            every, names = EVERY_COMMAND, {command.name for command in JOB_COMMANDS}
        else:
            every, names = EVERY, {method.name for method in BUILT_IN[difference.service].contract.methods}
        assert difference.method == every or set(difference.method.split(", ")) <= names
