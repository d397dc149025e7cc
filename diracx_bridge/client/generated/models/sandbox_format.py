from typing import Literal, cast

SandboxFormat = Literal["tar.bz2", "tar.zst"]


def check_sandbox_format(value: str) -> SandboxFormat:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(SandboxFormat, value)
