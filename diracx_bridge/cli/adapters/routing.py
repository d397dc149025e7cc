"""The commands that show and change the routing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from diracx_bridge.cli.adapters.configuration import Cfg, Method, Service, Vo, configuration, routing_file
from diracx_bridge.cli.output import Json, note, print_json, print_table, wants_json

if TYPE_CHECKING:
    from diracx_bridge.legacy_adapters.administration.change import Place
    from diracx_bridge.legacy_adapters.administration.cs import Configuration

Write = Annotated[bool, typer.Option("--write", help="Commit the change to the CS instead of printing it.")]


def status(
    services: Annotated[list[str] | None, typer.Argument(help="Services; default: all with an adapter.")] = None,
    cfg: Cfg = None,
    json: Json = False,
) -> None:
    """Show the stage of each service, VO and method, and which option decides; exit code 1 if options are refused."""
    from diracx_bridge.core.errors import ConfigurationError
    from diracx_bridge.legacy_adapters.administration.cs import routes_as_rows, services_of

    read = configuration(cfg)
    rows: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    for service in services_of(services or []):
        try:
            rows += routes_as_rows(service, read.rules(service))
        except ConfigurationError as error:
            refused.append({"service": service, "refused": str(error)})
    if wants_json(json):
        print_json({"routes": rows, "refused": refused})
    else:
        print_table(("service", "vo", "method", "stage", "percent", "fallback", "decided by"), rows)
        for one in refused:
            note(f"{one['service']}: {one['refused']}")
    if refused:
        raise typer.Exit(1)


def set_stage(
    service: Service,
    stage: Annotated[str, typer.Argument(help="legacy, compare, canary, live or retired.")],
    vo: Vo = "",
    method: Method = "",
    percent: Annotated[float | None, typer.Option(min=0, max=100, help="Share of the jobs, for canary.")] = None,
    fallback: Annotated[
        bool | None, typer.Option("--fallback/--no-fallback", help="Whether legacy may stand in.")
    ] = None,
    cfg: Cfg = None,
    write: Write = False,
    json: Json = False,
) -> None:
    """Give a service, a VO or a method its next stage: print the section of the CS, or commit it with --write.

    The result is checked as a whole before: options that contradict each other are refused.
    """
    from diracx_bridge.core.errors import ConfigurationError
    from diracx_bridge.core.routing.rules import Section
    from diracx_bridge.core.routing.stages import ORDER, Stage
    from diracx_bridge.legacy_adapters.administration.change import Place, with_stage
    from diracx_bridge.legacy_adapters.administration.cs import services_of

    if stage.lower() not in ORDER:
        raise ConfigurationError(f"{stage!r} is no stage: write one of {', '.join(ORDER)}")
    (name,) = services_of([service])
    read, place = configuration(cfg), Place(name, vo, method)
    before: Section = read.facts(name).section
    _change(read, place, before, with_stage(before, place, Stage(stage.lower()), percent, fallback), cfg, write, json)


def rollback(
    service: Service,
    vo: Vo = "",
    method: Method = "",
    here: Annotated[
        bool, typer.Option("--here", help="At once, for the processes of this host: by its routing file.")
    ] = False,
    cfg: Cfg = None,
    write: Write = False,
    json: Json = False,
) -> None:
    """Take a service, a VO or a method back to legacy, with everything below it that has a stage of its own."""
    from diracx_bridge.core.errors import ConfigurationError
    from diracx_bridge.legacy_adapters.administration.change import Place, rolled_back
    from diracx_bridge.legacy_adapters.administration.cs import services_of

    (name,) = services_of([service])
    if here:
        if vo or method:
            raise ConfigurationError("The routing file takes a service back as a whole: leave out --vo and --method")
        _write_here(name)
        return
    read, place = configuration(cfg), Place(name, vo, method)
    before = read.facts(name).section
    _change(read, place, before, rolled_back(before, place), cfg, write, json)


def _change(
    read: Configuration, place: Place, before: Any, after: dict[str, Any], cfg: str | None, write: bool, json: bool
) -> None:
    from diracx_bridge.core.errors import SettingsError
    from diracx_bridge.core.routing.effective import BRIDGE
    from diracx_bridge.legacy_adapters.administration.change import as_cfg, options_changed

    rules = read.rules(place.service, after)
    changes = options_changed(before, after, f"{BRIDGE}/{place.service}")
    route = rules.route(place.vo or None, place.method or None)
    if write and cfg is not None:
        raise SettingsError("--write changes the CS of the DIRAC installed here: leave out --cfg")
    if write and changes:
        from diracx_bridge.legacy_adapters.dirac.cs_access import commit

        commit(changes)
    if wants_json(json):
        print_json({"stage": route.stage, "decided by": route.decided_by, "changes": changes, "written": write})
        return
    for path, text in changes.items():
        note(f"{'removed' if text is None else 'set'} {path}" + ("" if text is None else f" = {text}"))
    if not changes:
        note("Nothing changes")
    elif write:
        note("Committed: services and clients follow with their next refresh of the CS")
    else:
        typer.echo(as_cfg(place.service, after), nl=False)


def _write_here(service: str) -> None:
    from diracx_bridge.legacy_adapters.administration.change import as_cfg

    path = routing_file()
    others: dict[str, Any] = dict(configuration(str(path)).tree) if path.exists() else {}
    system, _, name = service.partition("/")
    others[system] = {**others.get(system, {}), name: {"Stage": "legacy"}}
    text = "".join(
        as_cfg(f"{one}/{inner}", section, below_bridge=False)
        for one, services in others.items()
        for inner, section in services.items()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)
    note(f"{path} takes {service} back to legacy; the processes of this host follow within two seconds")
