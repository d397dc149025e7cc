"""Job parameters in OpenSearch, in the indices that legacy DIRAC and DiracX use, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from opensearchpy import AsyncOpenSearch
from opensearchpy.exceptions import OpenSearchException, RequestError

from diracx_bridge.core.errors import SettingsError, Unavailable
from diracx_bridge.db.os.job_parameters import Documents, fit_documents
from diracx_bridge.db.os.template import put_template, same_pattern

CONFLICT_RETRIES: Final = 10
JOBS_PER_INDEX: Final = 1_000_000
BULK_BYTES: Final = 20 * 2**20
"""Larger bulk requests are cut: OpenSearch refuses bodies of more than 100 MB."""
UNFIT: Final = 400
"""The status of a document that OpenSearch will never take; with any other one it may later."""
_TRY_AGAIN: Final = frozenset({"index_closed_exception"})

Action = tuple[int, str, bytes]
"""Job id, index, document as JSON."""


class OpenSearchJobParameters:
    """The store that DIRAC installations have; ``prefix`` stands before the names of all indices."""

    def __init__(self, arguments: Mapping[str, Any], *, prefix: str = "") -> None:
        try:
            self._client = AsyncOpenSearch(**arguments)
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


def _chunks(actions: Sequence[Action]) -> Iterable[Sequence[Action]]:
    start = size = 0
    for position, (_, _, document) in enumerate(actions):
        if size and size + len(document) > BULK_BYTES:
            yield actions[start:position]
            start, size = position, 0
        size += len(document)
    if actions[start:]:
        yield actions[start:]
