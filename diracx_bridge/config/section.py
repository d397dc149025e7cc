"""What every section of the configuration has in common."""

from __future__ import annotations

__all__ = ["Section", "SortedSet"]

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.functional_serializers import PlainSerializer

T = TypeVar("T", bound=str)

SortedSet = Annotated[frozenset[T], PlainSerializer(sorted, return_type=list[T], when_used="json-unless-none")]
"""A set that is written as a sorted list, so that equal configurations give equal bytes."""


class Section(BaseModel):
    """One section: immutable, and a key that it does not know is an error.

    Values are accepted under the CS spelling (``JobShare``) and under the attribute name (``job_share``),
    but not under both at once. Serialise with ``by_alias=True`` to get the CS spelling back;
    the order of the attributes is the order on the wire.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )
