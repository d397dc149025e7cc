"""Searches in job parameters: both stores give what a model in Python gives."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diracx_bridge.core.errors import InvalidQuery
from diracx_bridge.core.models.search import SearchParams
from diracx_bridge.db.os import opensearch as opensearch_module
from diracx_bridge.db.os import sqlite_query
from diracx_bridge.db.os.job_parameters import JobParametersDB
from diracx_bridge.db.os.opensearch import OpenSearchJobParameters
from diracx_bridge.db.os.sqlite import SQLiteJobParameters
from tests.servers.opensearch import OpenSearch

HOUR = 3_600_000
START = int(datetime(2026, 1, 31, 22, tzinfo=UTC).timestamp()) * 1000
KEYWORDS = ["GridCE", "ModelName"]
NUMBERS = ["JobID", "CPUNormalizationFactor", "PayloadPID"]
CES = ["ce1.x.org", "CE2.x.org", "a%b", "a_b", "a\\b", "a*b?", "é", '"q"', "<1>", None]


def documents() -> list[dict[str, Any]]:
    """40 jobs of a VO, in two indices of OpenSearch; some parameters are missing."""
    made = []
    for i in range(40):
        document = {
            "JobID": 999_980 + i,
            "timestamp": START + i * HOUR // 2,
            "GridCE": CES[i % 10],
            "ModelName": f"Xeon {i % 4}" if i % 3 else None,
            "CPUNormalizationFactor": i % 7 - 2,
            "PayloadPID": i * 1000 if i % 5 else None,
            "Own": i,
        }
        made.append({name: value for name, value in document.items() if value is not None or i % 2})
    return made


ROWS = documents()


class Stores:
    """The same documents in both."""

    def __init__(self, *stores: JobParametersDB) -> None:
        self._stores = stores

    async def fill(self) -> None:
        others = {"test": {5: {"GridCE": "ce1.x.org"}}, "test_2": {6: {"GridCE": "ce1.x.org"}}}
        for store in self._stores:
            assert await store.write({"vo": {row["JobID"]: row for row in ROWS}, **others}) == {}

    async def search(self, vo: str | None = "vo", page: int = 1, per_page: int = 100, **more: Any) -> Any:
        """What both answer, which must be the same: ids and total."""
        among = more.pop("among", None)
        params = SearchParams.model_validate(more)
        answers = [await s.search(vo, params, page=page, per_page=per_page, among=among) for s in self._stores]
        found = [([d["JobID"] for d in answer.rows], answer.total, answer.first) for answer in answers]
        assert found[0] == found[1], more
        return found[0][:2]

    async def documents(self, **more: Any) -> list[dict[str, Any]]:
        """The documents that both find, without their time stamps if those are not the test's."""
        params = SearchParams.model_validate(more)
        one, two = [(await s.search("vo", params, page=1, per_page=100)).rows for s in self._stores]
        assert one == two
        return one


@asynccontextmanager
async def opened(filled: tuple[str, str, Path]) -> AsyncIterator[Stores]:
    url, prefix, file = filled
    in_opensearch = OpenSearchJobParameters({"hosts": url}, prefix=prefix)
    in_sqlite = SQLiteJobParameters(file)
    await in_opensearch.create_template()
    yield Stores(in_opensearch, in_sqlite)
    await in_opensearch.close()
    await in_sqlite.close()


@pytest.fixture(scope="module")
def filled(
    opensearch: OpenSearch, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, Path]]:
    """Where both stores are; they hold the documents."""
    where = opensearch.url, f"{worker}_search_", tmp_path_factory.mktemp("search") / "parameters.db"

    async def fill() -> None:
        async with opened(where) as both:
            await both.fill()

    asyncio.run(fill())
    opensearch.refresh(where[1])
    yield where
    opensearch.delete_indices(where[1])


@pytest.fixture
async def stores(filled: tuple[str, str, Path]) -> AsyncIterator[Stores]:
    async with opened(filled) as both:
        yield both


texts = st.one_of(st.sampled_from([ce for ce in CES if ce] + ["Xeon 1", "xeon 1"]), st.text("ceX1. n", max_size=4))
likes = st.lists(st.one_of(st.sampled_from(["%", "_", "\\%", "\\_", "\\\\", "*", "?", "["]), texts), max_size=3)
regexes = st.sampled_from(
    ["^c", "1$", "a.b", "[0-9]+", "Xe|ce", "^$", "E", "o.*1", "(ce|CE)", r"\w\s\d", '"', "<", "%"]
)
numbers = st.integers(-3, 8) | st.integers(0, 40).map(lambda n: n * 1000) | st.integers(999_980, 1_000_020)
formats = ["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d %H", "%Y-%m-%dT%H:%M"]


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from([*KEYWORDS, *NUMBERS, "timestamp"]))
    operators = ["eq", "neq", "gt", "lt", "in", "not in", *(["like", "not like", "regex"] if name in KEYWORDS else [])]
    operator = draw(st.sampled_from(operators))
    if operator == "regex":
        return {"parameter": name, "operator": operator, "value": draw(regexes)}
    values: st.SearchStrategy[Any] = texts
    if "like" in operator:
        values = likes.map("".join)
    elif name in NUMBERS:
        values = numbers.map(draw(st.sampled_from([str, int])))
    elif name == "timestamp":
        written = draw(st.sampled_from(formats))
        hours = st.integers(-30, 60).map(lambda n: datetime.fromtimestamp((START + n * HOUR) / 1000, UTC))
        values = hours.map(lambda time: time.strftime(written))
    if operator in ("in", "not in"):
        return {"parameter": name, "operator": operator, "values": draw(st.lists(values, max_size=4))}
    return {"parameter": name, "operator": operator, "value": draw(values)}


def fits(row: dict[str, Any], condition: dict[str, Any]) -> bool:
    name, operator = condition["parameter"], condition["operator"]
    values = condition["values"] if "values" in condition else [condition["value"]]
    stored = row.get(name)
    if operator == "not in" and not values:
        return True
    if stored is None:
        return False
    if operator == "regex":
        return re.search(values[0], stored, re.ASCII) is not None
    if "like" in operator:
        parts = re.findall(r"\\.|.", values[0])
        pattern = "".join({"%": ".*", "_": "."}.get(part) or re.escape(part[-1]) for part in parts)
        return (re.fullmatch(pattern, stored) is not None) == (operator == "like")
    if name == "timestamp":
        stored = datetime.fromtimestamp(stored / 1000, UTC).isoformat()[: len(values[0]) if values else 0]
        values = [value.replace(" ", "T") for value in values]
    elif name in NUMBERS:
        values = [int(value) for value in values]
    if operator in ("eq", "in"):
        return stored in values
    if operator in ("neq", "not in"):
        return stored not in values
    return bool(stored > values[0]) if operator == "gt" else bool(stored < values[0])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(conditions(), max_size=3))
async def test_a_search_finds_what_the_model_finds(stores: Stores, asked: list[dict[str, Any]]) -> None:
    expected = [row["JobID"] for row in ROWS if all(fits(row, condition) for condition in asked)]
    assert await stores.search(search=asked) == (expected, len(expected))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.lists(st.tuples(st.sampled_from([*KEYWORDS, *NUMBERS, "timestamp"]), st.sampled_from(["asc", "desc"]))),
    page=st.integers(1, 6),
    per_page=st.integers(1, 15),
)
async def test_a_page_is_the_slice_of_all_in_the_order_asked_for(
    stores: Stores, sort: list[tuple[str, str]], page: int, per_page: int
) -> None:
    keys = [(name, next(d for n, d in sort if n == name)) for name in dict.fromkeys(name for name, _ in sort)]
    last = keys[-1][1] if keys else "asc"
    rows = sorted(ROWS, key=lambda row: row["JobID"], reverse=last == "desc")
    for name, direction in reversed(keys):
        present = [row for row in rows if row.get(name) is not None]
        missing = [row for row in rows if row.get(name) is None]
        present.sort(key=lambda row: row[name], reverse=direction == "desc")
        rows = present + missing if direction == "desc" else missing + present
    expected = [row["JobID"] for row in rows][(page - 1) * per_page : page * per_page]
    specs = [{"parameter": name, "direction": direction} for name, direction in sort]
    assert await stores.search(sort=specs, page=page, per_page=per_page) == (expected, len(ROWS))


async def test_pages_beyond_the_window_of_opensearch_are_reached(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_module, "WINDOW", 7)
    ids = [row["JobID"] for row in ROWS]
    for page in range(1, 10):
        expected = ids[(page - 1) * 5 : page * 5]
        assert await stores.search(page=page, per_page=5) == (expected, 40)


async def test_only_the_parameters_asked_for_come_and_the_id(stores: Stores) -> None:
    only = [{"parameter": "JobID", "operator": "eq", "value": 999_981}]
    assert await stores.documents(search=only, parameters=["Own", "nothing"]) == [{"JobID": 999_981, "Own": 1}]
    assert (await stores.documents(search=only))[0]["ModelName"] == "Xeon 1"


async def test_a_vo_finds_its_own_alone_whatever_its_name_begins_with(stores: Stores) -> None:
    assert await stores.search(vo="test") == ([5], 1)
    assert await stores.search(vo="TEST_2") == ([6], 1)
    assert await stores.search(vo="nobody") == ([], 0)
    assert (await stores.search(vo=None))[1] == 42
    assert await stores.search(vo=None, among=[5, 999_990]) == ([5, 999_990], 2)
    assert await stores.search(vo="test_2", among=[5]) == ([], 0)


@pytest.mark.parametrize(
    "asked",
    [
        {"search": [{"parameter": "HostName", "operator": "eq", "value": "wn1"}]},
        {"search": [{"parameter": "Own", "operator": "eq", "value": 1}]},
        {"search": [{"parameter": "PayloadPID", "operator": "eq", "value": "many"}]},
        {"search": [{"parameter": "PayloadPID", "operator": "eq", "value": ""}]},
        {"search": [{"parameter": "PayloadPID", "operator": "eq", "value": 2**63}]},
        {"search": [{"parameter": "PayloadPID", "operator": "like", "value": "1%"}]},
        {"search": [{"parameter": "timestamp", "operator": "regex", "value": "2026"}]},
        {"search": [{"parameter": "timestamp", "operator": "eq", "value": "2026-02-30"}]},
        {"search": [{"parameter": "timestamp", "operator": "in", "values": ["2026"] * 151}]},
        {"search": [{"parameter": "GridCE", "operator": "in", "values": ["x"] * 65_537}]},
        {"search": [{"parameter": "GridCE", "operator": "regex", "value": "a(?=b)"}]},
        {"search": [{"parameter": "GridCE", "operator": "eq", "value": "\ud800"}]},
        {"search": [{"parameter": "GridCE", "operator": "eq", "value": "x"}] * 101},
        {"sort": [{"parameter": "HostName", "direction": "asc"}]},
        {"distinct": True},
    ],
)
async def test_what_cannot_be_asked_is_told(stores: Stores, asked: dict[str, Any]) -> None:
    for store in stores._stores:
        with pytest.raises(InvalidQuery, match=r".{20,}"):
            await store.search("vo", SearchParams.model_validate(asked), page=1, per_page=10)


async def test_an_expression_that_takes_for_ever_ends(
    sqlite_store: SQLiteJobParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_query, "SECONDS", 0.2)
    await sqlite_store.write({"vo": {1: {"GridCE": "a" * 40 + "!"}}})
    asked = [{"parameter": "GridCE", "operator": "regex", "value": "^(a|a|aa)+$"}]
    with pytest.raises(InvalidQuery, match="takes too long"):
        await sqlite_store.search("vo", SearchParams.model_validate({"search": asked}), page=1, per_page=10)
