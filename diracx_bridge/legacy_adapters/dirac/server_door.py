"""The server door: DIRAC's own handlers whose methods go where the routing says, for clients of any age."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import getattr_static
from typing import Any, TypeVar, cast

from DIRAC import S_ERROR
from DIRAC.ConfigurationSystem.Client.Helpers import Registry

from diracx_bridge.core.errors import ConfigurationError
from diracx_bridge.legacy_adapters.dirac.impersonation import impersonation
from diracx_bridge.legacy_adapters.dirac.process import dispatcher
from diracx_bridge.legacy_adapters.dirac.routing_source import rules_for
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call, Caller
from diracx_bridge.legacy_adapters.registry import adapted_services

Handler = TypeVar("Handler", bound=type[Any])


def routed(service: str) -> Callable[[Handler], Handler]:
    """Decorator of a class that extends DIRAC's own handler: its ``export_`` methods follow the routing of ``service``.

    The methods that are replaced stay what legacy does, on the databases of the handler. A service whose rules are
    refused at its start does not start, and says why.
    """

    def decorate(handler: Handler) -> Handler:
        for method in adapted_services()[service].contract.methods:
            name = f"export_{method.name}"
            if hasattr(handler, name):
                setattr(handler, name, _method(service, method.name, getattr_static(handler, name)))
        handler.initializeHandler = classmethod(_checked(service, handler.initializeHandler.__func__))
        return handler

    return decorate


def _method(service: str, name: str, replaced: Any) -> Callable[..., Answer]:
    """``replaced`` is the method as its class has it: a function, or a class or static method."""

    @wraps(getattr(replaced, "__func__", replaced))
    def call(self: Any, *args: Any, **kwargs: Any) -> Answer:
        legacy = replaced.__get__(self, type(self))  # class methods use what is set on the class of the service
        try:
            rules = rules_for(service)
        except ConfigurationError as error:
            refused: Answer = S_ERROR(str(error))
            return refused
        if rules.silent:
            return cast(Answer, legacy(*args, **kwargs))
        credentials = self.getRemoteCredentials()
        caller, properties = _caller(credentials), credentials.get("properties", [])
        return dispatcher.perform(
            Call(service, name, caller, args, kwargs),
            adapted_services()[service].contract,
            rules,
            lambda: impersonation().adapter(service, caller, properties),
            lambda: legacy(*args, **kwargs),
            lambda: impersonation().other_side(service, caller, properties),
        )

    return call


def _caller(credentials: dict[str, Any]) -> Caller:
    group = credentials.get("group", "")
    vo = credentials.get("VO") or Registry.getVOForGroup(group) or ""
    return Caller(credentials.get("username", ""), group, "" if group == "hosts" else vo)


def _checked(service: str, initialize: Callable[..., Answer]) -> Callable[..., Answer]:
    @wraps(initialize)
    def check_first(cls: type[Any], *args: Any, **kwargs: Any) -> Answer:
        try:
            rules_for(service)
        except ConfigurationError as error:
            refused: Answer = S_ERROR(f"{service} does not start: {error}")
            return refused
        return initialize(cls, *args, **kwargs)

    return check_first
