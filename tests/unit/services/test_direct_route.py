"""Direct routes answer as FastAPI's own do, and let others have their turn."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, Header, Query, Request, Response
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from diracx_bridge.core.errors import NotAuthenticated
from diracx_bridge.services import problems
from diracx_bridge.services.direct_route import DirectRoute
from diracx_bridge.services.routing import include


class Update(BaseModel):
    Status: str
    Number: int = 0


async def caller(request: Request) -> str:
    if "authorization" not in request.headers:
        raise NotAuthenticated("No token")
    return request.headers["authorization"]


Caller = Annotated[str, Depends(caller)]


def told(**values: Any) -> Response:
    return Response(json.dumps(values, default=str, sort_keys=True), media_type="application/json")


def application(kind: type[APIRoute]) -> FastAPI:
    router = APIRouter(route_class=kind)

    @router.get("/things/{number}")
    async def get(
        request: Request,
        number: int,
        page: Annotated[int, Query(ge=1)] = 1,
        force: bool = False,
        if_none_match: Annotated[str | None, Header()] = None,
        kind: Annotated[str, Query(alias="type")] = "any",
    ) -> Response:
        return told(kind=kind, path=request.url.path, number=number, page=page, force=force, tag=if_none_match)

    @router.patch("/things")
    async def patch(user: Caller, updates: Annotated[dict[int, Update], Body()]) -> Response:
        return told(user=user, updates=[(key, value.model_dump()) for key, value in updates.items()])

    @router.post("/things")
    async def post(body: Annotated[Update | None, Body()] = None) -> Response:
        return told(body=body and body.model_dump())

    @router.post("/members")
    async def members(
        ids: Annotated[list[int], Body(embed=True, max_length=2)], force: Annotated[bool, Body(embed=True)] = False
    ) -> Response:
        return told(ids=ids, force=force)

    @router.put("/things", status_code=202)
    async def put() -> None:
        return None

    @router.delete("/things", status_code=204, response_class=Response)
    async def delete(user: Caller) -> None:
        return None

    app = FastAPI()
    problems.install(app)
    include(app, router, prefix="", tags=[])
    return app


async def asked(kind: type[APIRoute], method: str, url: str, **options: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application(kind)), base_url="http://here") as client:
        return await client.request(method, url, **options)


USER = {"Authorization": "me"}
GOOD = {"1": {"Status": "Done"}, "2": {"Status": "Failed", "Number": "7"}}
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/things/3", {}),
    ("GET", "/things/3?page=2&force=true", {"headers": {"If-None-Match": '"a"'}}),
    ("GET", "/things/x?page=0&force=perhaps", {}),
    ("GET", "/things/3?page=", {}),
    ("GET", "/things/3?type=job&kind=other", {}),
    ("PUT", "/things/3", {}),
    ("PATCH", "/things", {"json": GOOD}),
    ("PATCH", "/things", {"json": GOOD, "headers": USER}),
    ("PATCH", "/things", {"json": {"x": {"Status": 3}, "2": {}}, "headers": USER}),
    ("PATCH", "/things", {"headers": USER}),
    ("POST", "/things", {"json": {"Status": "Done"}}),
    ("POST", "/things", {"json": None}),
    ("POST", "/things", {}),
    ("POST", "/things", {"content": b'{"Status": "Done"}', "headers": {"Content-Type": "application/merge+json"}}),
    ("POST", "/members", {"json": {"ids": [1, "2"], "other": 3}}),
    ("POST", "/members", {"json": {"ids": [1], "force": "yes"}}),
    ("POST", "/members", {"json": {"ids": [1, 2, 3], "force": "maybe"}}),
    ("POST", "/members", {"json": {}}),
    ("POST", "/members", {}),
    ("PUT", "/things", {}),
    ("DELETE", "/things", {}),
    ("DELETE", "/things", {"headers": USER}),
]


@pytest.mark.parametrize(("method", "url", "options"), REQUESTS)
async def test_answers_as_fastapi_does(method: str, url: str, options: dict[str, Any]) -> None:
    ours, theirs = [await asked(kind, method, url, **options) for kind in (DirectRoute, APIRoute)]
    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)


@pytest.mark.parametrize("content", [b"{", b'{"1": NaN', b"\xff", b'{"1": {"Status": "\\ud800"}}'])
async def test_what_is_no_json_is_said_to_be_none(content: bytes) -> None:
    answer = await asked(
        DirectRoute, "PATCH", "/things", content=content, headers={**USER, "Content-Type": "application/json"}
    )
    (fault,) = answer.json()["detail"]
    assert (answer.status_code, fault["type"], fault["loc"]) == (422, "json_invalid", ["body"])


async def test_a_body_of_another_form_is_said_to_be_no_object() -> None:
    answer = await asked(DirectRoute, "PATCH", "/things", json=[], headers=USER)
    assert answer.status_code == 422
    assert answer.json()["detail"] == [{"type": "dict_type", "loc": ["body"], "msg": "Input should be an object"}]


async def test_content_of_another_type_is_refused_by_name() -> None:
    headers = {**USER, "Content-Type": "text/plain"}
    answer = await asked(DirectRoute, "PATCH", "/things", content=json.dumps(GOOD), headers=headers)
    (fault,) = answer.json()["detail"]
    assert answer.status_code == 422
    assert fault["msg"] == "Content-Type has to be application/json"
    assert fault["input"] == "text/plain"


async def test_who_has_no_token_is_not_told_what_is_wrong_with_the_body() -> None:
    assert (await asked(DirectRoute, "PATCH", "/things", content=b"{")).status_code == 401


async def test_the_document_is_that_of_fastapi() -> None:
    assert application(DirectRoute).openapi() == application(APIRoute).openapi()


def test_a_parameter_that_can_not_be_given_is_found_when_the_route_is_made() -> None:
    router = APIRouter(route_class=DirectRoute)

    async def with_cookie(session: Annotated[str, Cookie()]) -> Response:
        return told(session=session)

    async def with_two_bodies(one: Annotated[str, Body()], two: Annotated[str, Body()]) -> Response:
        return told(one=one, two=two)

    async def with_both(one: Annotated[str, Body(embed=True)], two: Annotated[str, Body()]) -> Response:
        return told(one=one, two=two)

    async def with_list(names: Annotated[list[str], Query()]) -> Response:
        return told(names=names)

    async def without_annotated(page: int = Query(1)) -> Response:
        return told(page=page)

    async def with_dependency(value: Annotated[str, Depends(lambda one, two: one)]) -> Response:
        return told(value=value)

    async def with_a_dictionary() -> dict[str, str]:
        return {}

    for endpoint, what in (
        (with_cookie, "session"),
        (with_two_bodies, "two"),
        (with_both, "members of it"),
        (with_list, "names"),
        (with_dependency, "value"),
        (without_annotated, "as Annotated"),
        (with_a_dictionary, "response of dict"),
    ):
        with pytest.raises(TypeError, match=rf"{endpoint.__name__}.*{what}"):
            router.add_api_route("/x", endpoint)


def test_dependencies_of_the_route_which_nobody_would_ask_are_refused() -> None:
    router = APIRouter(route_class=DirectRoute)

    async def guarded() -> Response:
        return told()

    with pytest.raises(TypeError, match=r"guarded.* can't have dependencies"):
        router.add_api_route("/x", guarded, dependencies=[Depends(caller)])
    with pytest.raises(TypeError, match=r"guarded.* can't have dependencies"):
        APIRouter(route_class=DirectRoute, dependencies=[Depends(caller)]).add_api_route("/x", guarded)


@given(st.dictionaries(st.integers(1, 10_000), st.booleans(), min_size=1, max_size=40))
def test_a_big_body_is_understood_as_a_small_one(jobs: dict[int, bool]) -> None:
    """Padding makes it so big that it is checked in slices; bad members are all named."""

    async def both() -> list[httpx.Response]:
        found = []
        for padding in ("", "x" * 70_000):
            document = {str(job): {"Status": "Done" if good else 1} for job, good in jobs.items()}
            content = json.dumps(document) + " " * len(padding)
            headers = {**USER, "Content-Type": "application/json"}
            found.append(await asked(DirectRoute, "PATCH", "/things", content=content, headers=headers))
        return found

    small, big = asyncio.run(both())
    assert (small.status_code, small.content) == (big.status_code, big.content)
    assert small.status_code == (200 if all(jobs.values()) else 422)


async def test_others_have_their_turn_while_a_big_body_is_checked() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def during(jobs: int) -> int:
        before = turns
        document = {str(job): {"Status": "Done" * 30} for job in range(1, jobs + 1)}
        assert (await asked(DirectRoute, "PATCH", "/things", json=document, headers=USER)).status_code == 200
        return turns - before

    task = asyncio.create_task(others())
    few, many = await during(1), await during(5000)
    task.cancel()
    assert many - few >= 5000 / 250
