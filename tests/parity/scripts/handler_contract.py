"""The methods of a legacy handler: arguments with defaults, the declared types, and who may call as DIRAC is shipped.

usage: handler_contract.py MODULE CLASS
"""

import importlib
import inspect
import sys
from pathlib import Path

import DIRAC

DIRAC.initialize(require_auth=False)

from answer import answer
from diraccfg import CFG

handler = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
template = CFG()
template.loadFromFile(str(Path(inspect.getfile(handler)).parents[1] / "ConfigTemplate.cfg"))
service = sys.argv[1].rpartition(".")[2].removesuffix("Handler")
shipped = template.getAsDict(f"Services/{service}/Authorization")


def callers(method):
    said = shipped.get(method) or getattr(handler, f"auth_{method}", None) or shipped["Default"]
    return [name.strip() for name in said.split(",")] if isinstance(said, str) else list(said)


found = {}
for name, function in inspect.getmembers(handler, inspect.isroutine):
    if name.startswith("export_"):
        method = name.removeprefix("export_")
        arguments = [
            (p.name, "required" if p.default is inspect.Parameter.empty else p.default)
            for p in list(inspect.signature(function).parameters.values())[0 if inspect.ismethod(function) else 1 :]
        ]
        types = [list(t) if isinstance(t, list | tuple) else [t] for t in getattr(handler, f"types_{method}", [])]
        found[method] = (arguments, types, callers(method))
answer(found)
