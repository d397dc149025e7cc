"""The commands that show what happened to calls."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from diracx_bridge.cli.adapters.configuration import Cfg, Service, Vo, configuration
from diracx_bridge.cli.output import Json, note, print_json, print_table, wants_json

Hours = Annotated[int, typer.Option(min=1, max=2160, help="How far back, in hours.")]
LEDGER = "/api/bridge/ledger"


def plan(service: Service, vo: Vo = "", hours: Hours = 168, cfg: Cfg = None, json: Json = False) -> None:
    """Say whether the evidence allows the next stage of a service, and what is missing; exit code 1 if it does not."""
    from diracx_bridge.legacy_adapters.administration.cs import services_of
    from diracx_bridge.legacy_adapters.administration.evidence import plan_for

    (name,) = services_of([service])
    stage = configuration(cfg).rules(name).route(vo or None, None).stage
    query = {"service": name, "vo": vo, "hours": hours}
    made = plan_for(stage, _read(f"{LEDGER}/calls", query), _read(f"{LEDGER}/mismatches", query))
    if wants_json(json):
        print_json(
            {
                "service": name, "vo": vo, "stage": made.stage, "next": made.next, "allowed": made.allowed,
                "missing": made.missing, "seen": made.seen,
            }
        )  # fmt: skip
    else:
        for line in made.seen:
            typer.echo(f"  {line}")
        for line in made.missing:
            typer.echo(f"  missing: {line}")
        verdict = f"{made.next} may follow" if made.allowed else "not yet" if made.next else "there is no next stage"
        typer.echo(f"{name} is in the stage {made.stage}: {verdict}")
    if not made.allowed:
        raise typer.Exit(1)


def report(
    service: Annotated[str, typer.Argument(help="A service; default: all.")] = "",
    vo: Vo = "",
    hours: Hours = 24,
    json: Json = False,
) -> None:
    """Show the calls that came through the doors: who answered, how fast, what failed."""
    from diracx_bridge.legacy_adapters.administration.cs import services_of
    from diracx_bridge.legacy_adapters.administration.evidence import summarized

    name = services_of([service])[0] if service else ""
    rows = summarized(_read(f"{LEDGER}/calls", {"service": name, "vo": vo, "hours": hours}))
    if wants_json(json):
        print_json(rows)
    elif not rows:
        note(f"No calls came through the doors within {hours} hours")
    else:
        numbers = ("calls", "errors", "failed", "stood in", "mismatches", "median", "slowest of 20")
        print_table(("method", "vo", "stage", "side", *numbers), rows, numbers=numbers, caption="times in seconds")


def mismatches(
    service: Annotated[str, typer.Argument(help="A service; default: all.")] = "",
    vo: Vo = "",
    hours: Hours = 168,
    forget: Annotated[
        str, typer.Option(metavar="FINGERPRINT", help="Forget this kind (its start is enough): it was dealt with.")
    ] = "",
    json: Json = False,
) -> None:
    """List the kinds of mismatches that the stage compare has found, each with an example."""
    from diracx_bridge.client import SyncDiracxClient
    from diracx_bridge.legacy_adapters.administration.cs import services_of

    if forget:
        with SyncDiracxClient() as client:
            client.request("DELETE", f"{LEDGER}/mismatches/{forget}", params={"vo": vo} if vo else None)
        note(f"{forget} is forgotten; it is listed again when it is seen again")
        return
    name = services_of([service])[0] if service else ""
    found = _read(f"{LEDGER}/mismatches", {"service": name, "vo": vo, "hours": hours})
    if wants_json(json):
        print_json(found)
        return
    if not found:
        note("No mismatches are known")
        return
    rows = [{**one, "fingerprint": one["fingerprint"][:12], "last seen": one["last_seen"]} for one in found]
    print_table(
        ("fingerprint", "method", "vo", "what", "legacy", "diracx", "count", "last seen"), rows, numbers=("count",)
    )
    note("`diracx-bridge adapters replay FINGERPRINT` rehearses the example again")


def replay(
    fingerprint: Annotated[str, typer.Argument(help="The kind of mismatch, or the start of its fingerprint.")],
    json: Json = False,
) -> None:
    """Rehearse the call of a mismatch again with your rights: what DiracX would answer and change now. Nothing is."""
    from diracx_bridge.core.errors import NotFound
    from diracx_bridge.legacy_adapters.administration.replay import replayed

    found = _read(f"{LEDGER}/mismatches", {"fingerprint": fingerprint, "hours": 2160})
    if not found:
        raise NotFound(f"No mismatch is known whose fingerprint starts with {fingerprint}")
    outcome = {"mismatch": found[0], "now": replayed(found[0]["call"])}
    if wants_json(json):
        print_json(outcome)
        return
    call, now = found[0]["call"], outcome["now"]
    typer.echo(f"{call['service']}/{call['method']}{tuple(call['arguments'])} of {call['user']} ({call['group']})")
    typer.echo(f"  {found[0]['what']}: legacy {found[0]['legacy']!r}, DiracX {found[0]['diracx']!r}")
    typer.echo(f"  DiracX answers now {now['answer']!r}")
    for line in now["changes"]:
        typer.echo(f"  and would change {line}")


def coverage(json: Json = False) -> None:
    """List the methods of each service that has an adapter, and what may be done with a call of them."""
    from diracx_bridge.legacy_adapters.registry import adapted_services

    rows = [
        {
            "service": service,
            "method": method.name,
            "arguments": [argument.name for argument in method.arguments],
            "value": method.value,
            "writes": method.writes,
            "replayed": method.replayable,
            "repeated": method.safe_fallback,
        }
        for service, adapted in sorted(adapted_services().items())
        for method in adapted.contract.methods
    ]
    if wants_json(json):
        print_json(rows)
    else:
        print_table(("service", "method", "value", "writes", "replayed", "repeated"), rows)


def _read(path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    from diracx_bridge.client import SyncDiracxClient

    with SyncDiracxClient() as client:
        found: list[dict[str, Any]] = client.request("GET", path, params=query).json()
    return found
