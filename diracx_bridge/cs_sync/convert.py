"""The whole way from text to a checked typed configuration."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from diracx_bridge import __version__
from diracx_bridge.cs_sync.account import Account, TypedPath
from diracx_bridge.cs_sync.changes import Change, typed_diff
from diracx_bridge.cs_sync.compat import convert_as_upstream
from diracx_bridge.cs_sync.converter import Conversion, convert_tree
from diracx_bridge.cs_sync.findings import Findings, Severity
from diracx_bridge.cs_sync.layers import fold_setup, merge_files
from diracx_bridge.cs_sync.losses import refuse_losses
from diracx_bridge.cs_sync.options import DEFAULTS, Options
from diracx_bridge.cs_sync.plan import Gaps
from diracx_bridge.cs_sync.previous import NOTHING, Previous
from diracx_bridge.cs_sync.reader import read
from diracx_bridge.cs_sync.reading_kinds import HOPELESS
from diracx_bridge.cs_sync.source import Source, load
from diracx_bridge.cs_sync.switches import Switch
from diracx_bridge.cs_sync.tree import Node, Section
from diracx_bridge.cs_sync.validation import validate

__all__ = ["Result", "convert", "convert_source"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The outcome of one conversion.

    ``content`` is the typed configuration, ready for YAML, or None when the file is refused; ``tree`` the legacy one;
    ``account`` says what became of each option, ``switches`` how far each service has moved, ``origins``
    where typed values come from, ``gaps`` who could not be taken along; ``previous`` is what was published before;
    ``conversion`` is what was made before the checks, unless it never came to that.
    """

    source: Source
    tree: Section
    findings: Findings
    account: Account
    content: dict[str, Any] | None
    strict: bool = False
    switches: list[Switch] = field(default_factory=list)
    origins: dict[TypedPath, Node] = field(default_factory=dict)
    gaps: Gaps = field(default_factory=Gaps)
    previous: Previous = NOTHING
    conversion: Conversion | None = None

    @property
    def refused(self) -> bool:
        """Whether nothing may be written."""
        return self.content is None or (self.strict and self.findings.refuse_strictly())

    def changes(self) -> list[Change]:
        """What is different from what was published before; nothing if the file is refused."""
        return [] if self.content is None else typed_diff(self.previous.content, self.content)

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
            "gaps": asdict(self.gaps),
            "switches": [asdict(switch) for switch in self.switches],
            "severities": {severity.value: self.findings.count(severity) for severity in Severity},
            "findings": [finding.as_dict() for finding in self.findings],
        }


def convert(
    old: str, options: Options = DEFAULTS, *, over: Sequence[str] = (), progress: Progress = lambda stage: None
) -> Result:
    """Convert the legacy configuration in the file ``old`` (``-``: standard input), ``over`` laid over it.

    ``progress`` is told each stage.

    Raises:
        SetupError: a file can't be read. Whatever stands in it ends as a finding.
    """
    progress(f"reading {old}")
    source, findings = load(old)
    findings.policy = options.policy
    others = []
    for name in over:
        progress(f"reading {name}")
        with _about(findings, name):
            others.append(load(name, findings)[0])
    return convert_source(source, findings, options, over=others, progress=progress)


def convert_source(
    source: Source,
    findings: Findings | None = None,
    options: Options = DEFAULTS,
    *,
    over: Sequence[Source] = (),
    progress: Progress = lambda stage: None,
) -> Result:
    """Convert texts that are already in memory; otherwise like `convert`."""
    if findings is None:
        findings = Findings(source.name, options.policy)
    with _collector_paused():
        return _convert(source, over, findings, options, progress)


def _convert(
    source: Source, over: Sequence[Source], findings: Findings, options: Options, progress: Progress
) -> Result:
    roots: list[Section] = []
    for text in (source, *over):
        progress(f"parsing {text.text.count(chr(10)) + 1:,} lines")
        with _about(findings, text.name):
            roots.append(read(text.text, findings))
    if over:
        digests = "".join(text.digest for text in (source, *over))
        source = replace(source, digest=sha256(digests.encode()).hexdigest())
    if HOPELESS & findings.by_code().keys() or (options.compat and findings.refuse()):
        return Result(source, roots[0], findings, Account(), None, options.strict)
    if options.compat:
        progress("converting as upstream does")
        content = convert_as_upstream(roots[0], source, findings)
        return Result(source, roots[0], findings, Account(), content, options.strict)
    joined = merge_files(roots, findings)
    if options.setup:
        fold_setup(joined, options.setup, findings)
    if HOPELESS & findings.by_code().keys():
        return Result(source, joined.root, findings, Account(), None, options.strict)
    progress("converting")
    conversion = convert_tree(joined.root, findings, options.previous, personal_data=options.personal_data)
    for option in joined.replaced:
        conversion.account.dropped(option, joined.why(option))
    progress("checking against the schema")
    validate(conversion, findings, options.schema)
    if not findings.refuse():
        refuse_losses(joined.root, conversion.content, findings, options.previous, options.max_loss)
    content = None if findings.refuse() else conversion.content
    return Result(
        source,
        joined.root,
        findings,
        conversion.account,
        content,
        options.strict,
        conversion.switches,
        conversion.origins,
        conversion.plan.gaps,
        options.previous,
        conversion,
    )


@contextmanager
def _about(findings: Findings, file: str) -> Iterator[None]:
    """Findings are about ``file`` meanwhile."""
    before, findings.file = findings.file, file
    try:
        yield
    finally:
        findings.file = before


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
