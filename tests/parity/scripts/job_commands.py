"""Run DIRAC's own dirac-wms-job-* commands, each in a process of its own, with the user's proxy.

usage: job_commands.py COMMANDS     COMMANDS: literal of a list of [name, arguments...]
"""

import ast
import subprocess
import sys

import DIRAC

DIRAC.initialize()

from answer import answer

results = []
for name, *arguments in ast.literal_eval(sys.argv[1]):
    module = f"DIRAC.Interfaces.scripts.dirac_wms_job_{name}"
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    results.append((done.stdout, done.returncode, done.stderr))
answer(results)
