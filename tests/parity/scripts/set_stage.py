"""Change the CS by the command line, with the rights of the proxy, beside a process that follows it.

usage: set_stage.py ARGUMENTS     ARGUMENTS: literal of a list, what follows `diracx-bridge adapters`

Each outcome ends with the stage in which the other process has the VO dirac: before its next refresh, and after that.
"""

import ast
import subprocess
import sys

import DIRAC

DIRAC.initialize()

from answer import answer
from diracx_bridge.cli.adapters import app
from typer.testing import CliRunner

FOLLOWER = """
import DIRAC
DIRAC.initialize()
from DIRAC import gConfig
from diracx_bridge.legacy_adapters.dirac.routing_source import rules_for

def stage():
    print("stage", rules_for("WorkloadManagement/JobStateUpdate").route("dirac", None).stage, flush=True)

stage()
while input():
    stage()
    gConfig.forceRefresh()
    stage()
"""


def stage():
    """What the follower says next; DIRAC logs to the same place."""
    return next(line.split()[1] for line in follower.stdout if line.startswith("stage "))


follower = subprocess.Popen(
    [sys.executable, "-c", FOLLOWER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
)
stage()
outcomes = []
for arguments in ast.literal_eval(sys.argv[1]):
    result = CliRunner().invoke(app, arguments)
    follower.stdin.write("now\n")
    follower.stdin.flush()
    outcomes.append((result.exit_code, result.stdout, str(result.exception or ""), (stage(), stage())))
follower.stdin.write("\n")
follower.communicate()
answer(outcomes)
