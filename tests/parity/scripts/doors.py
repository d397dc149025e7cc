"""Every way into the client door, and the services that it leaves alone.

usage: doors.py GROUP JOB
"""

import contextlib
import io
import os
import sys
import types

import DIRAC

DIRAC.initialize()

from answer import answer
from DIRAC import gConfig
from DIRAC.Core.Base import Client as base
from DIRAC.Core.Base.Client import Client, executeRPCStub
from DIRAC.Core.Security.DiracX import addTokenToPEM
from DIRAC.Core.Utilities import DEncode
from DIRAC.Core.Utilities.ReturnValues import returnValueOrRaise
from DIRAC.RequestManagementSystem.Agent.RequestOperations.ForwardDISET import ForwardDISET
from DIRAC.RequestManagementSystem.Client.Operation import Operation
from DIRAC.RequestManagementSystem.Client.Request import Request
from DIRAC.WorkloadManagementSystem.Client.JobMonitoringClient import JobMonitoringClient
from DIRAC.WorkloadManagementSystem.Client.JobStateUpdateClient import JobStateUpdateClient
from DIRAC.WorkloadManagementSystem.Client.WMSAdministratorClient import WMSAdministratorClient

from diracx_bridge.legacy_adapters.dirac import routing_source
from diracx_bridge.legacy_adapters.dirac.extension import metadata
from diracx_bridge.legacy_adapters.dirac.hook import HookPointsMoved, install, moved_hook_points

SERVICE = "WorkloadManagement/JobStateUpdate"
job = int(sys.argv[2])


def outcome(call):
    try:
        result = call()
    except Exception as error:
        return [error.__class__.__name__, isinstance(error, NotImplementedError), str(error)]
    if not isinstance(result, dict):
        return result
    return {key: result[key] for key in ("OK", "Value", "Errno", "Message", "operation") if key in result}


def forwarded(stub):
    request, operation = Request(), Operation()
    request.RequestName = "parity"
    operation.Type, operation.Arguments = "ForwardDISET", DEncode.encode(stub)
    request.addOperation(operation)
    return {**ForwardDISET(operation)(), "operation": operation.Status}


def bulk(minute, minor):
    return (job, {f"2030-01-01 12:{minute:02}:00": {"MinorStatus": minor, "Source": "parity"}}, False)


def switched(option, value, call):
    routing_source.forget()
    gConfig.setOptionValue(f"/DiracX/{option}", value)
    try:
        return outcome(call)
    finally:
        gConfig.setOptionValue(f"/DiracX/{option}", "no" if option.startswith("Future") else "")


def contradicted():
    """A call under rules that are refused, by a process that has seen good ones."""
    gConfig.setOptionValue(f"/DiracX/LegacyClientEnabled/{SERVICE}", "no")
    try:
        return JobStateUpdateClient().setJobStatusBulk(*bulk(7, "last good"))
    finally:
        gConfig.setOptionValue(f"/DiracX/LegacyClientEnabled/{SERVICE}", "")


def opened_on_moved_hook_points():
    """The reason of the refusal, what a starting DIRAC process is told, and whether nothing was changed."""
    door, get_rpc = base.RPCClientSelector, base.Client._getRPC
    base.RPCClientSelector, base.Client._getRPC = print, lambda self: None
    warned = io.StringIO()
    try:
        try:
            install()
            reason = ""
        except HookPointsMoved as error:
            reason = str(error)
        with contextlib.redirect_stderr(warned):
            metadata()
        return reason, warned.getvalue(), base.RPCClientSelector is print
    finally:
        base.RPCClientSelector, base.Client._getRPC = door, get_rpc


without_token = outcome(lambda: JobStateUpdateClient().setJobStatusBulk(*bulk(0, "no token")))
returnValueOrRaise(addTokenToPEM(os.environ["X509_USER_PROXY"], sys.argv[1]))
stub = JobStateUpdateClient().setJobStatusBulk(*bulk(1, "client class"))["rpcStub"]
moved = types.SimpleNamespace(RPCClientSelector=print, Client=type("Client", (), {"_getRPC": lambda self: None}))

found = {
    "no token in the proxy": without_token,
    "bare client": outcome(lambda: Client(url=SERVICE).setJobStatusBulk(*bulk(2, "bare client"))),
    "url at call time": outcome(lambda: Client().setJobStatusBulk(*bulk(3, "call time"), url=SERVICE)),
    "queued legacy stub": outcome(
        lambda: forwarded([[SERVICE, {"timeout": 600}], "setJobStatusBulk", list(bulk(4, "legacy stub"))])
    ),
    "legacy stub": outcome(lambda: executeRPCStub([[SERVICE, {}], "setJobStatusBulk", bulk(5, "executed stub")])),
    "stub": stub,
    "own stub": outcome(lambda: forwarded({**stub, "args": bulk(6, "own stub")})),
    "contradiction after good rules": outcome(contradicted),
    "method without equivalent": outcome(lambda: JobStateUpdateClient().ping()),
    "wrong arguments": outcome(lambda: JobStateUpdateClient().setJobSite()),
    "service that is not switched": outcome(lambda: JobMonitoringClient().getJobsStates([job]))["OK"],
    "switched without adapter": switched(
        "FutureClientEnabled/WorkloadManagement/WMSAdministrator",
        "yes",
        lambda: WMSAdministratorClient().getJobPilotOutput(job),
    ),
    "contradiction": switched(
        "LegacyClientEnabled/WorkloadManagement/JobStateUpdate", "no", lambda: JobStateUpdateClient().ping()
    ),
    "known hook points": moved_hook_points(base),
    "moved hook points": moved_hook_points(moved),
    "door on a DIRAC whose hook points moved": opened_on_moved_hook_points(),
}
answer(found)
