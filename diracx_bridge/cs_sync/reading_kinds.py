"""Findings about the text of a file: its encoding and its syntax."""

from __future__ import annotations

from typing import Final

from diracx_bridge.cs_sync.kind import Effect, Kind, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
_CLOSE = "Balance the braces: DIRAC can't read this file either"

HOPELESS: Final = frozenset(
    {"file-archive", "merge-conflict", "setup-not-found", "syntax-extra-brace", "syntax-unclosed"}
)
"""After these the rest of a text is in the wrong place: what it says is not looked at. After other errors it is."""

READING: Final = (
    # the file
    Kind(
        "file-archive",
        _E,
        Effect.REFUSED,
        "A zip archive that is empty or damaged",
        "Give the CFG file itself, or a backup of one",
    ),
    Kind(
        "file-archive-several",
        _W,
        Effect.CHANGED,
        "A zip archive with several files; the first is read, as by DIRAC",
        "Give the file that is meant",
    ),
    Kind(
        "file-bom",
        _W,
        Effect.CHANGED,
        "The file starts with a byte order mark, which DIRAC takes for text",
        "Save the file as UTF-8 without a byte order mark",
    ),
    Kind("file-latin-1", _W, Effect.CHANGED, "The file is not UTF-8; it was read as Latin-1", "Save the file as UTF-8"),
    # syntax that DIRAC refuses as well
    Kind("syntax-unclosed", _E, Effect.REFUSED, "A section is opened and never closed", _CLOSE),
    Kind("syntax-extra-brace", _E, Effect.REFUSED, "A closing brace closes nothing", _CLOSE),
    Kind(
        "syntax-duplicate-section", _E, Effect.REFUSED, "A section stands twice in its parent", "Join the two sections"
    ),
    Kind(
        "syntax-section-over-option",
        _E,
        Effect.REFUSED,
        "A section has the name of an option before it",
        "Rename one of them",
    ),
    Kind("syntax-no-name", _E, Effect.REFUSED, "A section or an option has no name", "Name it, or remove it"),
    Kind(
        "syntax-append-undeclared",
        _E,
        Effect.REFUSED,
        "`+=` without a `=` before it",
        "Make the first of these lines a `=`",
    ),
    Kind("syntax-append-to-section", _E, Effect.REFUSED, "`+=` to a section", "Give the option another name"),
    Kind(
        "syntax-no-parent",
        _E,
        Effect.REFUSED,
        "Content in a section whose path has a missing parent",
        "Open the sections of the path one by one",
    ),
    Kind(
        "syntax-path-through-option",
        _E,
        Effect.REFUSED,
        "A name with slashes leads through an option",
        "Open the sections of the path one by one",
    ),
    # several files, setups
    Kind(
        "merge-conflict",
        _E,
        Effect.REFUSED,
        "What is a section in one file is an option in another: DIRAC can't merge them either",
        "Rename one of them",
    ),
    Kind(
        "setup-folded",
        _N,
        Effect.CHANGED,
        "Operations of the chosen setup were moved to where DIRAC v9 looks for them",
        "Move them in the configuration, too, before DIRAC v9 reads it",
    ),
    Kind(
        "setup-not-found",
        _E,
        Effect.REFUSED,
        "There are no Operations of the setup that `--setup` names",
        "Name a setup that the file has, or leave the option out",
    ),
    # syntax that DIRAC reads, in its own way
    Kind("odd-duplicate-option", _W, Effect.KEPT, "An option stands twice; the last one counts", "Remove the first"),
    Kind(
        "odd-option-over-section",
        _W,
        Effect.KEPT,
        "An option has the name of a section before it, which is thereby gone",
        "Rename one of them",
    ),
    Kind(
        "odd-stray-text",
        _W,
        Effect.KEPT,
        "Text without `=` or brace; it is ignored",
        "Make it a comment (`#`) or an option",
    ),
    Kind(
        "odd-split-name",
        _W,
        Effect.KEPT,
        "A section name glued together from several lines",
        "Remove the stray text before the section",
    ),
    Kind(
        "odd-brace-in-name",
        _W,
        Effect.KEPT,
        "A brace in front of `=` opens or closes a section and is part of the name too",
        "Put braces on lines of their own",
    ),
    Kind(
        "odd-lost-path",
        _W,
        Effect.KEPT,
        "A name with slashes whose parent is missing; DIRAC forgets it",
        "Open the sections of the path one by one",
    ),
)
