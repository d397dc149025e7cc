"""Job parameters in OpenSearch, in the indices that legacy DIRAC and DiracX use, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import OpenSearchException, RequestError
from opensearchpy.serializer import JSONSerializer

from diracx_bridge.core.errors import InvalidQuery, SettingsError, Unavailable
from diracx_bridge.core.models.search import SearchParams
from diracx_bridge.db.os.conditions import conditions, sort_keys
from diracx_bridge.db.os.job_parameters import Document, Documents, chosen, fit_documents
from diracx_bridge.db.os.query import clause, sort_clauses
from diracx_bridge.db.os.template import put_template, same_pattern
from diracx_bridge.db.pages import PageOf

CONFLICT_RETRIES: Final = 10
WINDOW: Final = 10_000
"""How far `from` and `size` reach in OpenSearch."""
JOBS_PER_INDEX: Final = 1_000_000
BULK_BYTES: Final = 20 * 2**20
"""Larger bulk requests are cut: OpenSearch refuses bodies of more than 100 MB."""
UNFIT: Final = 400
"""The status of a document that OpenSearch will never take; with any other one it may later."""
_TRY_AGAIN: Final = frozenset({"index_closed_exception"})

Action = tuple[int, str, bytes]
"""Job id, index, document as JSON."""


class _Serializer(JSONSerializer):
    """Large answers stop other requests for a fraction of the time that Python's own parser takes."""

    def loads(self, s: str | bytes) -> Any:
        return orjson.loads(s)


class OpenSearchJobParameters:
    """The store that DIRAC installations have; ``prefix`` stands before the names of all indices."""

    def __init__(self, arguments: Mapping[str, Any], *, prefix: str = "") -> None:
        try:
            self._client = AsyncOpenSearch(**{"serializer": _Serializer(), **arguments})
        except (OpenSearchException, TypeError, ValueError) as error:
            raise SettingsError(f"DIRACX_OS_DB_JOBPARAMETERSDB does not describe an OpenSearch: {error}") from None
        self._prefix = prefix

    def index(self, vo: str, job_id: int) -> str:
        """The index that holds the document of this job: one per VO and million of ids."""
        return f"{self._prefix}job_parameters_{vo.lower()}_{job_id // JOBS_PER_INDEX}m"

    async def write(self, documents: Mapping[str, Documents]) -> dict[int, str]:
        """See `JobParametersDB.write`."""
        accepted, failures = await fit_documents(documents)
        actions = [(job_id, self.index(vo, job_id), document) for vo, job_id, document in accepted]
        for chunk in _chunks(actions):
            failures.update(await self._write(chunk))
        return failures

    async def _write(self, actions: Sequence[Action], *, create: bool = True) -> dict[int, str]:
        lines: list[bytes] = []
        for job_id, index, document in actions:
            target = {"_index": index, "_id": str(job_id), "retry_on_conflict": CONFLICT_RETRIES}
            lines += (orjson.dumps({"update": target}), b'{"doc_as_upsert":true,"doc":' + document + b"}")
        answer = await self._ask(self._client.bulk(body=b"\n".join([*lines, b""]).decode()))
        failures: dict[int, str] = {}
        homeless: list[Action] = []
        for action, item in zip(actions, answer["items"], strict=True):
            result = item["update"]
            if "error" not in result:
                continue
            if result["error"]["type"] == "index_not_found_exception" and create:
                homeless.append(action)
            elif result["status"] == UNFIT and result["error"]["type"] not in _TRY_AGAIN:
                failures[action[0]] = _reason(result["error"])
            else:
                raise Unavailable(
                    f"OpenSearch does not take job parameters now: {result['error']['type']}", retry_after=2
                )
        if homeless:  # the cluster does not create indices by itself
            for index in {index for _, index, _ in homeless}:
                await self._create(index)
            failures.update(await self._write(homeless, create=False))
        return failures

    async def _create(self, index: str) -> None:
        try:
            await self._client.indices.create(index=index)
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise Unavailable(f"OpenSearch does not create the index {index}: {error.error}") from error
        except OpenSearchException as error:
            raise _unavailable(error) from error

    async def read(self, vo: str, job_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """See `JobParametersDB.read`."""
        wanted = [{"_index": self.index(vo, job_id), "_id": str(job_id)} for job_id in job_ids]
        if not wanted:
            return {}
        answer = await self._ask(self._client.mget(body={"docs": wanted}))
        return {int(found["_id"]): found["_source"] for found in answer["docs"] if found.get("found")}

    async def search(
        self, vo: str | None, params: SearchParams, *, page: int, per_page: int, among: Sequence[int] | None = None
    ) -> PageOf[Document]:
        """See `JobParametersDB.search`."""
        keys, wanted = sort_keys(params), [clause(condition) for condition in conditions(params.search)]
        indices = await self._indices(vo)
        first = (page - 1) * per_page
        if not indices:
            return PageOf([], first, 0)
        wanted.append({"terms": {"_index": indices}})
        if among is not None:
            wanted.append({"terms": {"JobID": list(among)}})
        query = {"query": {"bool": {"filter": wanted}}, "sort": sort_clauses(keys)}
        total, hits = await self._page(f"{self._prefix}job_parameters_*", query, first, per_page)
        return PageOf([chosen(hit["_source"], params.parameters) for hit in hits], first, total)

    async def _indices(self, vo: str | None) -> list[str]:
        """The indices of a VO; a pattern would also fit those of another one, like vo and vo_test."""
        name = ".+" if vo is None else re.escape(vo.lower())
        ours = re.compile(rf"{re.escape(self._prefix)}job_parameters_{name}_[0-9]+m")
        found = await self._ask(self._client.indices.get_alias(index=f"{self._prefix}job_parameters_*"))
        return sorted(index for index in found if ours.fullmatch(index))

    async def _page(self, index: str, query: dict[str, Any], first: int, size: int) -> tuple[int, list[dict[str, Any]]]:
        """(total, hits): farther than OpenSearch's window, whole windows are passed by first."""
        body = {**query, "track_total_hits": True}
        if first + size <= WINDOW:
            answer = await self._search(index, {**body, "from": first, "size": size})
            return answer["hits"]["total"]["value"], answer["hits"]["hits"]
        passed, total = 0, None
        while passed < first:
            step = min(WINDOW, first - passed)
            answer = await self._search(index, {**body, "size": step, "_source": False})
            total = answer["hits"]["total"]["value"] if total is None else total
            hits = answer["hits"]["hits"]
            if len(hits) < step or first >= total:
                return total, []
            passed += step
            body = {**query, "search_after": hits[-1]["sort"]}
        answer = await self._search(index, {**body, "size": size})
        return total or 0, answer["hits"]["hits"]

    async def _search(self, index: str, body: Mapping[str, Any]) -> Any:
        try:
            return await self._client.search(index=index, body=body, ignore_unavailable=True)
        except RequestError as error:
            raise InvalidQuery(f"OpenSearch refuses the search: {_root_cause(error)}") from error
        except (OpenSearchException, OSError) as error:
            raise _unavailable(error) from error

    async def create_template(self) -> str:
        """Make the index template that gives new indices their types; returns its name.

        Raises:
            SettingsError: OpenSearch refuses it; the message says why.
            Unavailable: OpenSearch does not answer.
        """
        try:
            return await put_template(self._client, self._prefix)
        except RequestError as error:
            raise SettingsError(f"OpenSearch refuses the index template: {error.info}") from error
        except (OpenSearchException, OSError) as error:
            raise _unavailable(error) from error

    async def has_template(self) -> bool:
        """Whether new indices get DIRAC's types.

        Raises:
            Unavailable: OpenSearch does not answer.
        """
        return bool(await self._ask(same_pattern(self._client, self._prefix)))

    async def ping(self) -> None:
        """See `JobParametersDB.ping`."""
        await self._ask(self._client.info())

    async def close(self) -> None:
        """See `JobParametersDB.close`."""
        await self._client.close()

    async def _ask(self, request: Any) -> Any:
        try:
            return await request
        except (OpenSearchException, OSError) as error:
            raise _unavailable(error) from error


def _unavailable(error: BaseException) -> Unavailable:
    status = getattr(error, "status_code", None)
    why = f"refuses with status {status}" if isinstance(status, int) else "does not answer"
    return Unavailable(f"OpenSearch, which holds the job parameters, {why}; try again.")


def _reason(error: Mapping[str, Any]) -> str:
    cause = error.get("caused_by", {}).get("reason")
    return f"OpenSearch refuses its parameters: {error.get('reason')}" + (f" ({cause})" if cause else "")


def _root_cause(error: RequestError) -> str:
    causes = error.info.get("error", {}).get("root_cause", []) if isinstance(error.info, dict) else []
    return next((str(cause.get("reason")) for cause in causes), error.error)[:300]


def _chunks(actions: Sequence[Action]) -> Iterable[Sequence[Action]]:
    start = size = 0
    for position, (_, _, document) in enumerate(actions):
        if size and size + len(document) > BULK_BYTES:
            yield actions[start:position]
            start, size = position, 0
        size += len(document)
    if actions[start:]:
        yield actions[start:]
