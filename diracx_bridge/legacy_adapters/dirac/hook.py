"""The client door: DIRAC's selection of a client for a service, with adapters in it."""

from __future__ import annotations

from importlib.util import find_spec
from types import ModuleType
from typing import Any

from diracx_bridge.core.errors import ExtensionError, SetupError
from diracx_bridge.legacy_adapters.registry import adapted_services

MARK = "_diracx_bridge"


class NoAdapter(ExtensionError, NotImplementedError):
    """A service is switched to DiracX and nothing here can serve it.

    DIRAC's own selection raises NotImplementedError for this, so its callers know that class.
    """


class HookPointsMoved(SetupError):
    """This DIRAC selects its clients in another way than the one the door was made for."""


def install() -> None:
    """Open the client door in this process; once more does nothing.

    All RPCs of ``DIRAC.Core.Base.Client`` go through the door: those of client classes, of a bare ``Client(url=...)``,
    with ``url=`` at call time, and of stubs that legacy clients queued as ForwardDISET requests. Only services that are
    routed are affected (`routing`); full URLs never are.

    Raises:
        HookPointsMoved: what the door relies on is not there; nothing is changed then.
    """
    import DIRAC.Core.Base.Client as base

    if getattr(getattr(base, "RPCClientSelector", None), MARK, False):
        return
    if moved := moved_hook_points(base):
        import DIRAC

        raise HookPointsMoved(
            f"DIRAC {getattr(DIRAC, '__version__', '?')} is not one that this diracx-bridge knows: {'; '.join(moved)}. "
            "Install the release of diracx-bridge that belongs to it."
        )
    base.RPCClientSelector = _door(base.RPCClientSelector)


def moved_hook_points(base: ModuleType) -> list[str]:
    """What the door relies on and ``base`` (``DIRAC.Core.Base.Client``) does not have, in words."""
    moved = []
    if not callable(getattr(base, "RPCClientSelector", None)):
        moved.append("DIRAC.Core.Base.Client has no RPCClientSelector")
    code = getattr(getattr(getattr(base, "Client", None), "_getRPC", None), "__code__", None)
    if code is None:
        moved.append("Client has no method _getRPC")
    elif "RPCClientSelector" not in code.co_names or "diracxClient" not in repr(code.co_consts):
        moved.append("Client._getRPC does not call RPCClientSelector with diracxClient")
    try:
        from DIRAC.ConfigurationSystem.Client.PathFinder import useLegacyAdapter

        from diracx_bridge.legacy_adapters.dirac.routing_source import facts_of

        useLegacyAdapter("Nobody/Nothing")
        facts_of("Nobody/Nothing")
    except (ImportError, AttributeError, TypeError) as error:
        moved.append(f"the CS can't be read as before ({error!r})")
    if find_spec("DIRAC.Core.Security.DiracX") is None:  # its import takes longer than everything here
        moved.append("there is no DIRAC.Core.Security.DiracX")
    return moved


def _door(original: Any) -> Any:
    from DIRAC.ConfigurationSystem.Client.PathFinder import useLegacyAdapter

    from diracx_bridge.legacy_adapters.dirac.legacy_client import legacy_client
    from diracx_bridge.legacy_adapters.dirac.routing_source import rules_for

    def select(url: Any, *args: Any, diracxClient: Any = None, **kwargs: Any) -> Any:
        """DIRAC's RPCClientSelector; services that are routed get a client that asks the routing at each call."""
        if not _is_logical(url):
            return original(url, *args, diracxClient=diracxClient, **kwargs)
        rules = rules_for(url)
        if rules.all_legacy:
            # DIRAC's own switch may say otherwise: the kill switch and the override file come before it
            return (legacy_client if useLegacyAdapter(url) else original)(url, *args, **kwargs)
        if url in adapted_services():
            from diracx_bridge.legacy_adapters.dirac.future_client import future_class

            return future_class(url)(**kwargs)
        # A client class without the attribute gives a callable here, by Client.__getattr__: not an adapter.
        if isinstance(diracxClient, type):
            return diracxClient()
        raise NoAdapter(
            f"{url} is switched to DiracX ({rules.route(None, None).decided_by}), but neither diracx-bridge nor DIRAC "
            "has an adapter for it: remove the option, or install the package that has the adapter"
        )

    setattr(select, MARK, True)
    return select


def _is_logical(url: Any) -> bool:
    return isinstance(url, str) and not url.startswith(("http", "dip")) and url.count("/") == 1
