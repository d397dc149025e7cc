"""The contract of WorkloadManagement/JobMonitoring as DIRAC 9.1.22 has it (``JobMonitoringHandler.py``)."""

from __future__ import annotations

from functools import partial
from typing import Final

from diracx_bridge.legacy_adapters.contract import Argument, Method, ServiceContract

ONE: Final = Argument("jobID", (int,), jobs=True)
SEVERAL: Final = Argument("jobIDs", (str, int, list), jobs=True)
ANY: Final = Argument("attrDict", default=None)


def _read(name: str, *arguments: Argument, value: str, ordered: bool = True, searches: bool = False) -> Method:
    return Method(
        name, arguments, value, writes=False, replayable=False, safe_fallback=True, ordered=ordered, searches=searches
    )


_found: Final = partial(_read, searches=True)


CONTRACT: Final = ServiceContract(
    "WorkloadManagement/JobMonitoring",
    (
        _found("getJobs", ANY, Argument("cutDate", default=None), value="[job id as text]", ordered=False),
        _read("getJobJDL", ONE, Argument("original", (bool,)), value="text; [] for an unknown job"),
        _found("getJobLoggingInfo", ONE, value="[(Status, MinorStatus, ApplicationStatus, time, Source)]"),
        _found("getJobsStates", SEVERAL, value="{job id: {Status, MinorStatus, ApplicationStatus}}"),
        _found("getJobsStatus", SEVERAL, value="{job id: {Status}}"),
        _found("getJobsMinorStatus", SEVERAL, value="{job id: {MinorStatus}}"),
        _found("getJobsApplicationStatus", SEVERAL, value="{job id: {ApplicationStatus}}"),
        _found("getJobsSites", SEVERAL, value="{job id: {Site}}"),
        _found("getJobSummary", ONE, value="{attribute: value}; {} for an unknown job"),
        _found("getJobsSummary", Argument("jobIDs", (list,), jobs=True), value="{job id: {attribute: value}}"),
        _read(
            "getJobParameter",
            Argument("jobID", (str, int), jobs=True),
            Argument("parName", (str,)),
            value="{name: value}; {} if there is none",
        ),
        _read("getJobParameters", SEVERAL, Argument("parName", default=None), value="{job id: {name: value}}"),
        _found("getJobAttributes", ONE, Argument("attrList", default=None), value="{attribute: value}"),
        _found("getJobAttribute", ONE, Argument("attribute", (str,)), value="value or None"),
        _read("getJobHeartBeatData", ONE, value="[(name, value with one decimal, time)]"),
        _read("getInputData", Argument("jobID", (int, list), jobs=True), value="[LFN], or {job id: [LFN]} for a list"),
    ),
)
