"""Forms and queries that are read without FastAPI, which takes longer for the fields of /token than its database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

URLENCODED: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 50
M = TypeVar("M", bound=BaseModel)


async def read_form(request: Request, model: type[M]) -> M:
    """The form in the body as ``model``; of a field that is there several times, the last one.

    Raises:
        RequestValidationError: a field is missing or wrong, or (without faults) the body is no form.
    """
    try:
        return model.model_validate(await _fields_of(request))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from None


def read_query(request: Request, model: type[M], *, headers: Sequence[str] = ()) -> M:
    """The query, and these headers, as ``model``.

    Raises:
        RequestValidationError: a parameter or a header is missing or wrong.
    """
    given = {name: value for name, value in request.query_params.items() if name not in headers}
    given |= {name: request.headers[name] for name in headers if name in request.headers}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        places = ["header" if fault["loc"][0] in headers else "query" for fault in faults]
        raise RequestValidationError(
            [{**fault, "loc": (place, *fault["loc"])} for place, fault in zip(places, faults, strict=True)]
        ) from None


async def _fields_of(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    try:
        text = (await request.body()).decode()
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise RequestValidationError([]) from None


def form_of(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The description of a route whose form is ``model``, called ``name`` in the OpenAPI document."""
    schema = {**model.model_json_schema(), "title": name}
    schema.pop("description", None)
    return {"requestBody": {"content": {URLENCODED: {"schema": schema}}, "required": True}}
