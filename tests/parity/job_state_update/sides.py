"""The two sides: the real handler in its own process, and the adapter with our service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from diracx_bridge.client import LegacyExchange, SyncDiracxClient
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call, Caller
from diracx_bridge.legacy_adapters.dispatch.dispatcher import Dispatcher
from diracx_bridge.legacy_adapters.job_state_update import CONTRACT, JobStateUpdate
from diracx_bridge.legacy_adapters.routing.rules import Said, ServiceRules
from diracx_bridge.legacy_adapters.routing.stages import Stage
from tests.parity.job_state_update.cases import Case
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import GROUPS

SERVICE = "WorkloadManagement/JobStateUpdate"


def by_legacy(legacy: Legacy, cases: Sequence[Case], jobs: Sequence[int]) -> list[Answer]:
    """The answers of the real handler; ``Raised`` names what a method raised."""
    asked = [(case.method, case.arguments_for(job), *case.caller) for case, job in zip(cases, jobs, strict=True)]
    answers = legacy.ask("calls", "JobStateUpdate", asked)
    return [_seen(answer, job) for answer, job in zip(answers, jobs, strict=True)]


class Ours:
    """The adapter as the doors call it, for each caller with a token of his."""

    def __init__(self, url: str, api_key: str) -> None:
        self._exchange = LegacyExchange(url, api_key)
        self._url = url
        self._adapters: dict[tuple[str, str], JobStateUpdate] = {}
        self._clients: list[SyncDiracxClient] = []

    def answers(self, cases: Sequence[Case], jobs: Sequence[int]) -> list[Answer]:
        """The answers of the adapter."""
        return [_seen(self._answer(case, job), job) for case, job in zip(cases, jobs, strict=True)]

    def _answer(self, case: Case, job: int) -> Answer:
        user, group = case.caller
        call = Call(SERVICE, case.method, Caller(user, group, GROUPS[group][0]), case.arguments_for(job))
        # a new one each time: no call is kept back because the ones before it found the server broken
        return Dispatcher().perform(call, CONTRACT, LIVE, lambda: self._adapter(user, group), _no_legacy)

    def _adapter(self, user: str, group: str) -> JobStateUpdate:
        if (user, group) not in self._adapters:
            vo, properties = GROUPS[group]
            source = self._exchange.source(user, vo, group, [name.strip() for name in properties.split(",")])
            client = SyncDiracxClient(self._url, tokens=source)
            self._clients.append(client)
            self._adapters[user, group] = JobStateUpdate(client)
        return self._adapters[user, group]

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self._exchange.close()


@contextmanager
def ours(url: str, api_key: str) -> Iterator[Ours]:
    """Our side, as long as the block lasts."""
    made = Ours(url, api_key)
    try:
        yield made
    finally:
        made.close()


OPTION = "/DiracX/Bridge/WorkloadManagement/JobStateUpdate"
LIVE = ServiceRules(SERVICE, {(None, None): Said(OPTION, Stage.LIVE, fallback=False)})


def _no_legacy() -> Answer:
    raise AssertionError("the call went to legacy")


def _seen(answer: Answer, job: int) -> dict[str, Any]:
    """What a caller sees of an answer, with the number of the job taken out."""
    seen = {name: answer[name] for name in ("OK", "Value", "Errno", "Raised") if name in answer}
    if isinstance(seen.get("Value"), tuple):
        seen["Value"] = list(seen["Value"])
    if "Message" in answer:
        seen["Message"] = str(answer["Message"]).replace(str(job), "<job>")
    return seen
