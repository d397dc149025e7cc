"""``diracx-bridge sandboxes``: look after the sandbox store."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Look after the sandbox store that the settings of the services name.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group, although it has one command."""


@app.command()
def clean(
    days: Annotated[int, typer.Option(min=1, help="Keep what was asked for in so many days.")] = 15,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, remove nothing.")] = False,
) -> None:
    """Remove sandboxes that no job uses and nobody asked for lately, from the store and the database. Run it daily.

    Safe beside the services and beside itself. Exit code 1 if the store could not delete some: they are tried again the
    next time.
    """
    import asyncio

    sandboxes, size, failed = asyncio.run(_clean(days, dry_run))
    typer.echo(f"{'would be removed' if dry_run else 'removed'}: {sandboxes} sandboxes, {size} bytes")
    for key, why in list(failed.items())[:20]:
        typer.echo(f"not removed: {key}: {why}", err=True)
    if failed:
        typer.echo(f"not removed: {len(failed)} in all", err=True)
        raise typer.Exit(1)


async def _clean(days: int, dry_run: bool) -> tuple[int, int, dict[str, str]]:
    from datetime import UTC, datetime, timedelta

    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.core.settings import Settings
    from diracx_bridge.db.sandbox_store.cleaning import clean, unused
    from diracx_bridge.db.sandbox_store.opening import open_sandbox_store
    from diracx_bridge.db.sql.sandbox_metadata.unused import UnusedSandboxes
    from diracx_bridge.db.sql.server import Databases

    settings = Settings.from_environment()
    store = open_sandbox_store(settings)
    if store is None:
        raise SettingsError(
            "No sandbox store is set up: set DIRACX_SANDBOX_STORE_... or DIRACX_BRIDGE_SANDBOX_DIRECTORY"
        )
    databases = Databases(settings.databases, pool_size=1)
    before, chunk = datetime.now(UTC) - timedelta(days=days), settings.sandbox_store.clean_delete_chunk_size
    try:
        server = databases.server_of("SandboxMetadataDB")
        database = UnusedSandboxes(settings.sandbox_store.se_name, store.bucket)
        if dry_run:
            found = [sandbox async for each in unused(server, database, before, chunk) for sandbox in each]
            return len(found), sum(sandbox.size for sandbox in found), {}
        cleaned = await clean(server, database, store, before=before, chunk=chunk)
        return cleaned.sandboxes, cleaned.size, cleaned.failed
    finally:
        await databases.close()
        await store.close()
