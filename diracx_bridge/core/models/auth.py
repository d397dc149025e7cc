"""Answers of the authentication and discovery routes."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, Field

DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
"""The grant type of RFC 8628."""
LONGEST_LIFE: Final = 5 * 366 * 24 * 60
"""Minutes that DIRAC may ask for."""


class OpenIDConfiguration(BaseModel):
    """Where the endpoints are and what they support (OpenID Connect Discovery 1.0)."""

    issuer: str
    token_endpoint: str
    userinfo_endpoint: str
    authorization_endpoint: str
    device_authorization_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    scopes_supported: list[str]
    response_types_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]


class SupportInfo(BaseModel):
    """Whom the members of a VO ask for help."""

    message: str
    webpage: str | None
    email: str | None


class GroupInfo(BaseModel):
    """What a group may do."""

    properties: list[str]


class VOInfo(BaseModel):
    """One VO as the login pages need it."""

    groups: dict[str, GroupInfo]
    support: SupportInfo
    default_group: str


class Metadata(BaseModel):
    """The VOs of this installation."""

    virtual_organizations: dict[str, VOInfo]


class TokenRequest(BaseModel):
    """The form of a request for tokens (RFC 6749 sections 4.1.3 and 6, RFC 8628 section 3.4)."""

    grant_type: (
        Literal["authorization_code"]
        | Literal["urn:ietf:params:oauth:grant-type:device_code"]
        | Literal["refresh_token"]
    ) = Field(description="OAuth 2.0 grant type")
    client_id: str = Field(description="OAuth 2.0 client id")
    device_code: str | None = Field(None, description="Device code (RFC 8628)")
    code: str | None = Field(None, description="Authorization code")
    redirect_uri: str | None = Field(None, description="Redirect URI of the authorization request")
    code_verifier: str | None = Field(None, description="PKCE verifier (RFC 7636)")
    refresh_token: str | None = Field(None, description="Refresh token")


class LegacyExchangeRequest(BaseModel):
    """DIRAC's request for the tokens of one of its users, and the header with its key."""

    preferred_username: str
    scope: str
    authorization: str
    expires_minutes: int | None = Field(None, ge=0, le=LONGEST_LIFE)
    source: str | None = None


class TokenResponse(BaseModel):
    """RFC 6749 section 5.1."""

    access_token: str
    expires_in: int
    token_type: str = "Bearer"
    refresh_token: str | None = None


class InitiateDeviceFlowResponse(BaseModel):
    """RFC 8628 section 3.2, without ``interval``."""

    user_code: str
    device_code: str
    verification_uri_complete: str
    verification_uri: str
    expires_in: int


class UserInfoResponse(BaseModel):
    """Who the bearer of an access token is."""

    sub: str
    vo: str
    dirac_group: str
    policies: dict[str, object]
    properties: list[str]
    preferred_username: str
