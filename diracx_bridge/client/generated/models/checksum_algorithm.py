from typing import Literal, cast

ChecksumAlgorithm = Literal["sha256"]


def check_checksum_algorithm(value: str) -> ChecksumAlgorithm:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(ChecksumAlgorithm, value)
