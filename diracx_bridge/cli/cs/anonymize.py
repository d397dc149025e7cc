"""`diracx-bridge cs anonymize`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.cs.choices import Old
from diracx_bridge.cli.cs.output import failing


def anonymize(
    old: Old,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The file to write, or - to print it.")],
    json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON on standard output.")] = False,
) -> None:
    """Replace names, addresses, hosts and secrets of OLD, for a bug report.

    The result has the same findings on the same lines. Look through it before you send it: names of sections and
    options stay.
    """
    from json import dumps

    from diracx_bridge.core.errors import SetupError
    from diracx_bridge.cs_sync.anonymise import anonymise
    from diracx_bridge.cs_sync.convert import convert_source
    from diracx_bridge.cs_sync.source import Form, Source, load

    if json and new == "-":
        raise typer.BadParameter("--json and NEW = - both want standard output: write the text to a file")
    with failing():
        source, _ = load(old)
        text = anonymise(source.text)
        encoding = {Form.LATIN_1: "latin-1", Form.BOM: "utf-8-sig"}.get(source.form, "utf-8")
        if new == "-":
            typer.echo(text, nl=False)
        else:
            try:
                Path(new).write_bytes(text.encode(encoding))
            except OSError as error:
                raise SetupError(f"{new} can't be written: {error.strerror or error}") from error
    if json or new != "-":
        before, after = (
            convert_source(Source(old, each, source.digest)).findings.by_code() for each in (source.text, text)
        )
        about = {"file": new, "findings": after, "same_findings": before == after}
        if json:
            typer.echo(dumps(about, indent=2))
        else:
            same = "the same findings" if before == after else "other findings than before"
            typer.echo(f"Written to {new}, with {same} ({sum(after.values())})", err=True)
