"""The contract of WorkloadManagement/JobStateUpdate as DIRAC 9.1.22 has it (``JobStateUpdateHandler.py``)."""

from __future__ import annotations

from typing import Any, Final

from diracx_bridge.legacy_adapters.contract import REQUIRED, Argument, Method, ServiceContract

JOB: Final = Argument("jobID", (str, int), jobs=True)
NAMES_AND_VALUES: Final = "(names, values) of the MinorStatus and ApplicationStatus that were set"
ROWS: Final = "number of changed rows"


def _write(name: str, *arguments: Argument, value: str, replayable: bool = True, safe_fallback: bool = True) -> Method:
    return Method(
        name,
        arguments,
        value,
        writes=True,
        replayable=replayable,
        safe_fallback=safe_fallback,
        right="ChangeStatus",
    )


def _text(name: str, default: Any = REQUIRED) -> Argument:
    return Argument(name, (str,), default)


CONTRACT: Final = ServiceContract(
    "WorkloadManagement/JobStateUpdate",
    (
        _write(
            "setJobStatus",
            JOB,
            _text("status", ""),
            _text("minorStatus", ""),
            _text("source", "Unknown"),
            Argument("datetime", default=None),
            Argument("force", default=False),
            value=f"{NAMES_AND_VALUES}; None if nothing is to be set",
        ),
        _write(
            "setJobStatusBulk",
            JOB,
            Argument("statusDict", (dict,)),
            Argument("force", default=False),
            value=NAMES_AND_VALUES,
        ),
        _write("setJobAttribute", JOB, _text("attribute"), _text("value"), value=ROWS),
        _write("setJobSite", JOB, _text("site"), value=ROWS),
        _write(
            "setJobApplicationStatus",
            JOB,
            _text("appStatus"),
            _text("source", "Unknown"),
            value=f"{NAMES_AND_VALUES}; None if nothing is to be set",
        ),
        _write("setJobParameter", JOB, _text("name"), _text("value"), value="None"),
        _write("setJobParameters", JOB, Argument("parameters", (list,)), value="None"),
        _write("setJobsParameter", Argument("jobsParameterDict", (dict,), jobs=True), value="None"),
        # Commands are handed out once: asking again could lose them, and an old heartbeat would revive a job.
        _write(
            "sendHeartBeat",
            JOB,
            Argument("dynamicData", (dict,)),
            Argument("staticData", (dict,)),
            value="{command: arguments}",
            replayable=False,
            safe_fallback=False,
        ),
        _write("updateJobFromStager", JOB, _text("status"), value="a sentence, or as setJobStatus"),
    ),
)
