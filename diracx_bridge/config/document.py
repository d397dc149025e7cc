"""From the bytes of ``default.yml`` to a `Config`."""

from __future__ import annotations

__all__ = ["parse"]

from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import ConfigurationError

# Three times as fast as the pure Python loader on 40,000 lines; absent where PyYAML was built without libyaml.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_SHOWN = 20

ConfigT = TypeVar("ConfigT", bound=Config)


def parse(content: bytes, model: type[ConfigT]) -> ConfigT:
    """The validated configuration that ``content`` (YAML) holds.

    Raises:
        ConfigurationError: no YAML, or not valid; names line and column, or the options (20 at most) and what is
            wrong with each, but never their values.
    """
    try:
        return model.model_validate(_load(content))
    except ValidationError as error:
        raise ConfigurationError(_explain(error)) from None
    except RecursionError:
        raise ConfigurationError("sections are nested too deep, or one contains itself by a YAML alias") from None


def _load(content: bytes) -> Any:
    try:
        return yaml.load(content, Loader=_Loader)  # noqa: S506  both loaders are the safe ones
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ConfigurationError(f"no valid YAML: {where}{error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigurationError(f"no valid YAML: {error}") from None


def _explain(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [f"{'/'.join(map(str, detail['loc'])) or '(top)'}: {detail['msg']}" for detail in details]
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "; ".join(lines[:_SHOWN] + more)
