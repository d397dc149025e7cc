"""Makes variants of legacy configurations as people and half-written files do: lines lost, doubled, moved, changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

_VALUES = (
    "", "None", "True", "on", "0", "0.5", "1e3", "007", "a, b", ", x,", '"quoted"', "x # comment", "gridlab", "VO",
    "/CN=a,/O=DIRAC/CN=b", "a@example.org", "Name <a@example.org>", "NormalUser, Nothing", "Pilot", "a = b", "{x}",
)  # fmt: skip
_NAMES = (
    "Users", "Groups", "VO", "DN", "Email", "email", "Quota", "Suspended", "Properties", "JobShare", "job_share",
    "registry", "Pilot", "InputDataPolicy", "Support", "DefaultGroup", "UserSubjects", "Systems", "OSCompatibility",
    "Odd/Path",
)  # fmt: skip


def _drop(lines: list[str], random: Random) -> None:
    del lines[random.randrange(len(lines))]


def _double(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    lines.insert(random.choice((at, random.randrange(len(lines)))), lines[at])


def _swap(lines: list[str], random: Random) -> None:
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]


def _set_value(lines: list[str], random: Random) -> None:
    options = [number for number, line in enumerate(lines) if "=" in line]
    if options:
        at = random.choice(options)
        lines[at] = f"{lines[at].partition('=')[0]}= {random.choice(_VALUES)}"


def _rename(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines))
    name, sign, value = lines[at].partition("=")
    if name.strip() not in ("", "{", "}"):
        indent = name[: len(name) - len(name.lstrip())]
        changed = random.choice((random.choice(_NAMES), name.strip().lower(), name.strip() + "x"))
        lines[at] = f"{indent}{changed} {sign}{value}"


def _add(lines: list[str], random: Random) -> None:
    name, value = random.choice(_NAMES), random.choice(_VALUES)
    made = random.choice(
        ([f"{name} = {value}"], [f"{name} += {value}"], [name, "{", f"{random.choice(_NAMES)} = {value}", "}"])
    )
    at = random.randrange(len(lines) + 1)
    lines[at:at] = made


def _remove_section(lines: list[str], random: Random) -> None:
    opened = [number for number, line in enumerate(lines) if line.strip() == "{"]
    if opened:
        start = end = random.choice(opened)
        depth = 0
        for end in range(start, len(lines)):
            depth += lines[end].count("{") - lines[end].count("}")
            if depth <= 0:
                break
        del lines[max(start - 1, 0) : end + 1]


def _to_option(lines: list[str], random: Random) -> None:
    before = list(lines)
    _remove_section(lines, random)
    at = next((n for n, (a, b) in enumerate(zip(before, lines, strict=False)) if a != b), 0)
    lines.insert(at, f"{before[at].strip()} = {random.choice(_VALUES)}")


def _cut(lines: list[str], random: Random) -> None:
    del lines[random.randrange(len(lines)) :]


_CHANGES: Sequence[tuple[Callable[[list[str], Random], None], int]] = (
    (_drop, 1), (_double, 2), (_swap, 1), (_set_value, 12), (_rename, 5), (_add, 8),
    (_remove_section, 4), (_to_option, 3), (_cut, 1),
)  # fmt: skip


def variant(text: str, random: Random) -> str:
    """``text`` with one to three changes; it may be one that nothing can read."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 3)):
        (change,) = random.choices([change for change, _ in _CHANGES], [weight for _, weight in _CHANGES])
        if lines:
            change(lines, random)
    return "\n".join(lines)
