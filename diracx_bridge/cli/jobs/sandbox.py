"""``diracx-bridge jobs sandbox``: the files that go with jobs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from diracx_bridge.cli.failures import ABSENT
from diracx_bridge.cli.output import Json, note, print_json, transfer_progress, wants_json

app = typer.Typer(help="Send files for jobs, and fetch what jobs left.", no_args_is_help=True)


class Kind(StrEnum):
    """What a sandbox is to a job."""

    INPUT = "input"
    OUTPUT = "output"


JobId = Annotated[int, typer.Argument(metavar="ID", help="The job.")]


@app.command("list")
def list_(job_id: JobId, json: Json = False) -> None:
    """List the sandboxes of a job."""
    from diracx_bridge.client import Sandboxes

    found = Sandboxes().of_job(job_id)
    if wants_json(json):
        print_json(found)
        return
    for kind, pfns in found.items():
        for pfn in pfns:
            typer.echo(f"{kind:<6}  {pfn}")


@app.command()
def upload(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, and folders with what is in them.")],
    job: Annotated[int | None, typer.Option(help="Make it the output sandbox of this job.")] = None,
    json: Json = False,
) -> None:
    """Pack files into a sandbox and store it; prints the PFN for InputSandbox in a JDL."""
    from diracx_bridge.client import Sandboxes, SyncDiracxClient

    with SyncDiracxClient() as client, transfer_progress("sending") as progress:
        pfn = Sandboxes(client).upload(paths, progress=progress)
        if job is not None:
            Sandboxes(client).assign(job, pfn)
    print_json({"pfn": pfn}) if json else typer.echo(pfn)


@app.command()
def download(
    what: Annotated[str, typer.Argument(metavar="ID|PFN", help="A job, or the PFN of a sandbox.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to unpack into.")] = Path("."),
    kind: Annotated[Kind, typer.Option(help="Which sandbox of the job.")] = Kind.OUTPUT,
    json: Json = False,
) -> None:
    """Fetch the sandboxes of a job, or one by its PFN, and unpack them."""
    from diracx_bridge.client import Sandboxes, SyncDiracxClient

    with SyncDiracxClient() as client, transfer_progress("fetching") as progress:
        sandboxes = Sandboxes(client)
        pfns = [what]
        if what.isdigit():
            pfns = sandboxes.of_job(int(what), kind.value)[kind.value.capitalize()]
            if not pfns:
                note(f"Job {what} has no {kind.value} sandbox")
                raise typer.Exit(ABSENT.code)
        files = [path for pfn in pfns for path in sandboxes.download(pfn, output, progress=progress)]
    if wants_json(json):
        print_json([str(path) for path in files])
        return
    for path in files:
        typer.echo(path)
