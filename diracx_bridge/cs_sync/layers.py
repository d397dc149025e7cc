"""Lays sections over each other as DIRAC does: files over files, and the layers of a setup over what holds for all.

Options of the upper one replace those of the lower one, sections are joined, lists are not. Entries keep the parents
they were read in, so that their paths and files stay those that people see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from diracx_bridge.cs_sync.findings import Findings
from diracx_bridge.cs_sync.remarks import is_setup_layer
from diracx_bridge.cs_sync.tree import Node, Option, Section, file_of, path_of, walk_options

__all__ = ["Joined", "fold_setup", "merge_files"]


@dataclass(slots=True, eq=False)
class Joined:
    """The joined tree, and the options that others replace, with the ones that do."""

    root: Section
    replaced: dict[Option, Option] = field(default_factory=dict)

    def why(self, option: Option) -> str:
        """Why a replaced option goes nowhere."""
        by = self.replaced[option]
        same_file = file_of(by) == file_of(option)
        return f"replaced by {path_of(by) if same_file else file_of(by)}"


def merge_files(roots: Iterable[Section], findings: Findings) -> Joined:
    """One tree from those of several files, of which each replaces what stands in those before it."""
    first, *others = roots
    joined = Joined(first)
    for other in others:
        joined.root = _lay(joined.root, other, joined, findings)
    return joined


def fold_setup(joined: Joined, setup: str, findings: Findings) -> None:
    """Move the Operations of ``setup``, as before DIRAC v9, to where v9 looks for them.

    `Operations/<setup>` is laid over `Defaults`, `Operations/<vo>/Defaults` and then `Operations/<vo>/<setup>` over
    `Operations/<vo>`. Layers of other setups stay where they are.
    """
    operations = joined.root.section("Operations")
    folded: list[Section] = []
    entries: dict[str, Node] = {}
    for entry in operations.entries.values() if operations else ():
        if isinstance(entry, Option) or entry.name in ("Defaults", setup):
            entries.setdefault(entry.name, entry)
            continue
        layers = [entry.entries[name] for name in ("Defaults", setup) if name in entry.entries]
        upper = [layer for layer in layers if isinstance(layer, Section)]
        if upper:
            rest = {name: below for name, below in entry.entries.items() if below not in upper}
            entry = replace(entry, entries=rest)
            for layer in upper:
                entry = _lay(entry, layer, joined, findings)
            folded += upper
        entries[entry.name] = entry
    flat = entries.pop(setup, None)
    if isinstance(flat, Section) and setup != "Defaults":
        defaults = entries.get("Defaults")
        lower = defaults if isinstance(defaults, Section) else replace(flat, name="Defaults", entries={})
        entries["Defaults"] = _lay(lower, flat, joined, findings)
        folded.append(flat)
    if not any(layer.name == setup for layer in folded):
        layers_there = sorted({layer.name for layer in _layers(operations or Section())})
        message = f"There are no Operations of setup {setup}; there are some of {', '.join(layers_there) or 'none'}"
        findings.add("setup-not-found", message, at=operations or joined.root)
        return
    for layer in folded:
        count = sum(1 for _ in walk_options(layer))
        findings.add("setup-folded", f"{path_of(layer)}: {count} option(s) are folded in", at=layer)
    if operations:
        joined.root = replace(
            joined.root, entries={**joined.root.entries, "Operations": replace(operations, entries=entries)}
        )


def _layers(operations: Section) -> Iterable[Section]:
    for entry in operations.sections():
        yield from (layer for layer in (entry, *entry.sections()) if layer.name != "Defaults" and is_setup_layer(layer))


def _lay(lower: Section, upper: Section, joined: Joined, findings: Findings) -> Section:
    """``lower`` with ``upper`` over it: a new section, in the place of ``lower``."""
    result = replace(lower, entries={})
    waiting = [(result, lower, upper)]
    while waiting:
        into, below, above = waiting.pop()
        into.comment = above.comment or below.comment
        for name in [*below.entries, *(name for name in above.entries if name not in below.entries)]:
            old, new = below.entries.get(name), above.entries.get(name)
            if old is None or new is None:
                into.entries[name] = new or old or into
            elif isinstance(old, Section) and isinstance(new, Section):
                into.entries[name] = inner = replace(old, entries={})
                waiting.append((inner, old, new))
            else:
                into.entries[name] = new
                if isinstance(old, Option) and isinstance(new, Option):
                    joined.replaced[old] = new
                else:
                    message = f"{name} is a section in one place and an option in the other ({file_of(old)}:{old.line})"
                    findings.add("merge-conflict", message, at=new)
    return result
