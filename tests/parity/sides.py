"""The two sides: the real handlers in their own process, and the adapters with our service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from diracx_bridge.client import LegacyExchange, SyncDiracxClient
from diracx_bridge.core.routing.rules import Said, ServiceRules
from diracx_bridge.core.routing.stages import Stage
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call, Caller
from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.registry import BUILT_IN
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import GROUPS

Asked = tuple[str, tuple[Any, ...], str, str]
"""Method, arguments, user, group."""


def by_legacy(legacy: Legacy, service: str, calls: Sequence[Asked]) -> list[Answer]:
    """The answers of the real handler; ``Raised`` names what a method raised."""
    return list(map(as_seen, legacy.ask("calls", service, calls)))


class Ours:
    """The adapter of a service as the doors call it, for each caller with a token of his."""

    def __init__(self, service: str, url: str, api_key: str, stand_in: Callable[[], Answer] | None) -> None:
        self._service = f"WorkloadManagement/{service}"
        self._adapted = BUILT_IN[self._service]
        option = f"/DiracX/Bridge/{self._service}"
        self._live = ServiceRules(
            self._service, {(None, None): Said(option, Stage.LIVE, fallback=stand_in is not None)}
        )
        self._exchange = LegacyExchange(url, api_key)
        self._url = url
        self._stand_in = stand_in or _no_legacy
        self._adapters: dict[tuple[str, str], Any] = {}
        self._clients: list[SyncDiracxClient] = []

    def answers(self, calls: Sequence[Asked]) -> list[Answer]:
        """The answers of the adapter."""
        return [as_seen(self._answer(*call)) for call in calls]

    def _answer(self, method: str, arguments: tuple[Any, ...], user: str, group: str) -> Answer:
        call = Call(self._service, method, Caller(user, group, GROUPS[group][0]), arguments)
        # a new one each time: no call is kept back because the ones before it found the server broken
        dispatcher = Dispatcher()
        return dispatcher.perform(
            call, self._adapted.contract, self._live, lambda: self._adapter(user, group), self._stand_in
        )

    def _adapter(self, user: str, group: str) -> Any:
        if (user, group) not in self._adapters:
            vo, properties = GROUPS[group]
            source = self._exchange.source(user, vo, group, [name.strip() for name in properties.split(",")])
            client = SyncDiracxClient(self._url, tokens=source)
            self._clients.append(client)
            self._adapters[user, group] = self._adapted.adapter(client)
        return self._adapters[user, group]

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self._exchange.close()


def _no_legacy() -> Answer:
    raise AssertionError("the call went to legacy")


@contextmanager
def ours(service: str, url: str, api_key: str, stand_in: Callable[[], Answer] | None = None) -> Iterator[Ours]:
    """Our side, as long as the block lasts; ``stand_in`` answers what goes to legacy, which is an error without it."""
    made = Ours(service, url, api_key, stand_in)
    try:
        yield made
    finally:
        made.close()


def as_seen(answer: Answer) -> Answer:
    """What a caller sees of an answer, as it crosses the wire: tuples are lists there."""
    seen = {name: answer[name] for name in ("OK", "Value", "Errno", "Raised") if name in answer}
    if "Value" in seen:
        seen["Value"] = _listed(seen["Value"])
    if "Message" in answer:
        seen["Message"] = str(answer["Message"])
    return seen


def _listed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_listed(member) for member in value]
    if isinstance(value, dict):
        return {key: _listed(member) for key, member in value.items()}
    return value
