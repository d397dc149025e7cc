"""The operation group ``auth``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.body_auth_get_oidc_token import BodyAuthGetOidcToken
    from ...models.body_auth_revoke_refresh_token_by_refresh_token import BodyAuthRevokeRefreshTokenByRefreshToken
    from ...models.initiate_device_flow_response import InitiateDeviceFlowResponse
    from ...models.token_response import TokenResponse
    from ...models.user_info_response import UserInfoResponse

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncAuth:
    """The operations of the group ``auth``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def initiate_authorization_flow(
        self,
        *,
        response_type: str,
        code_challenge: str,
        code_challenge_method: str,
        client_id: str,
        redirect_uri: str,
        scope: str,
        state: str,
    ) -> Any:
        """GET /api/auth/authorize

        Begin a login of a web application: send the user to the identity provider of the VO.
        """
        from . import auth_initiate_authorization_flow as operation

        return operation.parse(
            self._send(
                operation.request(
                    response_type=response_type,
                    code_challenge=code_challenge,
                    code_challenge_method=code_challenge_method,
                    client_id=client_id,
                    redirect_uri=redirect_uri,
                    scope=scope,
                    state=state,
                )
            )
        )

    def complete_authorization_flow(
        self,
        *,
        code: str,
        state: str,
    ) -> Any:
        """GET /api/auth/authorize/complete

        Where the identity provider sends the browser back to; it goes on to the web application, with a code.
        """
        from . import auth_complete_authorization_flow as operation

        return operation.parse(
            self._send(
                operation.request(
                    code=code,
                    state=state,
                )
            )
        )

    def do_device_flow(
        self,
        *,
        user_code: str,
    ) -> Any:
        """GET /api/auth/device

        Send the user with this code to the identity provider; without a code, ask for it.
        """
        from . import auth_do_device_flow as operation

        return operation.parse(
            self._send(
                operation.request(
                    user_code=user_code,
                )
            )
        )

    def initiate_device_flow(
        self,
        *,
        client_id: str,
        scope: str,
    ) -> InitiateDeviceFlowResponse:
        """POST /api/auth/device

        Begin a login from a command line: it shows the user code, and asks /token until the user has logged in.

        The parameters are in the query, as the official client sends them, or in a form (RFC 8628).
        """
        from . import auth_initiate_device_flow as operation

        return operation.parse(
            self._send(
                operation.request(
                    client_id=client_id,
                    scope=scope,
                )
            )
        )

    def finish_device_flow(
        self,
        *,
        code: str,
        state: str,
    ) -> Any:
        """GET /api/auth/device/complete

        Where the identity provider sends the browser back to; the command line can get its tokens now.
        """
        from . import auth_finish_device_flow as operation

        return operation.parse(
            self._send(
                operation.request(
                    code=code,
                    state=state,
                )
            )
        )

    def finished(
        self,
    ) -> Any:
        """GET /api/auth/device/complete/finished

        The page at the end of a login from a command line.
        """
        from . import auth_finished as operation

        return operation.parse(self._send(operation.request()))

    def get_refresh_tokens(
        self,
    ) -> list[Any]:
        """GET /api/auth/refresh-tokens

        The caller's refresh tokens that are good, newest first; with ProxyManagement, all of his VO.

        If there are more, the header ``Link`` names the next page (RFC 8288).
        """
        from . import auth_get_refresh_tokens as operation

        return operation.parse(self._send(operation.request()))

    def revoke_refresh_token_by_jti(
        self,
        jti: str,
    ) -> str:
        """DELETE /api/auth/refresh-tokens/{jti}

        End one session of the caller; with ProxyManagement, one of his VO.
        """
        from . import auth_revoke_refresh_token_by_jti as operation

        return operation.parse(
            self._send(
                operation.request(
                    jti,
                )
            )
        )

    def revoke_refresh_token_by_refresh_token(
        self,
        body: BodyAuthRevokeRefreshTokenByRefreshToken | Mapping[Any, Any],
    ) -> str:
        """POST /api/auth/revoke

        End the session of a refresh token (RFC 7009).
        """
        from . import auth_revoke_refresh_token_by_refresh_token as operation

        return operation.parse(
            self._send(
                operation.request(
                    body,
                )
            )
        )

    def get_oidc_token(
        self,
        body: BodyAuthGetOidcToken | Mapping[Any, Any],
    ) -> TokenResponse:
        """POST /api/auth/token

        Exchange a grant for tokens: an authorization code, a device code, or a refresh token.
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

    async def initiate_authorization_flow(
        self,
        *,
        response_type: str,
        code_challenge: str,
        code_challenge_method: str,
        client_id: str,
        redirect_uri: str,
        scope: str,
        state: str,
    ) -> Any:
        """GET /api/auth/authorize

        Begin a login of a web application: send the user to the identity provider of the VO.
        """
        from . import auth_initiate_authorization_flow as operation

        return operation.parse(
            await self._send(
                operation.request(
                    response_type=response_type,
                    code_challenge=code_challenge,
                    code_challenge_method=code_challenge_method,
                    client_id=client_id,
                    redirect_uri=redirect_uri,
                    scope=scope,
                    state=state,
                )
            )
        )

    async def complete_authorization_flow(
        self,
        *,
        code: str,
        state: str,
    ) -> Any:
        """GET /api/auth/authorize/complete

        Where the identity provider sends the browser back to; it goes on to the web application, with a code.
        """
        from . import auth_complete_authorization_flow as operation

        return operation.parse(
            await self._send(
                operation.request(
                    code=code,
                    state=state,
                )
            )
        )

    async def do_device_flow(
        self,
        *,
        user_code: str,
    ) -> Any:
        """GET /api/auth/device

        Send the user with this code to the identity provider; without a code, ask for it.
        """
        from . import auth_do_device_flow as operation

        return operation.parse(
            await self._send(
                operation.request(
                    user_code=user_code,
                )
            )
        )

    async def initiate_device_flow(
        self,
        *,
        client_id: str,
        scope: str,
    ) -> InitiateDeviceFlowResponse:
        """POST /api/auth/device

        Begin a login from a command line: it shows the user code, and asks /token until the user has logged in.

        The parameters are in the query, as the official client sends them, or in a form (RFC 8628).
        """
        from . import auth_initiate_device_flow as operation

        return operation.parse(
            await self._send(
                operation.request(
                    client_id=client_id,
                    scope=scope,
                )
            )
        )

    async def finish_device_flow(
        self,
        *,
        code: str,
        state: str,
    ) -> Any:
        """GET /api/auth/device/complete

        Where the identity provider sends the browser back to; the command line can get its tokens now.
        """
        from . import auth_finish_device_flow as operation

        return operation.parse(
            await self._send(
                operation.request(
                    code=code,
                    state=state,
                )
            )
        )

    async def finished(
        self,
    ) -> Any:
        """GET /api/auth/device/complete/finished

        The page at the end of a login from a command line.
        """
        from . import auth_finished as operation

        return operation.parse(await self._send(operation.request()))

    async def get_refresh_tokens(
        self,
    ) -> list[Any]:
        """GET /api/auth/refresh-tokens

        The caller's refresh tokens that are good, newest first; with ProxyManagement, all of his VO.

        If there are more, the header ``Link`` names the next page (RFC 8288).
        """
        from . import auth_get_refresh_tokens as operation

        return operation.parse(await self._send(operation.request()))

    async def revoke_refresh_token_by_jti(
        self,
        jti: str,
    ) -> str:
        """DELETE /api/auth/refresh-tokens/{jti}

        End one session of the caller; with ProxyManagement, one of his VO.
        """
        from . import auth_revoke_refresh_token_by_jti as operation

        return operation.parse(
            await self._send(
                operation.request(
                    jti,
                )
            )
        )

    async def revoke_refresh_token_by_refresh_token(
        self,
        body: BodyAuthRevokeRefreshTokenByRefreshToken | Mapping[Any, Any],
    ) -> str:
        """POST /api/auth/revoke

        End the session of a refresh token (RFC 7009).
        """
        from . import auth_revoke_refresh_token_by_refresh_token as operation

        return operation.parse(
            await self._send(
                operation.request(
                    body,
                )
            )
        )

    async def get_oidc_token(
        self,
        body: BodyAuthGetOidcToken | Mapping[Any, Any],
    ) -> TokenResponse:
        """POST /api/auth/token

        Exchange a grant for tokens: an authorization code, a device code, or a refresh token.
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
