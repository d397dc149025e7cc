"""What legacy does with the databases of sandboxes, pilots and resource status, by its own classes.

usage: resources.py JOB_ID SANDBOX     a job, and the full name of a sandbox that the bridge registered
"""

import sys

import DIRAC

DIRAC.initialize(require_auth=False)

from answer import answer
from DIRAC.ResourceStatusSystem.DB.ResourceStatusDB import ResourceStatusDB
from DIRAC.WorkloadManagementSystem.DB.PilotAgentsDB import PilotAgentsDB
from DIRAC.WorkloadManagementSystem.DB.SandboxMetadataDB import SandboxMetadataDB

job, known = sys.argv[1], sys.argv[2]
done = []

sandboxes, owner = SandboxMetadataDB(), ("alice", "dirac_user", "dirac")
done.append(sandboxes.registerAndGetSandbox(*owner, "ProductionSandboxSE", "/SandBox/a/alice/1.tar.bz2", 10))
mine = "SB:ProductionSandboxSE|/SandBox/a/alice/1.tar.bz2"
# as the executor JobSanity does, after the bridge did so at submission
done.append(sandboxes.assignSandboxesToEntities({f"Job:{job}": [(known, "Input"), (mine, "Input")]}, *owner[:2]))

pilots = PilotAgentsDB()
done.append(pilots.addPilotReferences(["ref1"], "dirac", pilotStampDict={"ref1": "stamp1"}))
done.append(pilots.setJobForPilot(int(job), "ref1", site="LCG.X.org"))
by_bridge = pilots.getPilotInfo("by-bridge")

statuses, site = ResourceStatusDB(), {"Name": "LCG.X.org", "StatusType": "all", "ElementType": "Site", "VO": "all"}
done.append(statuses.addOrModify("SiteStatus", {**site, "Status": "Active", "Reason": "fine"}))
done.append(statuses.addOrModify("SiteStatus", {**site, "VO": "dirac", "Status": "Banned", "Reason": "down"}))

answer(([result["OK"] and result.get("Value") for result in done], by_bridge["Value"]["by-bridge"]))
