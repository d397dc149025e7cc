"""What the bridge adds to the start of a DIRAC process: seconds, and heavy modules.

usage: import_cost.py
"""

import sys
import time

import DIRAC

DIRAC.initialize(require_auth=False)

import DIRAC.Core.Base.Client

from answer import answer

before, begun = set(sys.modules), time.perf_counter()
from diracx_bridge.legacy_adapters.dirac.hook import install

install()
installed = time.perf_counter() - begun
heavy = sorted({"httpx", "diracx.client", "pydantic"} & set(sys.modules) - before)

import DIRAC.WorkloadManagementSystem.Client.JobStateUpdateClient

begun = time.perf_counter()
from diracx_bridge.client.generated.api import bridge, jobs  # what a first call needs
from diracx_bridge.legacy_adapters.dirac.future_client import future_class
from diracx_bridge.legacy_adapters.registry import adapted_services

service = "WorkloadManagement/JobStateUpdate"
needed = (future_class(service), adapted_services()[service].adapter, bridge, jobs)
answer({"door": installed, "first call": time.perf_counter() - begun, "heavy": heavy if all(needed) else needed})
