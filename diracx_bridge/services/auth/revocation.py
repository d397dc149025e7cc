"""Ending sessions: revoked refresh tokens (RFC 7009), and the list of those that there are."""

from __future__ import annotations

from uuid import UUID

from diracx_bridge.core.errors import InvalidGrant, NotAuthenticated, NotFound, PermissionDenied
from diracx_bridge.core.properties import PROXY_MANAGEMENT
from diracx_bridge.db.sql.auth.refresh_tokens import ListedToken
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.auth.audit import Attempt
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.refresh import newest
from diracx_bridge.services.auth.tokens import Principal


async def revoke_token(auth: AuthParts, token: str, hint: str | None, attempt: Attempt) -> None:
    """End the session of a refresh token. A token that is not good any more, or is none, is no error (RFC 7009).

    Raises:
        InvalidGrant: the hint says that it is an access token, or its record is not known.
    """
    if hint == "access_token":
        raise InvalidGrant(
            "unsupported_token_type", "Access tokens can't be revoked one by one: they end by themselves"
        )
    try:
        claims = auth.tokens.read_refresh_token(token)
    except NotAuthenticated:
        attempt.knows(note="no refresh token that is still good")
        return
    attempt.knows(jti=str(claims.jti))

    async def revoke(tx: Transaction) -> bool:
        stored = await auth.database.token(tx, claims.jti, lock=True)
        if stored is None:
            return False
        attempt.knows(sub=stored.sub, vo=stored.sub.partition(":")[0])
        await auth.database.revoke(tx, claims.jti)
        # the client may not have got the answer to its last refresh
        if not claims.legacy_exchange and (last := await newest(auth, tx, claims.jti, stored.sub)):
            await auth.database.revoke(tx, last[0])
        return True

    if not await auth.server.write(revoke):
        raise InvalidGrant("invalid_request", f"Refresh token with jti {claims.jti} is not known")


class TokenManagement:
    """Whose refresh tokens a caller may see and revoke: his own, or with ProxyManagement those of his VO.

    In an admin VO, or without VO boundaries, ProxyManagement is for everybody's.
    """

    def __init__(self, auth: AuthParts, *, vo_boundaries: bool, admin_vos: frozenset[str]) -> None:
        self._auth = auth
        self._boundaries = vo_boundaries
        self._admin_vos = admin_vos

    async def page(self, user: Principal, many: int, before: UUID) -> list[ListedToken]:
        """Up to ``many`` tokens that were made before ``before``, newest first; managers see revoked ones, too."""
        sub, vo = self._limits(user)
        database = self._auth.database
        return await self._auth.server.read(lambda tx: database.page_of_tokens(tx, many, sub=sub, vo=vo, before=before))

    async def revoke(self, user: Principal, jti: UUID, attempt: Attempt) -> None:
        """Revoke one token.

        Raises:
            NotFound: there is no such token.
            PermissionDenied: it is somebody else's.
        """
        sub, vo = self._limits(user)

        async def work(tx: Transaction) -> None:
            stored = await self._auth.database.token(tx, jti, lock=True)
            if stored is None:
                raise NotFound(f"There is no refresh token with jti {jti}")
            attempt.knows(owner=stored.sub)
            if (sub is not None and stored.sub != sub) or (vo is not None and stored.sub.partition(":")[0] != vo):
                raise PermissionDenied("This refresh token is not yours")
            await self._auth.database.revoke(tx, jti)

        await self._auth.server.write(work)

    def _limits(self, user: Principal) -> tuple[str | None, str | None]:
        """The owner and the VO beyond which the caller may not look."""
        if not user.has(PROXY_MANAGEMENT):
            return user.sub, None
        return None, user.vo if self._boundaries and user.vo not in self._admin_vos else None
