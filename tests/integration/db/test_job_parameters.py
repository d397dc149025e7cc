"""Both stores of job parameters behave alike."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from pathlib import Path

import httpx
import pytest

from diracx_bridge.core.errors import Unavailable
from diracx_bridge.db.os.job_parameters import JobParametersDB
from diracx_bridge.db.os.opensearch import OpenSearchJobParameters
from diracx_bridge.db.os.sqlite import SQLiteJobParameters
from tests.servers.opensearch import OpenSearch


@pytest.fixture
async def store(
    opensearch_store: OpenSearchJobParameters, sqlite_store: SQLiteJobParameters, request: pytest.FixtureRequest
) -> JobParametersDB:
    return {"opensearch": opensearch_store, "sqlite": sqlite_store}[request.param]


def put(server: OpenSearch, path: str, body: object) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.url}/{path}", json.dumps(body).encode(), headers, method="PUT")
    urllib.request.urlopen(request, timeout=30).close()


both = pytest.mark.parametrize("store", ["sqlite", "opensearch"], indirect=True)


@both
async def test_parameters_are_read_back_when_they_were_written(store: JobParametersDB) -> None:
    before = int(time.time() * 1000)
    assert await store.write({"vo1": {7: {"HostName": "wn1", "NormCPUTime(s)": "12.0"}}}) == {}
    found = (await store.read("vo1", [7]))[7]
    assert before <= found.pop("timestamp") <= int(time.time() * 1000)
    assert found == {"JobID": 7, "HostName": "wn1", "NormCPUTime(s)": 12}


@both
async def test_later_parameters_are_added_to_earlier_ones(store: JobParametersDB) -> None:
    await store.write({"vo1": {7: {"a": "1", "b": {"x": 1, "y": 2}, "c": "old"}}})
    await store.write({"vo1": {7: {"b": {"y": 3}, "c": None, "d": [1, 2]}}})
    found = (await store.read("vo1", [7]))[7]
    assert {name: found[name] for name in "abcd"} == {"a": "1", "b": {"x": 1, "y": 3}, "c": None, "d": [1, 2]}


@both
async def test_many_jobs_of_several_vos_are_written_at_once(store: JobParametersDB) -> None:
    ids = [1, 2, 999_999, 1_000_000, 2_500_000]
    assert await store.write({"vo1": {i: {"n": i} for i in ids}, "VO2": {3: {"n": 3}}}) == {}
    assert {i: found["n"] for i, found in (await store.read("vo1", ids)).items()} == {i: i for i in ids}
    assert list(await store.read("vo2", [3])) == [3]
    assert await store.read("vo1", [3]) == {}


@both
async def test_nothing_is_found_for_jobs_without_parameters(store: JobParametersDB) -> None:
    assert await store.read("vo9", [1, 2]) == {}
    assert await store.read("vo9", []) == {}
    assert await store.write({}) == {}


@both
async def test_a_refused_value_is_told_by_job_and_the_others_are_written(store: JobParametersDB) -> None:
    failures = await store.write({"vo1": {1: {"PayloadPID": "none"}, 2: {"PayloadPID": "17"}}})
    assert list(failures) == [1]
    assert "PayloadPID" in failures[1]
    assert list(await store.read("vo1", [1, 2])) == [2]


@both
async def test_no_update_is_lost_when_many_write_to_one_job(store: JobParametersDB) -> None:
    await asyncio.gather(*(store.write({"vo1": {7: {f"p{i}": i}}}) for i in range(20)))
    found = (await store.read("vo1", [7]))[7]
    assert [found[f"p{i}"] for i in range(20)] == list(range(20))


@both
async def test_a_store_that_works_answers_a_ping(store: JobParametersDB) -> None:
    await store.ping()


async def test_a_conflict_of_types_is_told_by_job_when_opensearch_guessed_the_type(
    opensearch_store: OpenSearchJobParameters,
) -> None:
    await opensearch_store.write({"vo1": {1: {"guessed": 1}}})
    failures = await opensearch_store.write({"vo1": {2: {"guessed": "text"}, 3: {"guessed": 5}}})
    assert list(failures) == [2]
    assert "guessed" in failures[2]
    assert list(await opensearch_store.read("vo1", [2, 3])) == [3]


async def test_the_template_of_legacy_dirac_is_replaced_and_no_second_one_made(
    opensearch: OpenSearch, opensearch_prefix: str
) -> None:
    prefix = f"{opensearch_prefix}template_"  # legacy DIRAC may have made one for that of the worker
    store = OpenSearchJobParameters({"hosts": opensearch.url}, prefix=prefix)
    try:
        assert not await store.has_template()
        theirs = {"index_patterns": [f"{prefix}job_parameters_*"], "priority": 1}
        put(opensearch, f"_index_template/{prefix}theirs", theirs)
        assert await store.create_template() == f"{prefix}theirs"
        assert await store.has_template()
    finally:
        await store.close()
        await asyncio.to_thread(httpx.delete, f"{opensearch.url}/_index_template/{prefix}theirs")


async def test_the_store_is_unavailable_when_nothing_answers(tmp_path: Path) -> None:
    store = OpenSearchJobParameters({"hosts": "http://127.0.0.1:9", "max_retries": 0})
    with pytest.raises(Unavailable, match="does not answer"):
        await store.ping()
    await store.close()
    (tmp_path / "file").mkdir()
    with pytest.raises(Unavailable, match="can't be used now"):
        await SQLiteJobParameters(tmp_path / "file").ping()
