"""Calls that go to a DiracX that is not there and may not go to legacy; their stub is executed when it is there again.

usage: no_fallback.py GROUP JOB
"""

import os
import sys

import DIRAC

DIRAC.initialize()

from answer import answer
from DIRAC import gConfig
from DIRAC.Core.Security.DiracX import addTokenToPEM
from DIRAC.Core.Utilities import DEncode
from DIRAC.Core.Utilities.ReturnValues import returnValueOrRaise
from DIRAC.RequestManagementSystem.Agent.RequestOperations.ForwardDISET import ForwardDISET
from DIRAC.RequestManagementSystem.Client.Operation import Operation
from DIRAC.RequestManagementSystem.Client.Request import Request
from DIRAC.WorkloadManagementSystem.Client.JobStateUpdateClient import JobStateUpdateClient

job = int(sys.argv[2])
returnValueOrRaise(addTokenToPEM(os.environ["X509_USER_PROXY"], sys.argv[1]))
url = gConfig.getValue("/DiracX/URL", "")
gConfig.setOptionValue("/DiracX/Bridge/WorkloadManagement/JobStateUpdate/Fallback", "no")
gConfig.setOptionValue("/DiracX/URL", "http://127.0.0.1:9")
failed = JobStateUpdateClient().setJobStatusBulk(job, {"2030-01-01 12:00:00": {"MinorStatus": "kept", "Source": "x"}})
beat = JobStateUpdateClient().sendHeartBeat(job, {"CPUConsumed": 1}, {})
gConfig.setOptionValue("/DiracX/URL", url)

request, operation = Request(), Operation()
request.RequestName = "kept"
operation.Type, operation.Arguments = "ForwardDISET", DEncode.encode(failed["rpcStub"])
request.addOperation(operation)
later = ForwardDISET(operation)()
answer(
    {
        "failed": {name: failed[name] for name in ("OK", "Message", "rpcStub")},
        "not replayable": {name: beat[name] for name in ("OK", "Message", "rpcStub") if name in beat},
        "later": {
            **{name: later[name] for name in ("OK", "Value", "Message") if name in later},
            "operation": operation.Status,
        },
    }
)
