"""Run DIRAC's own dirac-wms-job-* commands, each in a process of its own, with the user's proxy.

usage: job_commands.py COMMANDS FOLDER JOB
COMMANDS: literal of a list of [name, arguments...]; FOLDER: where they run; JOB: gets std.out and std.err as its output
"""

import ast
import os
import pathlib
import runpy
import sys
import tempfile
import traceback

import DIRAC.Interfaces.API.Dirac  # once for all of them: it is most of what such a command does
from answer import answer
from DIRAC.Core.Utilities.ReturnValues import returnValueOrRaise
from DIRAC.ResourceStatusSystem.Client.ResourceStatusClient import ResourceStatusClient
from DIRAC.WorkloadManagementSystem.Client.SandboxStoreClient import SandboxStoreClient


def forked(function):
    """What `function` printed in a process of its own, its exit code, and its standard error."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = os.fork()
        if process == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            code = 1
            try:
                function()
                code = 0
            except SystemExit as end:
                code = end.code or 0
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code & 255)
        _, status = os.waitpid(process, 0)
        out.seek(0)
        err.seek(0)
        return out.read(), os.waitstatus_to_exitcode(status), err.read()


def prepare():
    DIRAC.initialize()
    for access in ("ReadAccess", "WriteAccess", "CheckAccess", "RemoveAccess"):
        returnValueOrRaise(
            ResourceStatusClient().addOrModifyStatusElement(
                "Resource", "Status", "ProductionSandboxSE", access, "Active", "StorageElement"
            )
        )
    with tempfile.TemporaryDirectory() as made:
        files = [pathlib.Path(made, name) for name in ("std.out", "std.err")]
        for file in files:
            file.write_text(file.name)
        assign = {f"Job:{sys.argv[3]}": "Output"}
        returnValueOrRaise(SandboxStoreClient().uploadFilesAsSandbox(list(map(str, files)), assignTo=assign))


def run(name, *arguments):
    os.chdir(sys.argv[2])
    sys.argv = [f"dirac_wms_job_{name}.py", *arguments]
    runpy.run_module(f"DIRAC.Interfaces.scripts.dirac_wms_job_{name}", run_name="__main__")


prepared = forked(prepare)
assert prepared[1] == 0, prepared
answer([forked(lambda command=command: run(*command)) for command in ast.literal_eval(sys.argv[1])])
