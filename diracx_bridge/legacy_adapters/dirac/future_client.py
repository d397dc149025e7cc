"""Adapters in the shape of DIRAC's FutureClients: S_OK and S_ERROR, the identity of the proxy, stubs to be replayed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from DIRAC import S_ERROR
from DIRAC.Core.Security.DiracX import FutureClient

from diracx_bridge.legacy_adapters.contract import wrong_types
from diracx_bridge.legacy_adapters.dirac.legacy_client import legacy_client, served_by_https
from diracx_bridge.legacy_adapters.dirac.process import dispatcher
from diracx_bridge.legacy_adapters.dirac.routing_source import rules_for
from diracx_bridge.legacy_adapters.dirac.session import adapter_for, caller_of, other_side_for
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call, method_of
from diracx_bridge.legacy_adapters.registry import adapted_services


class BridgedClient(FutureClient):  # type: ignore[misc]  # DIRAC has no types
    """Base of the clients that ``future_class`` makes: each call goes where the routing says at that moment.

    ``options`` are those with which DIRAC would make its own client of the service. ``proxyLocation`` among them is the
    file of the proxy whose token is used, if it is not the default one.
    """

    service: str

    def __init__(self, **options: Any) -> None:
        self._options = options

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        if name.startswith("_"):
            raise AttributeError(name)
        return partial(self._perform, name)

    def _perform(self, name: str, *args: Any, **kwargs: Any) -> Answer:
        proxy = self._options.get("proxyLocation")
        contract = adapted_services()[self.service].contract
        method = method_of(contract, name)
        wrong = wrong_types(method, args) if method is not None and not kwargs else None
        if wrong is not None and not served_by_https(self.service):  # DIRAC's HTTPS services do not look at types
            refused: Answer = S_ERROR(wrong)
            return refused
        answer = dispatcher.perform(
            Call(self.service, name, caller_of(proxy), args, kwargs),
            contract,
            rules_for(self.service),
            partial(adapter_for, self.service, proxy),
            lambda: getattr(legacy_client(self.service, **self._options), name)(*args, **kwargs),
            partial(other_side_for, self.service, proxy),
        )
        if method is not None and method.replayable:
            answer.setdefault("rpcStub", self._stub(name, args, kwargs))
        return answer

    def _stub(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        return {
            "dCls": type(self).__name__,
            "dMod": type(self).__module__,
            "dMeth": name,
            "args": args,
            "kwargs": kwargs,
        }


@cache
def future_class(service: str) -> type[BridgedClient]:
    """The client class of an adapted service (``System/Service``): its methods return S_OK or S_ERROR, never raise.

    Each result of a method that may be replayed carries an ``rpcStub``, which ForwardDISET requests store. The class is
    found by its name in this module, on any host that has the bridge, and goes where the routing says then.
    """
    members = {"service": service, "__module__": __name__, "__doc__": f"{service}, as it is routed."}
    return type(service.replace("/", ""), (BridgedClient,), members)


def __getattr__(name: str) -> type[BridgedClient]:
    for service in adapted_services():
        if service.replace("/", "") == name:
            return future_class(service)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
