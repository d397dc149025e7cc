"""The identity providers of the VOs, as logins meet them: reachable, themselves, with keys, and willing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx

from diracx_bridge.cli.doctor.clock import ahead_by
from diracx_bridge.cli.doctor.diagnosis import Diagnosis
from diracx_bridge.client.connection import trust_also

MUST: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
CHALLENGE: Final = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""Any S256 challenge will do: nobody logs in."""


def of_identity_providers(content: Mapping[str, Any], url: str | None, ca_path: Path | None) -> list[Diagnosis]:
    """What keeps members of VOs from logging in; each provider and client is looked at once.

    ``content`` is the typed configuration. ``url`` is the base URL of the DiracX server: without it nothing can be
    said of whether a provider lets its users come back.
    """
    vos: dict[tuple[str, str], list[str]] = {}
    for vo, registry in content.get("Registry", {}).items():
        if idp := registry.get("IdP"):
            vos.setdefault((str(idp["URL"]), str(idp["ClientID"])), []).append(vo)
    found: list[Diagnosis] = []
    for (issuer, client_id), names in vos.items():
        found += of_identity_provider(issuer, client_id, f"logins of {', '.join(sorted(names))}", url, ca_path)
    return found


def of_identity_provider(
    issuer: str, client_id: str, affected: str, url: str | None, ca_path: Path | None, *, now: datetime | None = None
) -> list[Diagnosis]:
    """What is wrong with the provider ``issuer`` and our client ``client_id`` there."""
    verify = trust_also(ca_path) if ca_path else not issuer.startswith("http://")
    with httpx.Client(verify=verify, timeout=15) as http:
        return list(_looked_at(http, issuer, client_id, affected, url, now or datetime.now(UTC)))


def _looked_at(
    http: httpx.Client, issuer: str, client_id: str, affected: str, url: str | None, began: datetime
) -> Iterator[Diagnosis]:
    try:
        answer = http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        trust = "CERTIFICATE_VERIFY_FAILED" in str(error)
        yield Diagnosis(
            "error",
            "idp-not-trusted" if trust else "idp-unreachable",
            affected,
            f"the identity provider {issuer} {'has a certificate that is not trusted' if trust else 'does not answer'} "
            f"here: {error}",
            "run the doctor where the services run; see the IdP's URL of the VO, the firewall, and the authorities",
        )
        return
    document = _object(answer)
    if document is None or any(not isinstance(document.get(name), str) for name in MUST):
        yield Diagnosis(
            "error",
            "idp-no-openid",
            affected,
            f"{issuer} answers {answer.status_code}, but not as an OpenID provider does",
            "set the IdP's URL to the issuer: the URL below which /.well-known/openid-configuration is",
        )
        return
    if document["issuer"].rstrip("/") != issuer.rstrip("/"):
        yield Diagnosis(
            "error",
            "idp-other-issuer",
            affected,
            f"{issuer} calls itself {document['issuer']}: its tokens would be refused",
            f"set the IdP's URL to {document['issuer']}",
        )
    if skew := ahead_by(answer, began):
        yield Diagnosis(
            "error",
            "idp-clock-skew",
            affected,
            f"the clock of {issuer} is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the clock here",
            "let this host follow the time (NTP), or tell the administrators of the provider",
        )
    if "S256" not in document.get("code_challenge_methods_supported", ["S256"]):
        yield Diagnosis(
            "error",
            "idp-no-pkce",
            affected,
            f"{issuer} does not know PKCE with S256, by which a public client logs in",
            "let its administrators enable it for the client",
        )
    yield from _keys(http, issuer, document, affected)
    if url is not None:
        yield from _client(http, issuer, document, client_id, affected, url)


def _keys(http: httpx.Client, issuer: str, document: Mapping[str, Any], affected: str) -> Iterator[Diagnosis]:
    try:
        content = _object(http.get(document["jwks_uri"])) or {}
    except (httpx.HTTPError, httpx.InvalidURL):
        content = {}
    keys = content.get("keys")
    signing = [
        key
        for key in (keys if isinstance(keys, list) else ())
        if isinstance(key, dict) and key.get("kty") != "oct" and key.get("use", "sig") == "sig"
    ]
    if not signing:
        yield Diagnosis(
            "error",
            "idp-no-keys",
            affected,
            f"{issuer} shows no key at {document['jwks_uri']} by which its tokens can be checked",
            "let this host reach that URL; if it does, tell the administrators of the provider",
        )


def _client(
    http: httpx.Client, issuer: str, document: Mapping[str, Any], client_id: str, affected: str, url: str
) -> Iterator[Diagnosis]:
    """Begin a login, as a browser would: the provider shows its page, or says why not."""
    for flow in ("authorize", "device"):
        back = f"{url.rstrip('/')}/api/auth/{flow}/complete"
        query = {
            "response_type": "code", "client_id": client_id, "redirect_uri": back, "scope": "openid profile",
            "state": "doctor", "nonce": "doctor", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
        }  # fmt: skip
        endpoint = httpx.URL(document["authorization_endpoint"]).copy_merge_params(query)
        try:
            answer = http.get(endpoint)
        except httpx.HTTPError as error:
            reason = repr(error)
        else:
            refusal = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("error")
            if answer.status_code < 400 and not refusal:
                continue
            reason = refusal[0] if refusal else f"status {answer.status_code}"
        yield Diagnosis(
            "error",
            "idp-client-refused",
            affected,
            f"{issuer} refuses a login by the client {client_id} that comes back to {back}: {reason}",
            f"register {client_id} there as a public client with PKCE and this redirect URI",
        )
        return


def _object(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        content = answer.json() if answer.is_success else None
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
