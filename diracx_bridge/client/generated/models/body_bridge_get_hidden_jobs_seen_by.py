from typing import Literal, cast

BodyBridgeGetHiddenJobsSeenBy = Literal["id", "search"]


def check_body_bridge_get_hidden_jobs_seen_by(value: str) -> BodyBridgeGetHiddenJobsSeenBy:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(BodyBridgeGetHiddenJobsSeenBy, value)
