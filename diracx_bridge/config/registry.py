"""`Registry`: the VOs with their identity provider, users and groups.

Users and groups belong to one VO; who is in two VOs has two entries, and two VOs may have groups of the same name.
"""

from __future__ import annotations

__all__ = ["GroupConfig", "IdpConfig", "RegistryConfig", "SupportInfo", "UserConfig", "checked_address"]

import re
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import EmailStr, Field, ValidatorFunctionWrapHandler, WrapValidator
from pydantic.networks import validate_email

from diracx_bridge.config.section import Section, SortedSet

_ORDINARY: Final = re.compile(
    r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[a-z]{2,}"
)
"""Addresses of this form, of up to 64 characters, are valid and stay as they are. The names are those of RFC 6761."""


def checked_address(text: str) -> str:
    """The e-mail address that `EmailStr` makes of ``text``: the same, but most of them much faster.

    Raises:
        PydanticCustomError: it is none.
    """
    return text if len(text) <= 64 and _ORDINARY.fullmatch(text) else validate_email(text)[1]


def _address(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    return checked_address(value) if isinstance(value, str) else check(value)


class IdpConfig(Section):
    """The OpenID Connect provider at which the members of a VO log in."""

    url: str = Field(alias="URL")
    """Issuer identifier of the provider."""
    client_id: str = Field(alias="ClientID")
    """Public OAuth 2.0 client that is registered there for this installation."""

    @property
    def server_metadata_url(self) -> str:
        """URL of the provider's discovery document (OpenID Connect Discovery 1.0, section 4.1)."""
        return f"{self.url.rstrip('/')}/.well-known/openid-configuration"


class SupportInfo(Section):
    """Where members of a VO find help."""

    email: str | None = Field(None, alias="Email")
    """Address to write to; not checked."""
    webpage: str | None = Field(None, alias="Webpage")
    """Page to look at."""
    message: str = Field("Please contact system administrator", alias="Message")
    """Sentence shown to users."""


class UserConfig(Section):
    """One member of a VO."""

    prefered_username: str = Field(alias="PreferedUsername")
    """The DIRAC user name; what legacy databases call ``Owner``. The spelling is that of the contract."""
    dns: list[str] = Field([], alias="DNs")
    """Distinguished names of the user's certificates."""
    email: Annotated[EmailStr, WrapValidator(_address)] | None = Field(None, alias="Email")
    """E-mail address; must be a valid one."""
    suspended: list[str] = Field([], alias="Suspended")
    """VOs in which the user is suspended."""
    quota: int | None = Field(None, alias="Quota")
    """Storage quota in MB."""


class GroupConfig(Section):
    """One group of a VO."""

    auto_add_voms: bool = Field(False, alias="AutoAddVOMS")
    """Whether proxies of this group get a VOMS extension."""
    auto_upload_pilot_proxy: bool = Field(False, alias="AutoUploadPilotProxy")
    """Whether proxies of this pilot group are uploaded."""
    auto_upload_proxy: bool = Field(False, alias="AutoUploadProxy")
    """Whether proxies of members are uploaded."""
    job_share: int = Field(1000, alias="JobShare")
    """Share of the resources among groups."""
    properties: SortedSet[str] = Field(alias="Properties")
    """Security properties of the members. Names are not checked here: a token request does that."""
    quota: int | None = Field(None, alias="Quota")
    """Storage quota in MB."""
    users: SortedSet[str] = Field(alias="Users")
    """Subjects (keys of the VO's ``Users``) of the members."""
    allow_background_tqs: bool = Field(False, alias="AllowBackgroundTQs")
    """Whether task queues of this group may be background ones."""
    voms_role: str | None = Field(None, alias="VOMSRole")
    """VOMS role of the group."""
    auto_sync_voms: bool = Field(False, alias="AutoSyncVOMS")
    """Whether membership follows VOMS. Legacy takes an absent option for true."""


class RegistryConfig(Section):
    """One VO."""

    idp: IdpConfig = Field(alias="IdP")
    """Identity provider of the VO."""
    support: SupportInfo = Field(SupportInfo(), alias="Support")
    """Help for members."""
    default_group: str = Field(alias="DefaultGroup")
    """Group of a login that names none; that it exists is not checked here."""
    default_storage_quota: float = Field(0, alias="DefaultStorageQuota")
    """Storage quota in GB of users without one."""
    default_proxy_life_time: int = Field(43200, alias="DefaultProxyLifeTime")
    """Lifetime of proxies in seconds."""
    voms_name: str | None = Field(None, alias="VOMSName")
    """Name of the VO in VOMS."""
    users: Mapping[str, UserConfig] = Field(alias="Users")
    """Subject at the identity provider -> user."""
    groups: Mapping[str, GroupConfig] = Field(alias="Groups")
    """Group name -> group."""

    @cached_property
    def subjects(self) -> Mapping[str, str]:
        """Preferred user name -> subject. Of users with the same name the last one is found."""
        return MappingProxyType({user.prefered_username: subject for subject, user in self.users.items()})
