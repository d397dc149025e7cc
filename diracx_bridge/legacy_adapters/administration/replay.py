"""A call of the ledger, rehearsed again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from diracx_bridge.client import SyncDiracxClient
from diracx_bridge.core.errors import BridgeError, ConfigurationError
from diracx_bridge.legacy_adapters.compare.effects import predicted_effects
from diracx_bridge.legacy_adapters.compare.rehearsing import RehearsingTransport, rehearsing
from diracx_bridge.legacy_adapters.ledger.masking import MASK
from diracx_bridge.legacy_adapters.registry import adapted_services


def replayed(call: Mapping[str, Any], transport: httpx.BaseTransport | None = None) -> dict[str, Any]:
    """What DiracX answers to ``call`` now, and what it would change, with the rights of who is logged in.

    ``changes`` are sentences. Nothing is changed.

    Raises:
        ConfigurationError: an argument was masked, so the call can't be made again.
    """
    if MASK in repr(call["arguments"]) or MASK in repr(call["keywords"]):
        raise ConfigurationError("An argument of this call looked like a secret and was not kept: it can't be replayed")
    inner = RehearsingTransport(transport or httpx.HTTPTransport())
    with SyncDiracxClient(transport=inner) as client, rehearsing() as collected:
        adapter = adapted_services()[call["service"]].adapter(client)
        try:
            answer: dict[str, Any] = {
                "OK": True,
                "Value": getattr(adapter, call["method"])(*call["arguments"], **call["keywords"]),
            }
        except BridgeError as error:
            answer = {"OK": False, "Errno": getattr(error, "errno", 0), "Message": str(error)}
    changes = []
    for result in collected.results:
        for job, effect in predicted_effects([result]).items():
            before = result["before"][job]["Jobs"][0] if result["before"][job]["Jobs"] else {}
            changes += [
                f"Jobs.{name} of job {job} from {before.get(name)!r} to {value!r}"
                for name, value in effect.job.items()
                if before.get(name) != value
            ]
            changes += [f"LoggingInfo of job {job}: a new row {dict(row)}" for row in effect.log]
            changes += [f"JobCommands of job {job}: {dict(row)}" for row in effect.commands]
            changes += [
                f"JobParameters of job {job}: {name} = {value!r}" for name, value in (effect.parameters or {}).items()
            ]
    return {"answer": answer, "changes": changes}
