"""Adapters in the shape of DIRAC's FutureClients: S_OK and S_ERROR, the identity of the proxy, stubs to be replayed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from DIRAC import S_ERROR, S_OK, gLogger
from DIRAC.Core.Security.DiracX import FutureClient, addRPCStub

from diracx_bridge.core.errors import BridgeError
from diracx_bridge.legacy_adapters.dirac.session import adapter_for
from diracx_bridge.legacy_adapters.registry import adapted_services

Answer = dict[str, Any]


class BridgedClient(FutureClient):  # type: ignore[misc]  # DIRAC has no types
    """Base of the clients that ``future_class`` makes.

    ``proxyLocation`` is the file of the proxy whose token is used, if it is not the default one.
    """

    service: str

    def __init__(self, proxyLocation: str | None = None) -> None:
        self._proxy = proxyLocation

    def __getattr__(self, name: str) -> Callable[..., Answer]:
        """Methods that the legacy service has and its adapter has not answer S_ERROR, as unknown ones do in DIRAC."""
        if name.startswith("_"):
            raise AttributeError(name)

        def refuse(*_: Any, **__: Any) -> Answer:
            refused: Answer = S_ERROR(f"{self.service} is switched to DiracX, where {name} has no equivalent")
            return refused

        return refuse


@cache
def future_class(service: str) -> type[BridgedClient]:
    """The client class of an adapted service (``System/Service``): its methods return S_OK or S_ERROR, never raise.

    Each result of a method that may be replayed carries an ``rpcStub``, which ForwardDISET requests store. The class is
    found by its name in this module, on any host that has the bridge.
    """
    contract = adapted_services()[service].contract
    members: dict[str, Any] = {"service": service, "__module__": __name__, "__doc__": f"{service} by DiracX."}
    for method in contract.methods:
        call = _method(service, method.name)
        members[method.name] = addRPCStub(call) if method.replayable else call
    return type(service.replace("/", ""), (BridgedClient,), members)


def __getattr__(name: str) -> type[BridgedClient]:
    for service in adapted_services():
        if service.replace("/", "") == name:
            return future_class(service)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _method(service: str, name: str) -> Callable[..., Answer]:
    @wraps(getattr(adapted_services()[service].adapter, name))
    def call(self: BridgedClient, *args: Any, **kwargs: Any) -> Answer:
        try:
            answer: Answer = S_OK(getattr(adapter_for(service, self._proxy), name)(*args, **kwargs))
        except BridgeError as error:
            answer = S_ERROR(str(error))
            answer["Errno"] = getattr(error, "errno", 0)
        except Exception as error:  # a legacy client never raises what its service stumbled over
            gLogger.exception(f"{service}/{name} failed", lException=error)
            answer = S_ERROR(f"{error!r}: {error}")
        return answer

    return call
