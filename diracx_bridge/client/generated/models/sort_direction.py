from typing import Literal, cast

SortDirection = Literal["asc", "desc"]


def check_sort_direction(value: str) -> SortDirection:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(SortDirection, value)
