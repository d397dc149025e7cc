"""Change the CS by the command line, with the rights of the proxy.

usage: set_stage.py ARGUMENTS     ARGUMENTS: literal of a list, what follows `diracx-bridge adapters`
"""

import ast
import sys

import DIRAC

DIRAC.initialize()

from answer import answer
from diracx_bridge.cli.adapters import app
from typer.testing import CliRunner

outcomes = []
for arguments in ast.literal_eval(sys.argv[1]):
    result = CliRunner().invoke(app, arguments)
    outcomes.append((result.exit_code, result.stdout, str(result.exception or "")))
answer(outcomes)
