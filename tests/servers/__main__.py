"""The test servers by hand: `python -m tests.servers install|start|clean [NAME...]`."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable

from . import chromium, keycloak, legacy, mariadb, mysql, oidc_provider, opensearch, peer, s3
from .process import ServerError
from .run import VARIABLE, Run, clean

INSTALL: dict[str, Callable[[], object]] = {
    "mariadb": mariadb.install,
    "mysql": mysql.install,
    "opensearch": opensearch.install,
    "oidc_provider": oidc_provider.install,
    "keycloak": keycloak.install,
    "chromium": chromium.install,
    "s3": s3.install,
    "legacy": legacy.install,
    "peer": peer.install,
}
START: dict[str, Callable[[Run], object]] = {
    "mariadb": mariadb.server,
    "mysql": mysql.server,
    "opensearch": opensearch.server,
    "oidc_provider": oidc_provider.server,
    "keycloak": keycloak.server,
    "s3": s3.server,
}
USUAL = ("mariadb", "opensearch", "oidc_provider", "s3", "legacy", "peer")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("action", choices=("install", "start", "clean"))
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(INSTALL)}; {' '.join(USUAL)} without names"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(INSTALL):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(INSTALL)}")
    names = arguments.names or USUAL
    try:
        if arguments.action == "clean":
            print(f"dead runs ended: {clean()}")
        elif arguments.action == "install":
            for name in names:
                since = time.monotonic()
                INSTALL[name]()
                print(f"{name}: installed ({time.monotonic() - since:.0f} s)", flush=True)
        else:
            keep_running([name for name in names if name in START])
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def keep_running(names: list[str]) -> None:
    """Start these servers and stop them on Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run = Run.begin()
    try:
        for name in names:
            print(f"{name}: {START[name](run)}", flush=True)
        print(f"\nTests use these servers with\n\n    export {VARIABLE}={run.folder}\n\nCtrl-C stops them.", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        run.end()


if __name__ == "__main__":
    sys.exit(main())
