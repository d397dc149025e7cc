"""The operations as methods, sync and async, with the client that is in hand or one made for the call."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from diracx_bridge.client.api import jobs, sandboxes
from diracx_bridge.client.api.pages import Pages
from diracx_bridge.client.api.steps import Steps

if TYPE_CHECKING:
    from diracx_bridge.client.aio import AsyncDiracxClient
    from diracx_bridge.client.sync import SyncDiracxClient

P = ParamSpec("P")
T = TypeVar("T")


class SyncOperations:
    """Operations for one thread; ``client`` None: each call makes its own, from the environment."""

    def __init__(self, client: SyncDiracxClient | None = None) -> None:
        self._client = client

    def run(self, steps: Steps[T]) -> T:
        """What ``steps`` lead to."""
        from diracx_bridge.client.api.runner import perform

        if self._client is not None:
            return perform(self._client, steps)
        from diracx_bridge.client.sync import SyncDiracxClient

        with SyncDiracxClient() as client:
            return perform(client, steps)


class AsyncOperations:
    """As `SyncOperations`, for tasks of an event loop."""

    def __init__(self, client: AsyncDiracxClient | None = None) -> None:
        self._client = client

    async def run(self, steps: Steps[T]) -> T:
        """What ``steps`` lead to."""
        from diracx_bridge.client.api.async_runner import perform

        if self._client is not None:
            return await perform(self._client, steps)
        from diracx_bridge.client.aio import AsyncDiracxClient

        async with AsyncDiracxClient() as client:
            return await perform(client, steps)


def _sync(steps: Callable[P, Steps[T]]) -> Callable[Concatenate[SyncOperations, P], T]:
    @functools.wraps(steps)
    def method(self: SyncOperations, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.run(steps(*args, **kwargs))

    return method


def _async(steps: Callable[P, Steps[T]]) -> Callable[Concatenate[AsyncOperations, P], Awaitable[T]]:
    @functools.wraps(steps)
    async def method(self: AsyncOperations, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.run(steps(*args, **kwargs))

    return method


def _sync_each(
    pages: Callable[P, Pages[T]],
) -> Callable[Concatenate[SyncOperations, P], Iterator[T]]:
    @functools.wraps(pages)
    def method(self: SyncOperations, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        left = pages(*args, **kwargs)
        while left.more:
            yield from self.run(left.next())

    return method


def _async_each(
    pages: Callable[P, Pages[T]],
) -> Callable[Concatenate[AsyncOperations, P], AsyncIterator[T]]:
    @functools.wraps(pages)
    async def method(self: AsyncOperations, /, *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        left = pages(*args, **kwargs)
        while left.more:
            for row in await self.run(left.next()):
                yield row

    return method


class Jobs(SyncOperations):
    """Operations on jobs; `diracx_bridge.client.api.jobs` documents them."""

    submit = _sync(jobs.submit)
    search = _sync_each(jobs.search)
    page = _sync(jobs.page)
    summary = _sync(jobs.summary)
    status = _sync(jobs.status)
    attributes = _sync(jobs.attributes)
    log = _sync(jobs.log)
    parameters = _sync(jobs.parameters)
    jdl = _sync(jobs.jdl)
    kill = _sync(jobs.kill)
    delete = _sync(jobs.delete)
    reschedule = _sync(jobs.reschedule)
    wait = _sync(jobs.wait)


class AsyncJobs(AsyncOperations):
    """Operations on jobs; `diracx_bridge.client.api.jobs` documents them."""

    submit = _async(jobs.submit)
    search = _async_each(jobs.search)
    page = _async(jobs.page)
    summary = _async(jobs.summary)
    status = _async(jobs.status)
    attributes = _async(jobs.attributes)
    log = _async(jobs.log)
    parameters = _async(jobs.parameters)
    jdl = _async(jobs.jdl)
    kill = _async(jobs.kill)
    delete = _async(jobs.delete)
    reschedule = _async(jobs.reschedule)
    wait = _async(jobs.wait)


class Sandboxes(SyncOperations):
    """Operations on sandboxes; `diracx_bridge.client.api.sandboxes` documents them."""

    upload = _sync(sandboxes.upload)
    download = _sync(sandboxes.download)
    of_job = _sync(sandboxes.of_job)
    assign = _sync(sandboxes.assign)


class AsyncSandboxes(AsyncOperations):
    """Operations on sandboxes; `diracx_bridge.client.api.sandboxes` documents them."""

    upload = _async(sandboxes.upload)
    download = _async(sandboxes.download)
    of_job = _async(sandboxes.of_job)
    assign = _async(sandboxes.assign)
