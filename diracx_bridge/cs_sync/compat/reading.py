"""Reads legacy texts as the models of upstream do when they convert: by the type of the field, before validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from diracx_bridge.config.schema import ResourcesComputingConfig

__all__ = ["read_values"]


def read_values(raw: Any, model: type[BaseModel]) -> None:
    """Turn texts in ``raw`` into lists and nulls where ``model`` has them; only under the CS spelling of a field."""
    if not isinstance(raw, dict):
        return
    for name, field in model.model_fields.items():
        alias = field.alias or name
        if alias in raw:
            raw[alias] = _read(raw[alias], field)
        inside = _models(field.annotation)
        for key in (alias, name):
            if key in raw and inside:
                mapped, section = inside
                for below in raw[key].values() if mapped and isinstance(raw[key], dict) else [raw[key]]:
                    read_values(below, section)
    if model is ResourcesComputingConfig:
        _read_platforms(raw)


def _read(value: Any, field: FieldInfo) -> Any:
    hint = field.annotation
    options = get_args(hint) if type(None) in get_args(hint) else ()
    if value == "None" and options:
        return None
    if isinstance(value, str) and _is_list(hint):
        return [text for piece in value.split(",") if (text := piece.strip())]
    return value


def _is_list(hint: Any) -> bool:
    return get_origin(hint) in (list, frozenset)


def _models(hint: Any) -> tuple[bool, type[BaseModel]] | None:
    """The section class behind a type, and whether it stands in a mapping."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return False, hint
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        inside = get_args(hint)[1]
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            return True, inside
    return None


def _read_platforms(raw: dict[str, Any]) -> None:
    """Platforms are looked for one section too deep, so that there are none unless the section is doubled."""
    for key in ("OSCompatibility", "os_compatibility"):
        if isinstance(raw.get(key), dict):
            platforms = raw[key].get("OSCompatibility", {})
            if isinstance(platforms, dict) and all(isinstance(value, str) for value in platforms.values()):
                platforms = {name: value.replace(" ", "").split(",") for name, value in platforms.items()}
            raw[key] = platforms
