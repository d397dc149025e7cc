"""The operation group ``well_known``, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from typing import cast

    import httpx

    from ...models.metadata import Metadata
    from ...models.open_id_configuration import OpenIDConfiguration

    SyncSend = Callable[[dict[str, Any]], httpx.Response]
    AsyncSend = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


class SyncWellKnown:
    """The operations of the group ``well_known``."""

    def __init__(self, send: SyncSend) -> None:
        self._send = send

    def get_installation_metadata(
        self,
    ) -> Metadata:
        """GET /.well-known/dirac-metadata

        The VOs, their groups, and whom their members ask for help.
        """
        from . import well_known_get_installation_metadata as operation

        return operation.parse(self._send(operation.request()))

    def get_jwks(
        self,
    ) -> Any:
        """GET /.well-known/jwks.json

        The public keys that check our tokens.
        """
        from . import well_known_get_jwks as operation

        return operation.parse(self._send(operation.request()))

    def get_openid_configuration(
        self,
    ) -> OpenIDConfiguration:
        """GET /.well-known/openid-configuration

        The endpoints, at the host by which the client reached us, and what they support.
        """
        from . import well_known_get_openid_configuration as operation

        return operation.parse(self._send(operation.request()))

    def get_security_txt(
        self,
    ) -> str:
        """GET /.well-known/security.txt

        Whom to tell about vulnerabilities, as text (RFC 9116); as a JSON string for clients that accept JSON only.
        """
        from . import well_known_get_security_txt as operation

        return operation.parse(self._send(operation.request()))


class AsyncWellKnown:
    """The operations of the group ``well_known``."""

    def __init__(self, send: AsyncSend) -> None:
        self._send = send

    async def get_installation_metadata(
        self,
    ) -> Metadata:
        """GET /.well-known/dirac-metadata

        The VOs, their groups, and whom their members ask for help.
        """
        from . import well_known_get_installation_metadata as operation

        return operation.parse(await self._send(operation.request()))

    async def get_jwks(
        self,
    ) -> Any:
        """GET /.well-known/jwks.json

        The public keys that check our tokens.
        """
        from . import well_known_get_jwks as operation

        return operation.parse(await self._send(operation.request()))

    async def get_openid_configuration(
        self,
    ) -> OpenIDConfiguration:
        """GET /.well-known/openid-configuration

        The endpoints, at the host by which the client reached us, and what they support.
        """
        from . import well_known_get_openid_configuration as operation

        return operation.parse(await self._send(operation.request()))

    async def get_security_txt(
        self,
    ) -> str:
        """GET /.well-known/security.txt

        Whom to tell about vulnerabilities, as text (RFC 9116); as a JSON string for clients that accept JSON only.
        """
        from . import well_known_get_security_txt as operation

        return operation.parse(await self._send(operation.request()))
