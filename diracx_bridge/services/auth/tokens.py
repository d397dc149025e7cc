"""Access and refresh tokens: made, checked, and remembered as checked until they expire."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidInput, NotAuthenticated, PermissionDenied, SettingsError
from diracx_bridge.core.settings import AuthSettings
from diracx_bridge.db.sql.bridge.revoked_access import EVERYBODY, all_of
from diracx_bridge.services.auth.jti import new_jti
from diracx_bridge.services.auth.key_ring import KeyRing
from diracx_bridge.services.auth.key_store import KeyStore

REMEMBERED = 50_000
"""How many checked tokens are remembered; when there are more, all are forgotten and checked again."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request, as the access token says; ``sub`` is ``<vo>:<subject at the identity provider>``.

    ``issued`` and ``expires`` of the token in seconds since the epoch.
    """

    sub: str
    preferred_username: str
    vo: str
    group: str
    properties: frozenset[str]
    policies: Mapping[str, Any]
    expires: float
    issued: int = 0

    def has(self, *properties: str) -> bool:
        """Whether the caller has one of these security properties."""
        return not self.properties.isdisjoint(properties)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a pair of tokens is made for."""

    sub: str
    preferred_username: str
    vo: str
    group: str
    properties: frozenset[str]


class SignedToken(NamedTuple):
    """A token and the claims by which logs name it; ``expires`` in seconds since the epoch."""

    text: str
    jti: UUID
    expires: int


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """What a refresh token says of itself; ``expires`` in seconds since the epoch."""

    jti: UUID
    legacy_exchange: bool
    expires: int


def _marks(user: Principal) -> tuple[str, str, str]:
    return user.sub, all_of(user.vo), EVERYBODY


def no_claims(_identity: Identity) -> Mapping[str, Any]:
    """Nothing beside the claims that every access token has."""
    return {}


class Tokens:
    """Makes and checks the tokens of one installation."""

    def __init__(
        self, settings: AuthSettings, keys: KeyRing, *, more_claims: Callable[[Identity], Mapping[str, Any]] = no_claims
    ) -> None:
        self.settings = settings
        self._ring = keys
        self._more_claims = more_claims
        self._algorithms = settings.token_allowed_algorithms
        self._checked: dict[bytes, Principal] = {}
        self._renewals: dict[bytes, RefreshClaims] = {}
        self._suspended: frozenset[str] = frozenset()
        self._refused: Mapping[str, int] = {}
        self.use(keys.current)
        keys.subscribe(self.use)

    def use(self, keys: KeyStore) -> None:
        """Sign and check with these keys; every token is checked again.

        Raises:
            SettingsError: tokens would be signed by an algorithm that is not accepted.
        """
        algorithm = str(keys.signing.get("alg"))
        if algorithm not in self._algorithms:
            raise SettingsError(
                f"The signing key {keys.signing.kid} has the algorithm {algorithm}, which is not among "
                "DIRACX_SERVICE_AUTH_TOKEN_ALLOWED_ALGORITHMS"
            )
        self._keys = keys
        self._checked.clear()
        self._renewals.clear()

    def suspend(self, config: Config) -> None:
        """Refuse the access tokens that the suspended users of ``config`` still have."""
        self._suspended = frozenset(
            f"{vo}:{subject}"
            for vo, registry in config.registry.items()
            for subject, user in registry.users.items()
            if vo in user.suspended
        )

    def refuse(self, issued_until: Mapping[str, int]) -> None:
        """Refuse access tokens that were issued until then (seconds since the epoch), also those checked before.

        Keys are a ``sub``, ``<vo>:`` for all users of a VO, or the empty text for everybody.
        """
        self._refused = issued_until

    @property
    def issuer(self) -> str:
        """Who our tokens say made them."""
        return self.settings.token_issuer

    @property
    def expires_in(self) -> int:
        """Life of an access token in seconds."""
        return self.settings.access_token_expire_minutes * 60

    @property
    def refresh_minutes(self) -> int:
        """Life of a login in minutes."""
        return self.settings.refresh_token_expire_minutes

    def access_token(self, identity: Identity, seconds: int | None = None) -> SignedToken:
        """A signed access token that is good for ``seconds``, or for as long as all are."""
        jti, now = new_jti()
        expires = now + (self.expires_in if seconds is None else seconds)
        text = self._sign(
            {
                **self._more_claims(identity),
                "jti": str(jti),
                "iat": now,
                "exp": expires,
                "iss": self.settings.token_issuer,
                "sub": identity.sub,
                "vo": identity.vo,
                "dirac_group": identity.group,
                "dirac_properties": sorted(identity.properties),
                "dirac_policies": {},
                "preferred_username": identity.preferred_username,
            }
        )
        return SignedToken(text, jti, expires)

    def refresh_token(self, jti: UUID, issued: int, expires: int, *, legacy_exchange: bool) -> str:
        """A signed refresh token; times in seconds since the epoch."""
        claims = {"jti": str(jti), "iat": issued, "exp": expires, "legacy_exchange": legacy_exchange}
        return self._sign({**claims, "dirac_policies": {}})

    def check(self, authorization: str | None) -> Principal:
        """Who sent this ``Authorization`` header. A token that was checked before costs one look-up until it expires.

        Raises:
            NotAuthenticated: no header, or a token that is forged, expired, revoked, or no access token of this
                installation.
            InvalidInput: the header is not ``Bearer <token>``.
            PermissionDenied: the user was suspended since.
        """
        if authorization is None:
            raise NotAuthenticated("Authorization header is missing")
        digest = hashlib.sha256(authorization.encode()).digest()
        known = self._checked.get(digest)
        if known is None or known.expires <= time.time():
            known = self._checked_anew(authorization, digest)
        if known.sub in self._suspended:
            raise PermissionDenied(
                f"User {known.preferred_username} is suspended in VO {known.vo}; ask the administrators of the VO"
            )
        if self._refused and any(known.issued <= self._refused.get(who, -1) for who in _marks(known)):
            raise NotAuthenticated("Invalid JWT: the token was revoked; log in again")
        return known

    def _checked_anew(self, authorization: str, digest: bytes) -> Principal:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token or " " in token:
            raise InvalidInput("Invalid authorization header")
        principal = self._principal(token)
        if len(self._checked) >= REMEMBERED:
            self._checked.clear()
        self._checked[digest] = principal
        return principal

    def read_refresh_token(self, token: str) -> RefreshClaims:
        """The claims of a refresh token whose signature and life are good.

        Raises:
            NotAuthenticated: they aren't, or it is no refresh token.
        """
        digest = hashlib.sha256(token.encode()).digest()
        known = self._renewals.get(digest)
        if known is not None and known.expires > time.time():
            return known
        read = self._renewal(token)
        if read.legacy_exchange:  # others are used once
            if len(self._renewals) >= REMEMBERED:
                self._renewals.clear()
            self._renewals[digest] = read
        return read

    def _renewal(self, token: str) -> RefreshClaims:
        claims = self._claims(token)
        jti, expires = claims.get("jti"), claims.get("exp")
        if not isinstance(expires, int | float) or not isinstance(jti, str) or "legacy_exchange" not in claims:
            raise NotAuthenticated("This is no refresh token of this installation")
        if expires <= time.time():
            raise NotAuthenticated("expired_token: The refresh token is expired; log in again")
        try:
            return RefreshClaims(UUID(jti), bool(claims["legacy_exchange"]), int(expires))
        except ValueError:
            raise NotAuthenticated("This is no refresh token of this installation") from None

    def _principal(self, token: str) -> Principal:
        claims = self._claims(token)
        try:
            # upstream's own tests use tokens without an end; they are checked at each request
            expires = float(claims.get("exp", 0))
            if "exp" in claims and expires <= time.time():
                raise NotAuthenticated("Invalid JWT: the token is expired")
            if claims["iss"] != self.settings.token_issuer:
                raise NotAuthenticated("Invalid JWT: the token is not of this installation")
            return Principal(
                sub=str(claims["sub"]),
                preferred_username=str(claims["preferred_username"]),
                vo=str(claims["vo"]),
                group=str(claims["dirac_group"]),
                properties=frozenset(map(str, claims["dirac_properties"])),
                policies=claims.get("dirac_policies") or {},
                expires=expires,
                issued=int(claims.get("iat", 0)),
            )
        except (KeyError, TypeError, ValueError):
            raise NotAuthenticated("Invalid JWT: this is no access token") from None

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._key_of, algorithms=self._algorithms).claims
        except (JoseError, ValueError, UnicodeError):
            raise NotAuthenticated("Invalid JWT") from None

    def _key_of(self, token: Any) -> Key:
        kid = token.headers().get("kid")
        if self._keys.verifying(kid) is None:
            self._ring.hurry()
        key = self._keys.verifying(kid)
        if key is None:
            raise ValueError("unknown key")
        return key

    def _sign(self, claims: dict[str, Any]) -> str:
        key = self._keys.signing
        algorithm = str(key.get("alg"))
        header = {"typ": "JWT", "alg": algorithm, "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[algorithm])
