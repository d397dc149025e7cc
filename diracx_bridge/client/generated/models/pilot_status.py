from typing import Literal, cast

PilotStatus = Literal["Aborted", "Deleted", "Done", "Failed", "Running", "Submitted", "Unknown", "Waiting"]


def check_pilot_status(value: str) -> PilotStatus:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(PilotStatus, value)
