"""The commands of ``diracx-bridge jobs`` that change nothing."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from diracx_bridge.cli.failures import ABSENT
from diracx_bridge.cli.ids import JobIds, job_ids
from diracx_bridge.cli.jobs.conditions import condition, sort_key
from diracx_bridge.cli.output import Json, note, print_json, print_table, terminal_width, wants_json

USUAL: Final = (
    "JobID", "Status", "MinorStatus", "ApplicationStatus", "JobGroup", "Site", "JobName", "Owner", "LastUpdateTime",
)  # fmt: skip
WIDE: Final = 110
NARROW: Final = ("JobID", "Status", "MinorStatus", "Site", "Owner", "LastUpdateTime")
"""Columns that fit a terminal of 80 characters."""
Conditions = Annotated[
    list[str] | None,
    typer.Option("--condition", "-c", help='Such as "Status eq Running" or "Site in [...]"; all given ones must hold.'),
]


def search(
    conditions: Conditions = None,
    parameters: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="A column to show; may be given again.")
    ] = None,
    sort: Annotated[list[str] | None, typer.Option("--sort", help="A column, or COLUMN:desc.")] = None,
    page: Annotated[int, typer.Option(min=1, help="Which page to show.")] = 1,
    per_page: Annotated[int, typer.Option(min=1, max=10000, help="Jobs on a page.")] = 10,
    everything: Annotated[bool, typer.Option("--all", help="Show all jobs that fit, not one page.")] = False,
    json: Json = False,
) -> None:
    """Find jobs, the newest first."""
    from diracx_bridge.client import Jobs

    wanted = [condition(text) for text in conditions or ()]
    as_json = wants_json(json)
    columns = list(parameters or (USUAL if as_json or terminal_width() >= WIDE else NARROW))
    order = [sort_key(text) for text in sort or ("JobID:desc",)]
    rows: list[dict[str, Any]]
    if everything:
        rows = list(Jobs().search(wanted, parameters=columns, sort=order))
        total, first = len(rows), 1
    else:
        found = Jobs().page(wanted, parameters=columns, sort=order, number=page, size=per_page)
        rows, total, first = found.rows, found.total, (page - 1) * per_page + 1
    if as_json:
        print_json(rows)
        return
    if not rows:
        note("No jobs found" if not total or page == 1 else f"Page {page} is beyond the end: {total} jobs fit")
        return
    print_table(columns, rows, caption=f"{first}-{first + len(rows) - 1} of {total} jobs")


def summary(
    by: Annotated[list[str] | None, typer.Option("--by", help="A column to group by; may be given again.")] = None,
    conditions: Conditions = None,
    json: Json = False,
) -> None:
    """Count jobs by the values of columns."""
    from diracx_bridge.client import Jobs

    columns = list(by or ("Status",))
    rows = Jobs().summary(columns, [condition(text) for text in conditions or ()])
    if wants_json(json):
        print_json(rows)
        return
    print_table((*columns, "count"), rows, numbers=("count",))


def status(ids: JobIds = None, json: Json = False) -> None:
    """Show the status of jobs."""
    from diracx_bridge.client import Jobs

    wanted = job_ids(ids)
    found = Jobs().status(wanted)
    if wants_json(json):
        print_json({str(job): found[job] for job in wanted if job in found})
    else:
        columns = ("JobID", "Status", "MinorStatus", "ApplicationStatus", "Site")
        print_table(columns, [{"JobID": job, **found[job]} for job in wanted if job in found])
    _tell_missing(wanted, found)


def log(ids: JobIds = None, json: Json = False) -> None:
    """Show what happened to jobs, oldest first."""
    from diracx_bridge.client import Jobs

    wanted = job_ids(ids)
    found = Jobs().log(wanted)
    if wants_json(json):
        print_json({str(job): found[job] for job in wanted if job in found})
    else:
        columns = ("StatusTime", "Status", "MinorStatus", "ApplicationStatus", "Source")
        for job in (job for job in wanted if job in found):
            print_table(columns, found[job], caption=f"Job {job}")
    _tell_missing(wanted, found)


def parameters(ids: JobIds = None, json: Json = False) -> None:
    """Show the job parameters: what jobs and services noted about them."""
    from diracx_bridge.client import Jobs

    wanted = job_ids(ids)
    found = Jobs().parameters(wanted)
    if wants_json(json):
        print_json({str(job): found.get(job, {}) for job in wanted})
        return
    rows = [
        {"JobID": job, "Parameter": name, "Value": value}
        for job in wanted
        for name, value in sorted(found.get(job, {}).items())
    ]
    print_table(("JobID", "Parameter", "Value"), rows)


def jdl(
    job_id: Annotated[int, typer.Argument(metavar="ID", help="The job.")],
    original: Annotated[bool, typer.Option("--original", help="The JDL as it was submitted.")] = False,
) -> None:
    """Print the JDL of a job."""
    from diracx_bridge.client import Jobs

    typer.echo(Jobs().jdl(job_id, original=original))


def _tell_missing(wanted: list[int], found: dict[int, Any]) -> None:
    if missing := [job for job in wanted if job not in found]:
        note(f"No such job: {', '.join(map(str, missing[:20]))}{' ...' if len(missing) > 20 else ''}")
        raise typer.Exit(ABSENT.code)
