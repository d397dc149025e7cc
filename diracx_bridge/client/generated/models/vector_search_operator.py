from typing import Literal, cast

VectorSearchOperator = Literal["in", "not in"]


def check_vector_search_operator(value: str) -> VectorSearchOperator:
    """``value`` itself: a newer server may know more values than this client, and they pass."""
    return cast(VectorSearchOperator, value)
