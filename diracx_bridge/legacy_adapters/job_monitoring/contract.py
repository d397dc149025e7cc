"""The contract of WorkloadManagement/JobMonitoring as DIRAC 9.1.22 has it (``JobMonitoringHandler.py``)."""

from __future__ import annotations

from typing import Final

from diracx_bridge.legacy_adapters.contract import Argument, Method, ServiceContract

ONE: Final = Argument("jobID", (int,), jobs=True)
SEVERAL: Final = Argument("jobIDs", (str, int, list), jobs=True)
ANY: Final = Argument("attrDict", default=None)


def _read(name: str, *arguments: Argument, value: str, ordered: bool = True) -> Method:
    return Method(name, arguments, value, writes=False, replayable=False, safe_fallback=True, ordered=ordered)


CONTRACT: Final = ServiceContract(
    "WorkloadManagement/JobMonitoring",
    (
        _read("getJobs", ANY, Argument("cutDate", default=None), value="[job id as text]", ordered=False),
        _read("getJobJDL", ONE, Argument("original", (bool,)), value="text; [] for an unknown job"),
        _read("getJobLoggingInfo", ONE, value="[(Status, MinorStatus, ApplicationStatus, time, Source)]"),
        _read("getJobsStates", SEVERAL, value="{job id: {Status, MinorStatus, ApplicationStatus}}"),
        _read("getJobsStatus", SEVERAL, value="{job id: {Status}}"),
        _read("getJobsMinorStatus", SEVERAL, value="{job id: {MinorStatus}}"),
        _read("getJobsApplicationStatus", SEVERAL, value="{job id: {ApplicationStatus}}"),
        _read("getJobsSites", SEVERAL, value="{job id: {Site}}"),
        _read("getJobSummary", ONE, value="{attribute: value}; {} for an unknown job"),
        _read("getJobsSummary", Argument("jobIDs", (list,), jobs=True), value="{job id: {attribute: value}}"),
        _read(
            "getJobParameter",
            Argument("jobID", (str, int), jobs=True),
            Argument("parName", (str,)),
            value="{name: value}; {} if there is none",
        ),
        _read("getJobParameters", SEVERAL, Argument("parName", default=None), value="{job id: {name: value}}"),
        _read("getJobAttributes", ONE, Argument("attrList", default=None), value="{attribute: value}"),
        _read("getJobAttribute", ONE, Argument("attribute", (str,)), value="value or None"),
        _read("getJobHeartBeatData", ONE, value="[(name, value with one decimal, time)]"),
        _read("getInputData", Argument("jobID", (int, list), jobs=True), value="[LFN], or {job id: [LFN]} for a list"),
    ),
)
