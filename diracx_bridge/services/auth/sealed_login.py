"""What a login carries through the browser and the identity provider, sealed in the parameter ``state``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidInput, NotAuthenticated
from diracx_bridge.services.auth.idp.login import Challenge
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.scopes import identify, parse_scope

Kind = Literal["authorization", "device"]


@dataclass(frozen=True, slots=True)
class SealedLogin:
    """One login on its way: ``flow`` is the key of its row, ``client_state`` what the client wants back."""

    kind: Kind
    flow: str
    vo: str
    challenge: Challenge
    client_state: str = ""

    def seal(self, auth: AuthParts) -> str:
        """The state for the identity provider."""
        secrets = (self.challenge.verifier, self.challenge.nonce)
        return auth.secrets.seal({"l": [self.kind, self.flow, self.vo, *secrets, self.client_state]})

    @classmethod
    def unseal(cls, auth: AuthParts, kind: Kind, state: str, max_age: int) -> SealedLogin:
        """The login that was sealed as ``state`` at most ``max_age`` seconds ago.

        Raises:
            InvalidInput: too old, or not sealed here for a login of this kind.
        """
        found, flow, vo, verifier, nonce, client_state = auth.secrets.unseal(state, max_age).get("l", [""] * 6)
        if found != kind:
            raise InvalidInput("Invalid state: it belongs to another kind of login; start it again")
        return cls(kind, flow, vo, Challenge(verifier, nonce), client_state)


async def send_to_provider(auth: AuthParts, config: Config, login: SealedLogin, callback: str) -> str:
    """Where the browser goes to log in; the provider sends it back to ``callback``."""
    idp = config.registry[login.vo].idp
    return await auth.providers.login_url(idp, login.challenge, callback=callback, state=login.seal(auth))


async def who_logged_in(
    auth: AuthParts, config: Config, login: SealedLogin, scope: str, *, code: str, callback: str
) -> dict[str, object]:
    """The claims of the user whom the provider vouches for by ``code``, once it is clear that he may log in.

    Raises:
        NotAuthenticated: the code or the ID token is refused.
        PermissionDenied: the user may not have what he asks for, so there is no use in going on.
        Unavailable, BadAnswer: the provider fails.
    """
    registry = config.registry.get(login.vo)
    if registry is None:
        raise NotAuthenticated(f"VO {login.vo} is gone from this installation")
    claims = await auth.providers.claims(registry.idp, login.challenge, callback=callback, code=code)
    identify(parse_scope(scope, config), str(claims["sub"]), config)
    return claims
