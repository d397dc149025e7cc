"""Logging in by the device flow (RFC 8628), and logging out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from diracx_bridge.client.api.steps import Call, Pause, Steps
from diracx_bridge.client.credentials import Credentials, read_credentials
from diracx_bridge.client.tokens import CLIENT_ID
from diracx_bridge.core.errors import InvalidInput, NotAuthenticated, ServerRefused, Unavailable

POLL: Final = 2.0
"""Seconds between questions; what the official command line does. Servers may ask for more (``interval``)."""
DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What the user has to do: open ``url`` (it holds the code; ``verification_uri`` asks for ``user_code``)."""

    user_code: str
    verification_uri: str
    url: str
    expires_in: int


def scope_of(metadata: Mapping[str, Any], vo: str | None, group: str | None, properties: Iterable[str]) -> str:
    """The scope for a VO of the installation; the VO may be left out where there is only one.

    Raises:
        InvalidInput: there is no such VO or group; the message lists those that exist.
    """
    known: Mapping[str, Any] = metadata["virtual_organizations"]
    if vo is None and len(known) == 1:
        vo = next(iter(known))
    if vo is None or vo not in known:
        said = "Which VO? There are" if vo is None else f"There is no VO {vo!r} here, only"
        raise InvalidInput(f"{said} {', '.join(sorted(known))}")
    groups = known[vo].get("groups", {})
    if group is not None and group not in groups:
        raise InvalidInput(f"VO {vo} has no group {group!r}, only {', '.join(sorted(groups))}")
    return " ".join([f"vo:{vo}", *([f"group:{group}"] if group else []), *(f"property:{name}" for name in properties)])


def log_in(
    vo: str | None,
    group: str | None,
    properties: Iterable[str],
    show: Callable[[DeviceCode], None],
    waiting: Callable[[], None] = lambda: None,
) -> Steps[Credentials]:
    """The credentials of the user who opened the URL that ``show`` told him, after he agreed there.

    Raises:
        InvalidInput: unknown VO or group.
        NotAuthenticated: refused, or not done in time.
    """
    metadata = yield Call("GET", "/.well-known/dirac-metadata")
    scope = scope_of(metadata.json(), vo, group, properties)
    response = yield Call("POST", "/api/auth/device", params={"client_id": CLIENT_ID, "scope": scope})
    device: dict[str, Any] = response.json()
    url = device.get("verification_uri_complete") or device["verification_uri"]
    show(DeviceCode(device["user_code"], device["verification_uri"], url, int(device["expires_in"])))
    end = time.monotonic() + device["expires_in"]
    form = {"grant_type": DEVICE_GRANT, "client_id": CLIENT_ID, "device_code": str(device["device_code"])}
    pause = float(device.get("interval") or POLL)
    while time.monotonic() < end:
        yield Pause(pause)
        try:
            answer = yield Call("POST", "/api/auth/token", form=form)
        except Unavailable:
            pass  # the code is good until its end
        except ServerRefused as error:
            if error.code == "slow_down":
                pause += 5
            elif error.code != "authorization_pending":
                raise NotAuthenticated(f"The login was refused: {error.detail}") from None
        else:
            return Credentials.of_answer(answer.json())
        waiting()
    raise NotAuthenticated("Nobody agreed to the login in time; try again")


def log_out(path: Path) -> Steps[bool]:
    """Revoke the refresh token in a credentials file and remove the file; False if there is none."""
    credentials = read_credentials(path)
    if credentials is None:
        return False
    path.unlink(missing_ok=True)
    if credentials.refresh_token and credentials.renewable:
        form = {"token": credentials.refresh_token, "token_type_hint": "refresh_token", "client_id": CLIENT_ID}
        yield Call("POST", "/api/auth/revoke", form=form)
    return True
