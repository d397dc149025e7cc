"""Call services as any client of DIRAC does, without the bridge.

usage: plain_calls.py CALLS     CALLS: file with a pickled sequence of (service, method, arguments)
"""

import pickle
import sys
from pathlib import Path

import DIRAC

DIRAC.initialize()

from answer import answer
from DIRAC.Core.Base.Client import Client

results = []
for service, method, arguments in pickle.loads(Path(sys.argv[1]).read_bytes()):
    result = getattr(Client(url=service), method)(*arguments)
    results.append({name: result[name] for name in ("OK", "Value", "Errno", "Message") if name in result})
answer(results)
