"""Call services as any client of DIRAC does, without the bridge.

usage: plain_calls.py CALLS     CALLS: literal of a list of (service, method, arguments)
"""

import ast
import sys

import DIRAC

DIRAC.initialize()

from answer import answer
from DIRAC.Core.Base.Client import Client

results = []
for service, method, arguments in ast.literal_eval(sys.argv[1]):
    result = getattr(Client(url=service), method)(*arguments)
    results.append({name: result[name] for name in ("OK", "Value", "Errno", "Message") if name in result})
answer(results)
