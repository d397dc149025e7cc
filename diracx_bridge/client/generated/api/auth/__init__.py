"""The operation group ``auth``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.body_auth_get_oidc_token import BodyAuthGetOidcToken
    from ...models.token_response import TokenResponse
    from ...models.user_info_response import UserInfoResponse

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncAuth:
    """The operations of the group ``auth``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def get_oidc_token(
        self,
        body: BodyAuthGetOidcToken | Mapping[Any, Any],
    ) -> TokenResponse:
        """POST /api/auth/token

        Exchange a grant for tokens; refresh tokens are the grant that is served.
        """
        from . import auth_get_oidc_token as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def userinfo(
        self,
    ) -> UserInfoResponse:
        """GET /api/auth/userinfo

        Who the bearer of the access token is.
        """
        from . import auth_userinfo as operation

        return operation.parse(self._send(operation.request()))


class AsyncAuth:
    """The operations of the group ``auth``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

    async def get_oidc_token(
        self,
        body: BodyAuthGetOidcToken | Mapping[Any, Any],
    ) -> TokenResponse:
        """POST /api/auth/token

        Exchange a grant for tokens; refresh tokens are the grant that is served.
        """
        from . import auth_get_oidc_token as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def userinfo(
        self,
    ) -> UserInfoResponse:
        """GET /api/auth/userinfo

        Who the bearer of the access token is.
        """
        from . import auth_userinfo as operation

        return operation.parse(await self._send(operation.request()))
