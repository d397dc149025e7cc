"""The typed configuration as YAML: keys sorted, block style, the same bytes for the same content."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["from_yaml", "to_yaml"]

# The C versions are the same but for speed; wheels of PyYAML have them.
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _NoAliases(_Dumper):  # type: ignore[misc]
    """Writes equal lists out each time: anchors would depend on which objects happen to be shared."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(content: Any) -> bytes:
    """``content`` as UTF-8 YAML with sorted keys."""
    text: str = yaml.dump(content, Dumper=_NoAliases, sort_keys=True, default_flow_style=False)
    return text.encode()


def from_yaml(text: bytes) -> Any:
    """What YAML ``text`` holds.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
