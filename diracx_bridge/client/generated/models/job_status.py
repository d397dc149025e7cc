from typing import Literal, cast

JobStatus = Literal[
    "Checking",
    "Completed",
    "Completing",
    "Deleted",
    "Done",
    "Failed",
    "Killed",
    "Matched",
    "Received",
    "Rescheduled",
    "Running",
    "Staging",
    "Stalled",
    "Submitting",
    "Waiting",
]


def check_job_status(value: str) -> JobStatus:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(JobStatus, value)
