"""``diracx-bridge auth cleanup``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from diracx_bridge.cli.output import note, print_json

if TYPE_CHECKING:
    from diracx_bridge.db.sql.auth.cleanup import Policy, Report


def cleanup(
    keep_months: Annotated[
        int, typer.Option(min=1, help="Refresh tokens that were made in the last so many full months are kept.")
    ] = 6,
    months_ahead: Annotated[
        int, typer.Option(min=1, max=120, help="Partitions are made for so many months after this one.")
    ] = 12,
    keep_flows_minutes: Annotated[
        int, typer.Option(min=15, help="Logins, finished or not, that began in the last so many minutes are kept.")
    ] = 60,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Look after AuthDB: old refresh tokens and logins go, months to come get their partitions. For a daily timer.

    On MySQL and MariaDB tokens go by dropping the partitions of their months; a table without partitions gets them. The
    user needs SELECT, ALTER and DROP on RefreshTokens, SELECT and DELETE on DeviceFlows and AuthorizationFlows. On
    SQLite rows are deleted. A second cleanup at the same time leaves the partitions to the first.

    Exit codes: 0 done, or nothing to do; 1 failed; 6 the database does not answer, or the table was in use all the
    time.
    """
    import asyncio

    from diracx_bridge.db.sql.auth.cleanup import Policy

    report = asyncio.run(_clean(Policy(keep_months, months_ahead, keep_flows_minutes), dry_run))
    if as_json:
        from dataclasses import asdict

        print_json(asdict(report))
        return
    for line in _lines(report):
        typer.echo(line)


async def _clean(policy: Policy, dry_run: bool) -> Report:
    from diracx_bridge.cli.auth.auth_db import auth_server
    from diracx_bridge.db.sql.auth.cleanup import clean_up

    async with auth_server() as server:
        return await clean_up(server, policy, dry_run=dry_run)


def _lines(report: Report) -> Iterator[str]:
    would = "would be " if report.dry_run else ""
    changes = report.partitions
    if changes is not None and changes.busy:
        note("Another cleanup is at work on the partitions, which are left to it")
    if changes is not None and changes.new:
        yield f"RefreshTokens: {would}partitioned by month"
    for names, what in ((changes.added, "added"), (changes.dropped, "dropped")) if changes is not None else ():
        if names:
            yield f"RefreshTokens: {would}{what}: {', '.join(names)}"
    for table, count in report.deleted.items():
        if count:
            yield f"{table}: {would}deleted: {count}"
    if not any(report.deleted.values()) and (changes is None or changes == type(changes)()):
        yield "Nothing to do"
