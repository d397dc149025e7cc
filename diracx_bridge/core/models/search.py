"""What a search or a summary asks for."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel


class ScalarSearchOperator(StrEnum):
    """Operators that compare a column with one value."""

    EQUAL = "eq"
    NOT_EQUAL = "neq"
    GREATER_THAN = "gt"
    LESS_THAN = "lt"
    LIKE = "like"
    NOT_LIKE = "not like"
    REGEX = "regex"


class VectorSearchOperator(StrEnum):
    """Operators that compare a column with a list of values."""

    IN = "in"
    NOT_IN = "not in"


class SortDirection(StrEnum):
    """Directions of a sort key."""

    ASC = "asc"
    DESC = "desc"


class ScalarSearchSpec(BaseModel):
    """One condition on one value."""

    parameter: str
    operator: ScalarSearchOperator
    value: str | int


class VectorSearchSpec(BaseModel):
    """One condition on a list of values."""

    parameter: str
    operator: VectorSearchOperator
    values: list[str] | list[int]


class SortSpec(BaseModel):
    """One sort key."""

    parameter: str
    direction: SortDirection


SearchSpec = ScalarSearchSpec | VectorSearchSpec


class SearchParams(BaseModel):
    """Which columns of which rows in which order; everything is optional."""

    parameters: list[str] | None = None
    search: list[ScalarSearchSpec | VectorSearchSpec] = []
    sort: list[SortSpec] = []
    distinct: bool = False


class SummaryParams(BaseModel):
    """By which columns the rows that match are grouped and counted."""

    grouping: list[str]
    search: list[ScalarSearchSpec | VectorSearchSpec] = []
