from typing import Literal, cast

JobsGetJobSandboxSandboxType = Literal["input", "output"]


def check_jobs_get_job_sandbox_sandbox_type(value: str) -> JobsGetJobSandboxSandboxType:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(JobsGetJobSandboxSandboxType, value)
