"""Every deliberate difference between a legacy method or command and ours: this list is the documentation."""

from __future__ import annotations

from typing import Final

from diracx_bridge.legacy_adapters.command_differences import COMMANDS, JOB_COMMANDS
from diracx_bridge.legacy_adapters.difference import Difference

JSU: Final = "WorkloadManagement/JobStateUpdate"
JM: Final = "WorkloadManagement/JobMonitoring"
EVERY: Final = "every method"


JOB_MONITORING: Final = (
    Difference(
        "jm-vo",
        JM,
        EVERY,
        "Everybody may read every job.",
        "Jobs of other VOs, and without GlobalJobsInfo those of other users, are treated as jobs that do not exist. A "
        "group that has no property which allows to read jobs is refused.",
        "VO boundaries are real, and the configuration says who may see what.",
    ),
    Difference(
        "jm-upstream-routes",
        JM,
        EVERY,
        "Every caller gets an answer.",
        "An upstream DiracX server has no route for descriptions, parameters, heartbeats and input data, and lets "
        "pilots and job monitors search no jobs: these calls go to legacy.",
        "DiracX 0.7 can't answer them; servers of the bridge can, and there is no difference there.",
    ),
    Difference(
        "jm-bad-id",
        JM,
        EVERY,
        "An id that is no number is an error with the text of MySQL, or an exception in the service (HTTPS: 500).",
        "An error that shows it.",
        "The caller can act on it.",
    ),
    Difference(
        "jm-comma-ids",
        JM,
        "getJobParameters",
        "Ids in one text, '1,2', raise ValueError in the service (HTTPS: 500), though other methods take them.",
        "They are the ids of two jobs, as for the other methods.",
        "The declared types allow a text, and nobody means anything else by it.",
    ),
    Difference(
        "jm-bad-heartbeat",
        JM,
        "getJobHeartBeatData",
        "A heartbeat that is no number makes the call fail.",
        "It is given as it is.",
        "The other heartbeats can be read.",
    ),
)

JOB_STATE_UPDATE: Final = (
    Difference(
        "jsu-one-transaction",
        JSU,
        EVERY,
        "Several statements without a transaction: a failure in the middle leaves the job changed and its log not.",
        "All of it happens, or nothing.",
        "A job without a log record of its status can't be explained to its owner.",
    ),
    Difference(
        "jsu-vo",
        JSU,
        EVERY,
        "A pilot may change jobs of every VO; job parameters go to the index of the caller's VO.",
        "A pilot acts within its VO; job parameters go to the index of the job's VO.",
        "VO boundaries are real; parameters in another VO's index are found by nobody.",
    ),
    Difference(
        "jsu-bad-time",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "A time that is not 'YYYY-MM-DD HH:MM:SS[.f]' raises TypeError after the job has been changed.",
        "An error that shows the time; nothing is changed.",
        "Half an update is worse than none.",
    ),
    Difference(
        "jsu-empty-updates",
        JSU,
        "setJobStatusBulk",
        "An empty statusDict raises IndexError in the service (HTTPS: 500).",
        "An error that says so.",
        "The caller can act on it.",
    ),
    Difference(
        "jsu-time-order",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "Times are compared as text; a fraction is a number of microseconds: .5 is newer than .25, but stored as 5 µs.",
        "Times are compared as times, in milliseconds; fractions are read as legacy reads them.",
        "Text order is an accident of the format.",
    ),
    Difference(
        "jsu-refused-start",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "A refused transition to Running or to a final state still sets StartExecTime or EndExecTime.",
        "Refused transitions set no times.",
        "A job that did not start has no start time.",
    ),
    Difference(
        "jsu-refused-source",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "The log record of a refused transition without Source has the Source '(SM)'.",
        "It has 'Unknown(SM)'.",
        "Every other record without Source says Unknown; DiracX does the same.",
    ),
    Difference(
        "jsu-exec-times",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "StartExecTime and EndExecTime become the time at which the service works.",
        "They become the time of the update.",
        "The time of the update is when it happened; DiracX does the same.",
    ),
    Difference(
        "jsu-datetime",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "A datetime object as time raises TypeError in the service, because times are compared as text.",
        "It is taken as the time that it says.",
        "JSON and DEncode carry such objects, and nobody means anything else by them.",
    ),
    Difference(
        "jsu-start-heartbeat",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "Where StartExecTime is set and HeartBeatTime was empty, HeartBeatTime becomes the time of the service.",
        "Only heartbeats, and updates whose Source says that they come from the job, set HeartBeatTime.",
        "A start that somebody reports is no sign of life; DiracX does the same.",
    ),
    Difference(
        "jsu-heartbeat-source",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "An update whose Source starts with Job moves HeartBeatTime.",
        "So does one whose Source is Heartbeat.",
        "It is a heartbeat; DiracX does the same.",
    ),
    Difference(
        "jsu-end-of-ended",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "A job that has ended without an EndExecTime gets none by an update that is older than its end.",
        "It gets one by the next update.",
        "The end is a fact, and the best known time for it better than none.",
    ),
    Difference(
        "jsu-start-of-running",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "A job that was Stalled, has become Running by an update without a Status, and has no StartExecTime, gets none "
        "by later ones: the log does not say that it runs.",
        "It gets one by the next update.",
        "The row says that it runs, and the best known time for the start is better than none.",
    ),
    Difference(
        "jsu-bad-value",
        JSU,
        "setJobAttribute",
        "A malformed time is S_ERROR(1131) with the words of MySQL.",
        "S_ERROR(1131) with a text that shows the value and how to write it.",
        "The caller can act on it.",
    ),
    Difference(
        "jsu-bad-id",
        JSU,
        EVERY,
        "An id that is no number raises an exception in the service (HTTPS: 500).",
        "An error that shows it.",
        "The caller can act on it.",
    ),
    Difference(
        "jsu-id-range",
        JSU,
        EVERY,
        "Ids that no job can have are S_ERROR(1131) with the words of MySQL; setJobAttribute of job 0 gives None.",
        "They are the ids of jobs that do not exist.",
        "That is what they are.",
    ),
    Difference(
        "jsu-parameter-refused",
        JSU,
        "setJobParameter, setJobParameters, setJobsParameter",
        "A value that does not fit the type of its parameter is an error with the text of an exception of OpenSearch "
        "(HTTPS: 500).",
        "An error that names the job, the parameter and the value.",
        "The caller can act on it.",
    ),
    Difference(
        "jsu-parameter-parked",
        JSU,
        "setJobParameter, setJobParameters, setJobsParameter, sendHeartBeat",
        "A value that OpenSearch refuses for what other jobs have stored there is an error.",
        "The call succeeds; the document is kept aside and reported by `diracx-bridge db check`.",
        "Parameters are written after the commit: OpenSearch can neither block nor undo what happened to a job.",
    ),
    Difference(
        "jsu-kill",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "Killed and Deleted only change the status.",
        "The job also leaves its task queue and is sent a Kill command.",
        "A killed job must not be matched; DiracX does the same.",
    ),
    Difference(
        "jsu-unknown-state",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "With force, and in updates older than the newest log record, any text is accepted as Status.",
        "A Status that is not one of DIRAC's job states is always refused.",
        "No part of DIRAC or DiracX can handle such a job.",
    ),
    Difference(
        "jsu-scouting",
        JSU,
        "setJobStatusBulk, setJobStatus, setJobAttribute",
        "Scouting is a job state.",
        "The server refuses it (422).",
        "Scouting is not a value of Status in the DiracX 0.7 API.",
    ),
    Difference(
        "jsu-no-log",
        JSU,
        "setJobStatusBulk, setJobStatus",
        "S_ERROR 'No Logging Info for job N' for a job without log records.",
        "The update is applied and logged.",
        "The job needs a log record more than an error.",
    ),
    Difference(
        "jsu-long-text",
        JSU,
        "setJobStatusBulk, setJobStatus, setJobAttribute",
        "A text longer than its column is S_ERROR(1131) after the Status has been written.",
        "S_ERROR(1131) with a text that names the member; nothing is changed.",
        "Half an update is worse than none.",
    ),
    Difference(
        "jsu-nothing-to-set",
        JSU,
        "setJobStatus, setJobApplicationStatus, setJobParameters, setJobsParameter",
        "A call that sets nothing is still refused for a job that the caller may not change.",
        "A call that sets nothing succeeds without asking the server; no empty parameter document is made.",
        "Nothing happens in either case.",
    ),
    Difference(
        "jsu-parameter-value",
        JSU,
        "setJobParameter, setJobParameters",
        "The value is the name of the index if the document is new, else None.",
        "The value is None.",
        "Where parameters are stored is no business of the caller.",
    ),
    Difference(
        "jsu-parameter-of-no-job",
        JSU,
        "setJobParameter, setJobParameters, setJobsParameter",
        "Privileged callers may store parameters of jobs that do not exist.",
        "S_ERROR 'No Matching Job'.",
        "Such parameters are never found nor removed.",
    ),
    Difference(
        "jsu-parameter-names",
        JSU,
        "setJobParameter, setJobParameters, setJobsParameter, sendHeartBeat",
        "A parameter may have the name of a job attribute, such as Status or JobType.",
        "Such a parameter is refused; Site too, which the route would take as the job's attribute.",
        "The DiracX API tells attributes and parameters apart by name.",
    ),
    Difference(
        "jsu-parameter-numbers",
        JSU,
        "setJobParameter, setJobParameters, setJobsParameter",
        "Values are stored as they come.",
        "Those that the index holds as whole numbers, such as Memory(MB), are stored as such.",
        "A search compares numbers there, and a text that is none would be refused by the index.",
    ),
    Difference(
        "jsu-heartbeat-state",
        JSU,
        "sendHeartBeat",
        "A heartbeat makes any job Running, also a Waiting, Done, Killed or Deleted one; the log does not show it.",
        "Only a Matched or Stalled job becomes Running; the log shows it, and it gets a start time if it had none.",
        "A late heartbeat must not bring a finished job back.",
    ),
    Difference(
        "jsu-heartbeat-items",
        JSU,
        "sendHeartBeat",
        "Any name and text is stored as an item of the heartbeat.",
        "LoadAverage, MemoryUsed, Vsize, AvailableDiskSpace, CPUConsumed and WallClockTime are stored, as numbers; "
        "other dynamic items, and texts that are no numbers, go to the caller's log as a warning.",
        "The route of the DiracX API has these items only. Static items become job parameters as in legacy.",
    ),
    Difference(
        "jsu-heartbeat-time",
        JSU,
        "sendHeartBeat",
        "With a HeartBeatTime only that column is set.",
        "The heartbeat is recorded as of now, then HeartBeatTime is set; an upstream server can't do the latter, which "
        "is logged as a warning.",
        "The route of the DiracX API has no time.",
    ),
    Difference(
        "jsu-stager-access",
        JSU,
        "updateJobFromStager",
        "Access to the job is checked first.",
        "Access is checked when the status is set: everybody may learn that a job is not Staging.",
        "Reading a status is allowed to more people than changing it.",
    ),
    Difference(
        "jsu-upstream-rights",
        JSU,
        EVERY,
        "Members of a group with JobSharing may change the jobs of the group, operators all jobs.",
        "An upstream DiracX server refuses both: Not authorized to modify job N.",
        "DiracX 0.7 knows neither right; servers of the bridge do, within the VO, and there is no difference there.",
    ),
    Difference(
        "jsu-upstream-attribute",
        JSU,
        "setJobAttribute, setJobSite",
        "All allowed attributes can be set, and the value is the number of changed rows.",
        "At an upstream DiracX server only Status and Site can be set; Site gives 1 also if it was the same, and a "
        "Status is logged.",
        "DiracX 0.7 has no route for the others; servers of the bridge have one, and there is no difference there.",
    ),
)

DIFFERENCES: Final = (*JOB_STATE_UPDATE, *JOB_MONITORING, *JOB_COMMANDS)


def as_markdown() -> str:
    """The reference page of the differences."""
    lines = [
        "# Deliberate differences from legacy DIRAC",
        "",
        "Where an adapter on purpose does not do what the service of DIRAC 9.1.22 does, or a command what its does.",
        "This page is generated from `diracx_bridge/legacy_adapters/differences.py`.",
    ]
    for service in sorted({difference.service for difference in DIFFERENCES}):
        lines += ["", f"## {service}"]
        for difference in DIFFERENCES:
            if difference.service == service:
                lines += [
                    "",
                    f"### {difference.id}",
                    "",
                    f"- {'Commands' if service == COMMANDS else 'Methods'}: {difference.method}",
                    f"- Legacy: {difference.legacy}",
                    f"- Here: {difference.ours}",
                    f"- Why: {difference.reason}",
                ]
    return "\n".join(lines) + "\n"
