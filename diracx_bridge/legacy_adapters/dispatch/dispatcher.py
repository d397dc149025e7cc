"""One call, on the side that its route says, with legacy standing by where that is safe."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from DIRACCommon.Core.Utilities.ReturnValues import S_ERROR, S_OK

from diracx_bridge.core.errors import (
    BridgeError,
    NoEquivalent,
    NotAuthenticated,
    ServerRefused,
    SetupError,
    Unavailable,
)
from diracx_bridge.core.routing.rules import ServiceRules
from diracx_bridge.core.routing.stages import Route, Side, Stage
from diracx_bridge.core.routing.sticky import side_of
from diracx_bridge.legacy_adapters.contract import Method, ServiceContract
from diracx_bridge.legacy_adapters.dispatch.breaker import Breakers
from diracx_bridge.legacy_adapters.dispatch.call import Answer, Call, method_of
from diracx_bridge.legacy_adapters.dispatch.observation import (
    Comparison,
    Observation,
    Observer,
    Outcome,
    Reason,
    Unobserved,
)

if TYPE_CHECKING:  # imported by processes that compare only
    from diracx_bridge.legacy_adapters.compare.comparator import Comparator, OtherSide

logger = logging.getLogger(__name__)

BROKEN: Final = 500
"""Answers of this status and above come from a server that is broken, not from one that refuses."""


class NotDone(Exception):
    """DiracX has not carried out the call, or may not have: ``reason``, what to tell the caller, whether it is sure."""

    def __init__(self, reason: Reason, message: str, *, surely: bool = True) -> None:
        super().__init__(message)
        self.reason = reason
        self.surely = surely


class Dispatcher:
    """Carries out calls; one for a process, shared by its threads."""

    def __init__(
        self,
        breakers: Breakers | None = None,
        observer: Observer | None = None,
        comparator: Comparator | None = None,
    ) -> None:
        self.breakers = breakers or Breakers()
        self.observer = observer or Unobserved()
        self.comparator = comparator

    def perform(
        self,
        call: Call,
        contract: ServiceContract | None,
        rules: ServiceRules,
        adapter: Callable[[], Any],
        legacy: Callable[[], Answer],
        other_side: Callable[[], OtherSide] | None = None,
    ) -> Answer:
        """The answer to ``call``: S_OK or S_ERROR, with the values, error numbers and messages of the legacy service.

        ``adapter`` gives the adapter for the caller; ``legacy`` carries out the call there. It is called at most once,
        and never when DiracX has, or where that does harm may have, carried out the call. ``other_side`` gives DiracX
        for the caller to be compared with, in the stage compare.
        """
        begun = time.monotonic()
        method = method_of(contract, call.method)
        route = rules.route(call.caller.vo, call.method)
        if route.stage is Stage.COMPARE and method is not None and self.comparator is not None and other_side:
            return self._compared(call, method, route, self.comparator, other_side, legacy)
        side, reason, outcome = side_of(route, call.key(method)), Reason.NONE, None
        if side is Side.DIRACX:
            try:
                answer = self._by_diracx(call, method, adapter)
            except NotDone as failure:
                reason = failure.reason
                if route.may_fall_back and (failure.surely or (method is not None and method.safe_fallback)):
                    side = Side.LEGACY
                    logger.warning("%s/%s goes to legacy: %s", call.service, call.method, failure)
                else:
                    answer, outcome = _refused(call, route, failure), Outcome.FAILED
        if side is Side.LEGACY:
            answer = legacy()
        self.observer.observe(
            Observation(
                service=call.service,
                method=call.method,
                caller=call.caller,
                stage=route.stage,
                side=side,
                outcome=outcome or (Outcome.OK if answer.get("OK") else Outcome.ERROR),
                seconds=time.monotonic() - begun,
                reason=reason,
            )
        )
        return answer

    def _compared(
        self,
        call: Call,
        method: Method,
        route: Route,
        comparator: Comparator,
        other_side: Callable[[], OtherSide],
        legacy: Callable[[], Answer],
    ) -> Answer:
        ended: list[Outcome] = []

        def answered() -> Answer:
            answer = legacy()
            ended.append(Outcome.OK if answer.get("OK") else Outcome.ERROR)
            return answer

        def told(seconds: float, comparison: Comparison) -> None:
            self.observer.observe(
                Observation(
                    service=call.service,
                    method=call.method,
                    caller=call.caller,
                    stage=route.stage,
                    side=Side.LEGACY,
                    outcome=ended[0],
                    seconds=seconds,
                    comparison=comparison,
                )
            )

        breaker = self.breakers.of(call.service, call.caller.vo)
        return comparator.perform(call, method, breaker, other_side, answered, told)

    def _by_diracx(self, call: Call, method: Method | None, adapter: Callable[[], Any]) -> Answer:
        if method is None:
            raise NotDone(Reason.NO_EQUIVALENT, f"{call.method} has no equivalent in DiracX")
        breaker = self.breakers.of(call.service, call.caller.vo)
        ticket = breaker.begin()
        if ticket is None:
            raise NotDone(Reason.BREAKER, "DiracX did not answer the calls before this one")
        answered = False
        try:
            answer: Answer = S_OK(getattr(adapter(), call.method)(*call.arguments, **call.keywords))
            answered = True
        except Unavailable as error:
            raise NotDone(Reason.UNREACHABLE, str(error), surely=error.unsent) from error
        except ServerRefused as error:
            if error.status >= BROKEN:
                raise NotDone(Reason.UNREACHABLE, str(error), surely=False) from error
            answered = True
            if error.status == 401:
                raise NotDone(Reason.NO_TOKEN, f"DiracX does not take the token: {error}") from error
            answer = _error(error)
        except NotAuthenticated as error:
            answered = True
            raise NotDone(Reason.NO_TOKEN, str(error)) from error
        except NoEquivalent as error:
            answered = True
            raise NotDone(Reason.NO_EQUIVALENT, str(error)) from error
        except SetupError as error:
            answered = True
            raise NotDone(Reason.SETUP, str(error)) from error
        except BridgeError as error:
            answered = True
            answer = _error(error)
        except Exception as error:  # a legacy client never raises what its service stumbled over
            logger.exception("%s/%s failed", call.service, call.method)
            answered = True
            answer = S_ERROR(f"{error!r}: {error}")
        finally:
            breaker.end(ticket, answered=answered)
        return answer


def _error(error: BridgeError) -> Answer:
    answer: Answer = S_ERROR(str(error))
    answer["Errno"] = getattr(error, "errno", 0)
    return answer


def _refused(call: Call, route: Route, failure: NotDone) -> Answer:
    name = f"{call.service}/{call.method}"
    if route.stage is Stage.RETIRED:
        text = f"{name}: {failure}. The legacy service is retired here ({route.decided_by}): it may not stand in"
    else:
        text = f"{name} is switched to DiracX ({route.decided_by}) and could not be carried out there: {failure}"
    answer: Answer = S_ERROR(text)
    return answer
