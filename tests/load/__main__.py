"""Measure the services: `python -m tests.load [SCENARIO...]`, such as `status 'search/page-*'`; all without names."""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.load import imports, official, ours, report
from tests.load.bare import BareServer
from tests.load.cs import measure as cs
from tests.load.measure import measure, with_limit
from tests.load.profile import profile
from tests.load.scenarios import FAMILIES, select
from tests.servers import mariadb
from tests.servers.process import ServerError
from tests.servers.run import Run
from tests.servers.sql_server import SqlServer

KINDS = ("sqlite", "mariadb")
# As in production: commits are durable, the tables fit into memory.
PRODUCTION = "SET GLOBAL innodb_flush_log_at_trx_commit=1; SET GLOBAL innodb_buffer_pool_size=1073741824"


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.quick:
        arguments.jobs, arguments.seconds = min(arguments.jobs, 10_000), min(arguments.seconds, 0.7)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run = Run.begin()
    results: list[dict[str, Any]] = []
    try:
        if any(fnmatch.fnmatch("imports", pattern) for pattern in arguments.scenarios) and not arguments.profile:
            imports.figures(results.append)
        if arguments.scenarios == ["imports"]:
            return 0
        synchroniser(arguments, results.append)
        if all(name == "cs" or name.startswith("cs/") for name in arguments.scenarios):
            return 0
        bare = BareServer(run)
        for kind in (arguments.on,) if arguments.on else KINDS:
            server = _mariadb(run) if kind == "mariadb" else None
            (compare if arguments.compare else figures)(run, bare, server, arguments, results.append)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        run.end()
        if arguments.json:
            arguments.json.write_text(json.dumps(results, indent=1) + "\n")
    return 1 if any(result["errors"] for result in results) else 0


Keep = Callable[[dict[str, Any]], object]


def figures(run: Run, bare: BareServer, server: SqlServer | None, arguments: argparse.Namespace, keep: Keep) -> None:
    """Measure our server case by case."""
    target = ours.start(run, arguments.jobs, server, arguments.driver, bare)
    _announce(target.name, arguments)
    print(report.head())
    for case in select(target, arguments.scenarios):
        if arguments.profile:
            result, shares = profile(target, case, arguments.seconds)
            print(f"{report.line(result)}\n{shares}\n", flush=True)
            continue
        result, _ = measure(target, case, arguments.seconds)
        result = with_limit(result, target, case, bare)
        print(report.line(result), flush=True)
        keep(report.as_json(result))
    target.process.stop()


def synchroniser(arguments: argparse.Namespace, keep: Keep) -> None:
    """Measure what follows the configuration, if it is named; the official command with it when they are compared."""
    cases = [case for case in cs.chosen(arguments.scenarios) if arguments.compare or case != "cs/official"]
    if not cases:
        return
    users, sites, rounds = (200, 50, 2) if arguments.quick else (5000, 2000, 5)
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    print(
        f"\ncs sync: {users} users, {sites} sites, {len(os.sched_getaffinity(0))} cores, load {load}, {rounds} rounds\n"
    )
    print(cs.head())
    for figures in cs.measure(cases, users, sites, rounds):
        print(cs.line(figures), flush=True)
        keep(cs.as_json(figures))


def compare(run: Run, bare: BareServer, server: SqlServer | None, arguments: argparse.Namespace, keep: Keep) -> None:
    """Measure the official server and ours by turns, A B A B: each round gives one ratio, so slow drifts cancel."""
    targets = (
        official.start(run, arguments.jobs, server, bare),
        ours.start(run, arguments.jobs, server, arguments.driver, bare),
    )
    _announce(" / ".join(target.name for target in targets), arguments)
    print("Above 1: ours needs less. Median of the rounds (least-most).\n")
    print(report.ratio_head())
    chosen = [{case.name: case for case in select(target, arguments.scenarios)} for target in targets]
    for name in (name for name in chosen[1] if name in chosen[0]):
        pairs = []
        same = None
        for _ in range(arguments.rounds):
            (first, theirs), (second, mine) = (
                measure(target, cases[name], arguments.seconds) for target, cases in zip(targets, chosen, strict=True)
            )
            second = with_limit(second, targets[1], chosen[1][name], bare)
            if chosen[1][name].same_answer:
                same = same is not False and chosen[1][name].agree(theirs, mine)
            pairs.append((first, second))
            keep(report.as_json(first))
            keep(report.as_json(second))
        print(report.ratio_line(pairs, same), flush=True)
    for target in targets:
        target.process.stop()


def _announce(what: str, arguments: argparse.Namespace) -> None:
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    cores = len(os.sched_getaffinity(0))
    print(f"\n{what}: {arguments.jobs} jobs, {cores} cores, load {load}, at most {arguments.seconds:g} s a case\n")


def _mariadb(run: Run) -> SqlServer:
    server = mariadb.server(run)
    server.execute(PRODUCTION)
    return server


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument(
        "scenarios", nargs="*", default=["*"], metavar="SCENARIO",
        help=f"name or pattern of a family (imports, {', '.join(FAMILIES)}) or of a case",
    )  # fmt: skip
    parser.add_argument("--on", choices=KINDS, help="only on this database (default: on both)")
    parser.add_argument("--jobs", type=int, default=100_000, help="jobs in the tables (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="at most so long for a case (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="10,000 jobs and 0.7 s a case: does it work at all?")
    parser.add_argument("--driver", choices=("aiomysql", "asyncmy"), default="asyncmy", help="ours, on MariaDB")
    parser.add_argument("--profile", action="store_true", help="show where the time of the server goes, by py-spy")
    parser.add_argument("--compare", action="store_true", help="with the official server, by turns")
    parser.add_argument("--rounds", type=int, default=3, help="of a comparison (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
