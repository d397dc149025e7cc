"""The report as one HTML file without scripts or references to others, to be sent round. Everything is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby, zip_longest
from typing import Final

from diracx_bridge.cs_sync.convert import Result
from diracx_bridge.cs_sync.finding_kinds import KINDS, Severity
from diracx_bridge.cs_sync.findings import Finding

__all__ = ["as_page"]

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .3rem .8rem; }
summary { cursor: pointer; }
.error { color: #c62828; } .warning { color: #b26a00; } .note { color: #5a6b7b; }
.verdict { font-size: 1.1rem; background: var(--soft); border-radius: .4rem; padding: .6rem 1rem; }
@media (prefers-color-scheme: dark) {
  .error { color: #ff8a80; } .warning { color: #ffc266; } .note { color: #a9b8c6; } }
"""
_SHOWN: Final = 500
"""So many findings of one code are shown; the JSON report has all of them."""


def as_page(result: Result) -> str:
    """The whole report of ``result``."""
    about = result.as_dict()
    name = about["configuration"].get("Name", result.source.name)
    body = [
        f"<h1>Conversion of {_text(name)}</h1>",
        _verdict(result),
        _table(
            ("", ""),
            [
                ("File", result.source.name),
                *about["configuration"].items(),
                ("SHA-256", about["sha256"]),
                ("Made by", about["tool"]),
            ],
            head=False,
        ),
        "<h2>VOs</h2>",
        _table(
            ("VO", "users", "groups", "options"),
            (
                (vo, counts["users"], counts["groups"], about["options"]["per_vo"].get(vo, 0))
                for vo, counts in about["vos"].items()
            ),
        ),
        *_changes(result),
        "<h2>Findings</h2>",
        *_findings(result),
        "<h2>What became of the options</h2>",
        _table(
            ("", "options"), ((fate, about["options"][fate]) for fate in ("converted", "dropped", "unknown", "total"))
        ),
        "<h3>How they were converted</h3>",
        _table(("", "options"), about["options"]["manners"].items()),
        "<h3>Why they were dropped</h3>",
        _table(("reason", "options"), about["options"]["reasons"].items()),
        *_gaps(result),
        *_switches(result),
    ]
    title = f"<title>Conversion of {_text(name)}</title>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{title}<style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(body) + "\n</body></html>\n"


def _verdict(result: Result) -> str:
    counts = ", ".join(f"{result.findings.count(severity)} {severity}s" for severity in Severity)
    said = "refused: nothing is written" if result.refused else "accepted"
    return f'<p class="verdict">The file is <strong>{said}</strong>: {counts}.</p>'


def _changes(result: Result) -> Iterator[str]:
    if result.previous.content and result.content is not None:
        yield "<h2>What changes</h2>"
        yield _list(f"{change.vo or 'all VOs'}: {change.text}" for change in result.changes())


def _findings(result: Result) -> Iterator[str]:
    by_code = sorted(result.findings, key=lambda found: (list(Severity).index(found.severity), found.code))
    main = result.source.name
    for code, group in groupby(by_code, key=lambda found: found.code):
        found, kind = list(group), KINDS[code]
        is_open = " open" if kind.severity is Severity.ERROR else ""
        title = f'<strong class="{kind.severity}">{kind.severity}</strong> <code>{code}</code> ({len(found)})'
        yield f"<details{is_open}><summary>{title}: {_text(kind.meaning)}</summary>"
        yield _table(("place", "path", "what", "effect", "what to do"), (_row(each, main) for each in found[:_SHOWN]))
        if len(found) > _SHOWN:
            yield f"<p>and {len(found) - _SHOWN} more</p>"
        yield "</details>"


def _row(found: Finding, main: str) -> tuple[str, ...]:
    file = "" if found.file == main and found.line else found.file
    place = f"{file}{':' if file else 'line '}{found.line}:{found.column}" if found.line else found.file
    paths = f"{found.path} → {found.typed_path}" if found.typed_path else found.path
    return place, paths, found.message, found.effect, found.remedy


def _gaps(result: Result) -> Iterator[str]:
    lines = list(result.gaps.lines())
    if lines:
        yield "<h2>Who could not be taken along</h2>"
        yield _list(lines)


def _switches(result: Result) -> Iterator[str]:
    if result.switches:
        yield "<h2>Services and their stage</h2>"
        rows = ((switch.service, switch.stage, switch.option) for switch in result.switches)
        yield _table(("service", "stage", "said by"), rows)


def _table(titles: Iterable[str], rows: Iterable[Iterable[object]], *, head: bool = True) -> str:
    listed = [list(row) for row in rows]
    lines = ["<table>"]
    if head:
        kinds = [' class="n"' if isinstance(cell, int) else "" for cell in listed[0]] if listed else []
        cells = (f"<th{kind}>{_text(title)}</th>" for title, kind in zip_longest(titles, kinds, fillvalue=""))
        lines.append("<tr>" + "".join(cells) + "</tr>")
    for row in listed:
        cells = (f'<td class="n">{cell:,}</td>' if isinstance(cell, int) else f"<td>{_text(cell)}</td>" for cell in row)
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _list(entries: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{_text(entry)}</li>" for entry in entries) + "</ul>"


def _text(value: object) -> str:
    """Escaped; what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(str(value), quote=True))
