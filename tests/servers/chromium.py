"""Debian's Chromium without a window, driven over the WebDriver protocol."""

from __future__ import annotations

from dataclasses import dataclass

from .process import free_port, listening, spawn, wait
from .run import Run
from .system_packages import commands, find, require

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class ChromeDriver:
    """Where the driver listens; each session that it makes is a browser with an empty profile."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def install() -> None:
    """Install the packages where they are missing."""
    require(commands("chromium", "chromedriver"), "chromium", "chromium-driver")


def server(run: Run) -> ChromeDriver:
    """The driver of this run, started when it is first asked for."""
    return ChromeDriver(run.once("chromium", lambda: _start(run))["port"])


def _start(run: Run) -> dict[str, int]:
    install()
    port, log = free_port(), run.folder / "chromedriver.log"
    child = spawn([find("chromedriver") or "chromedriver", f"--port={port}"], log)
    run.register(child)
    wait("chromedriver", lambda: listening(port), child, log, 30)
    return {"port": port}
