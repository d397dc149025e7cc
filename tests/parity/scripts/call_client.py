"""Call methods of one of DIRAC's own clients with the user's proxy, which DIRAC gives a DiracX token first.

usage: call_client.py GROUP CALLS [SERVICE]     CALLS: literal of a list of (method, arguments)
"""

import ast
import importlib
import os
import sys

import DIRAC

DIRAC.initialize()

import httpx

from answer import answer
from DIRAC.Core.Security.DiracX import addTokenToPEM
from DIRAC.Core.Utilities.ReturnValues import returnValueOrRaise

returnValueOrRaise(addTokenToPEM(os.environ["X509_USER_PROXY"], sys.argv[1]))
name = f"{(sys.argv[3:] or ['JobStateUpdate'])[0]}Client"
client = getattr(importlib.import_module(f"DIRAC.WorkloadManagementSystem.Client.{name}"), name)()
exchanges = []
handle = httpx.HTTPTransport.handle_request
httpx.HTTPTransport.handle_request = lambda self, request: (exchanges.append(request.url.path), handle(self, request))[
    1
]
results = [getattr(client, method)(*arguments) for method, arguments in ast.literal_eval(sys.argv[2])]
for result in results:
    result.pop("CallStack", None)
answer(
    {
        "results": results,
        "served by": type(client._getRPC()).__module__,
        "exchanges": exchanges,
    }
)
