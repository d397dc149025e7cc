"""The whole way from text to a checked typed configuration."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from diracx_bridge import __version__
from diracx_bridge.cs_sync.account import Account
from diracx_bridge.cs_sync.compat import convert_as_upstream
from diracx_bridge.cs_sync.converter import convert_tree
from diracx_bridge.cs_sync.findings import Findings, Severity
from diracx_bridge.cs_sync.losses import refuse_losses
from diracx_bridge.cs_sync.options import DEFAULTS, Options
from diracx_bridge.cs_sync.reader import read
from diracx_bridge.cs_sync.source import Source, load
from diracx_bridge.cs_sync.switches import Switch
from diracx_bridge.cs_sync.tree import Section
from diracx_bridge.cs_sync.validation import validate

__all__ = ["Result", "convert", "convert_source"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The outcome of one conversion.

    ``content`` is the typed configuration, ready for YAML, or None when the file is refused; ``tree`` the legacy one;
    ``account`` says what became of each option, ``switches`` how far each service has moved.
    """

    source: Source
    tree: Section
    findings: Findings
    account: Account
    content: dict[str, Any] | None
    strict: bool = False
    switches: list[Switch] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether nothing may be written."""
        return self.content is None or (self.strict and self.findings.count(Severity.ERROR) > 0)

    def version(self) -> dict[str, str]:
        """Name and version of the legacy configuration, as far as it gives them."""
        found = {key: self.tree.option("DIRAC", "Configuration", key) for key in ("Name", "Version")}
        return {key: option.value for key, option in found.items() if option and option.value}

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``: the keys are a stable interface."""
        registry = (self.content or {}).get("Registry", {})
        return {
            "file": self.source.name,
            "sha256": self.source.digest,
            "configuration": self.version(),
            "tool": f"diracx-bridge {__version__}",
            "refused": self.refused,
            "vos": {
                vo: {"users": len(section["Users"]), "groups": len(section["Groups"])}
                for vo, section in sorted(registry.items())
            },
            "options": self.account.as_dict(),
            "switches": [asdict(switch) for switch in self.switches],
            "severities": {severity.value: self.findings.count(severity) for severity in Severity},
            "findings": [finding.as_dict() for finding in self.findings],
        }


def convert(old: str, options: Options = DEFAULTS, *, progress: Progress = lambda stage: None) -> Result:
    """Convert the legacy configuration in the file ``old`` (``-``: standard input). ``progress`` is told each stage.

    Raises:
        SetupError: the file can't be read. Whatever stands in it ends as a finding.
    """
    progress(f"reading {old}")
    source, findings = load(old)
    findings.policy = options.policy
    return convert_source(source, findings, options, progress=progress)


def convert_source(
    source: Source,
    findings: Findings | None = None,
    options: Options = DEFAULTS,
    *,
    progress: Progress = lambda stage: None,
) -> Result:
    """Convert a text that is already in memory; otherwise like `convert`."""
    with _collector_paused():
        return _convert(
            source, Findings(source.name, options.policy) if findings is None else findings, options, progress
        )


def _convert(source: Source, findings: Findings, options: Options, progress: Progress) -> Result:
    progress(f"parsing {source.text.count(chr(10)) + 1:,} lines")
    tree = read(source.text, findings)
    if findings.refuse():
        return Result(source, tree, findings, Account(), None, options.strict)
    if options.compat:
        progress("converting as upstream does")
        content = convert_as_upstream(tree, source, findings)
        return Result(source, tree, findings, Account(), content, options.strict)
    progress("converting")
    conversion = convert_tree(tree, findings, options.previous, personal_data=options.personal_data)
    if not findings.refuse():
        progress("checking against the schema")
        validate(conversion, findings, options.schema)
        refuse_losses(tree, conversion.content, findings, options.previous, options.max_loss)
    content = None if findings.refuse() else conversion.content
    return Result(source, tree, findings, conversion.account, content, options.strict, conversion.switches)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: nearly all objects made here live on, and looking for others takes a third."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
