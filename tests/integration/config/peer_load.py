"""Runs in the environment of the official packages: what their configuration makes of the YAML files named.

Prints one JSON list: per file the configuration as JSON text, or null where it is refused.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from diracx.core.config import Config


def load(path: str) -> str | None:
    try:
        return Config.model_validate(yaml.safe_load(Path(path).read_text())).model_dump_json(by_alias=True)
    except Exception:  # whatever it is, it means no
        return None


print(json.dumps([load(path) for path in sys.argv[1:]]))
