"""The methods of a legacy handler: arguments with defaults, and the declared types.

usage: handler_contract.py MODULE CLASS
"""

import importlib
import inspect
import sys

import DIRAC

DIRAC.initialize(require_auth=False)

from answer import answer

handler = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
found = {}
for name, function in inspect.getmembers(handler, inspect.isroutine):
    if name.startswith("export_"):
        method = name.removeprefix("export_")
        arguments = [
            (p.name, "required" if p.default is inspect.Parameter.empty else p.default)
            for p in list(inspect.signature(function).parameters.values())[0 if inspect.ismethod(function) else 1 :]
        ]
        types = [list(t) if isinstance(t, list | tuple) else [t] for t in getattr(handler, f"types_{method}", [])]
        found[method] = (arguments, types)
answer(found)
