"""``diracx-bridge serve``: the services."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 picks a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Number of processes.")] = 1,
    proxies: Annotated[
        str, typer.Option(help="Addresses of reverse proxies whose X-Forwarded-* headers are believed.")
    ] = "127.0.0.1",
) -> None:
    """Serve the DiracX API; the settings come from the environment (DIRACX_..., see the settings reference)."""
    import uvicorn

    from diracx_bridge.core.settings import Settings

    Settings.from_environment()  # what is missing is told here, once, not by each process
    uvicorn.run(
        "diracx_bridge.services.app:app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=30,
        server_header=False,
    )
