"""The well-known documents as bytes, made once per revision of the configuration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from diracx_bridge.config.schema import Config
from diracx_bridge.core.models.auth import DEVICE_CODE, GroupInfo, Metadata, OpenIDConfiguration, SupportInfo, VOInfo
from diracx_bridge.core.properties import known_properties
from diracx_bridge.core.settings import AuthSettings
from diracx_bridge.services.auth.key_ring import KeyRing
from diracx_bridge.services.auth.key_store import KeyStore

REMEMBERED_HOSTS: Final = 64


class Documents:
    """Ready-made bodies; call `remake` with each new configuration."""

    def __init__(self, settings: AuthSettings, keys: KeyRing) -> None:
        self._settings = settings
        self._scopes: list[str] = []
        self._discovery: dict[str, bytes] = {}
        self.jwks = b"{}"
        self.metadata = b"{}"
        self.use(keys.current)
        keys.subscribe(self.use)

    def use(self, keys: KeyStore) -> None:
        """Publish these keys."""
        self.jwks = orjson.dumps(keys.public_document())

    def remake(self, config: Config) -> None:
        """Take over what ``config`` says."""
        chosen = self._settings.available_properties
        self._scopes = _scopes(config, known_properties() if chosen is None else chosen)
        self._discovery = {}
        self.metadata = _metadata(config).model_dump_json().encode()

    def discovery(self, base_url: str) -> bytes:
        """OpenID discovery for clients that reach the services at ``base_url`` (no slash at the end)."""
        found = self._discovery.get(base_url)
        if found is None:
            if len(self._discovery) >= REMEMBERED_HOSTS:
                self._discovery.clear()
            found = self._discovery[base_url] = self._make_discovery(base_url)
        return found

    def _make_discovery(self, base_url: str) -> bytes:
        auth = f"{base_url}/api/auth"
        return (
            OpenIDConfiguration(
                issuer=self._settings.token_issuer,
                token_endpoint=f"{auth}/token",
                userinfo_endpoint=f"{auth}/userinfo",
                authorization_endpoint=f"{auth}/authorize",
                device_authorization_endpoint=f"{auth}/device",
                revocation_endpoint=f"{auth}/revoke",
                jwks_uri=f"{base_url}/.well-known/jwks.json",
                grant_types_supported=["authorization_code", "refresh_token", DEVICE_CODE],
                scopes_supported=self._scopes,
                response_types_supported=["code"],
                token_endpoint_auth_signing_alg_values_supported=self._settings.token_allowed_algorithms,
                token_endpoint_auth_methods_supported=["none"],
                code_challenge_methods_supported=["S256"],
            )
            .model_dump_json()
            .encode()
        )


def _scopes(config: Config, properties: Iterable[str]) -> list[str]:
    groups = {group for vo in config.registry.values() for group in vo.groups}
    return [
        *(f"vo:{vo}" for vo in sorted(config.registry)),
        *(f"group:{group}" for group in sorted(groups)),
        *(f"property:{name}" for name in sorted(set(properties))),
    ]


def _metadata(config: Config) -> Metadata:
    return Metadata(
        virtual_organizations={
            name: VOInfo(
                groups={g: GroupInfo(properties=sorted(group.properties)) for g, group in vo.groups.items()},
                support=SupportInfo(message=vo.support.message, webpage=vo.support.webpage, email=vo.support.email),
                default_group=vo.default_group,
            )
            for name, vo in config.registry.items()
        }
    )


def security_txt(contact: str, now: datetime | None = None) -> str:
    """Whom to tell about vulnerabilities (RFC 9116); good for eleven months from the start of this one."""
    start = (now or datetime.now(UTC)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    expires = (start + timedelta(days=335)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\n"
