"""The doctor at a real OpenID provider."""

from __future__ import annotations

from diracx_bridge.cli.doctor.identity_provider import of_identity_provider
from tests.servers.oidc_provider import OidcProvider

URL = "https://bridge.example.org"


def test_the_doctor_tells_a_client_and_an_address_that_the_provider_does_not_know(oidc_provider: OidcProvider) -> None:
    def found(client_id: str, url: str) -> list[str]:
        return [d.code for d in of_identity_provider(oidc_provider.issuer, client_id, "logins", url, None)]

    assert found(oidc_provider.client_id, URL) == []
    assert found("somebody else", URL) == ["idp-client-refused"]
    assert found(oidc_provider.client_id, "https://elsewhere.example.org") == ["idp-client-refused"]
