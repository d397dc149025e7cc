from typing import Literal, cast

RehearsedRequestPath = Literal[
    "/api/bridge/jobs/attributes", "/api/jobs/heartbeat", "/api/jobs/metadata", "/api/jobs/status"
]


def check_rehearsed_request_path(value: str) -> RehearsedRequestPath:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(RehearsedRequestPath, value)
