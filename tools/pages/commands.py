"""The page of the commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_type_hints

import typer
from pages.markdown import page, table
from typer.models import ArgumentInfo, ParameterInfo

from diracx_bridge.cli.main import app


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or option, as it is written (``--kind``, ``FILE``); ``default`` is None if it must be given."""

    name: str
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its full name; ``help`` is its docstring."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]


def commands() -> list[Command]:
    """Every command of ours, by name. They are read from our functions, so the release of Typer makes no difference."""
    return sorted(_below("diracx-bridge", app), key=lambda command: command.name)


def _below(name: str, group: typer.Typer) -> Iterator[Command]:
    for found in group.registered_commands:
        if found.callback is not None:
            yield _command(f"{name} {found.name or found.callback.__name__.replace('_', '-')}", found.callback)
    for below in group.registered_groups:
        if below.typer_instance is not None:
            yield from _below(f"{name} {below.name}", below.typer_instance)


def root() -> Command:
    """What stands before any command."""
    if app.registered_callback is None or app.registered_callback.callback is None:
        raise ValueError("the command line has no callback")
    return _command("diracx-bridge", app.registered_callback.callback)


def _command(name: str, function: Any) -> Command:
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function).parameters
    parameters = (_parameter(key, hints[key], given.default) for key, given in signature.items())
    return Command(name, inspect.cleandoc(function.__doc__ or ""), tuple(parameters))


def _parameter(key: str, hint: Any, default: Any) -> Parameter:
    annotated, info = next(
        (variant, extra)
        for variant in (hint, *get_args(hint))
        for extra in getattr(variant, "__metadata__", ())
        if isinstance(extra, ParameterInfo)
    )
    if isinstance(info, ArgumentInfo):
        name = info.metavar or key.upper()
    else:
        written = (info.default, *(info.param_decls or ()))  # in Annotated the first name stands for the default
        names = [name for name in written if isinstance(name, str) and name.startswith("-")]
        name = ", ".join(names) or "--" + key.replace("_", "-")
    kind = get_args(annotated)[0]
    choices = [str(choice.value) for choice in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []
    meaning = " ".join([info.help or "", *([f"One of {', '.join(choices)}."] if choices else [])])
    return Parameter(name, _default(default, info), meaning)


def _default(default: Any, info: ParameterInfo) -> str | None:
    if isinstance(info.show_default, str):
        return info.show_default
    if default is inspect.Parameter.empty:
        return None
    if default is None or default is False:
        return ""
    return str(default.value if isinstance(default, Enum) else default)


def commands_page() -> str:
    """Every command with its arguments and options."""
    parts: list[str | list[str]] = []
    for command in commands():
        parts += [f"## {command.name}", command.help]
        if command.parameters:
            parts.append(_parameters("argument or option", command))
    return page(
        "Commands",
        "`-h` or `--help` after any of them shows the same on the terminal. Errors are one line on standard error; "
        "their exit codes are on the page [errors](errors.md).",
        _parameters("before any command", root()),
        *parts,
    )


def _parameters(title: str, command: Command) -> list[str]:
    rows = (
        (f"`{p.name}`", "must be given" if p.default is None else p.default and f"`{p.default}`", p.meaning)
        for p in command.parameters
    )
    return table((title, "default", "meaning"), rows)
