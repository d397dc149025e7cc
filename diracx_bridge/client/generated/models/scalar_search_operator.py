from typing import Literal, cast

ScalarSearchOperator = Literal["eq", "gt", "like", "lt", "neq", "not like", "regex"]


def check_scalar_search_operator(value: str) -> ScalarSearchOperator:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(ScalarSearchOperator, value)
