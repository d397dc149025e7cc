"""Calls methods of a DIRAC service over HTTPS or DISET, with a certificate or proxy, without an installed DIRAC.

Both protocols as DIRAC 9.1.22 speaks them, as far as the configuration service needs them: one call per connection,
values as JSON with DIRAC's marks for bytes. The service is checked against the certificate authorities and by its name.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlencode, urlsplit

from diracx_bridge.core.errors import PermissionDenied, SettingsError, Unavailable

__all__ = ["Credential", "call", "parse_url"]

TIMEOUT: Final = 30.0
MAX_ANSWER: Final = 256 * 2**20
_CLIENT_VERSION: Final = "9.1.0"


@dataclass(frozen=True, slots=True)
class Credential:
    """``certificate`` is a proxy file, or a certificate whose key is in ``key``; ``host``: it is that of a host.

    ``authorities`` is a directory as ``/etc/grid-security/certificates``, or a file.
    """

    certificate: Path
    key: Path | None
    authorities: Path
    host: bool = False

    @classmethod
    def found(
        cls, certificate: Path | None, key: Path | None, authorities: Path | None, *, host: bool = False
    ) -> Credential:
        """What is given, else where grid software looks: X509_USER_PROXY, /tmp/x509up_u<uid>, X509_CERT_DIR.

        Raises:
            SettingsError: one of the files can't be read.
        """
        proxy = certificate or Path(os.environ.get("X509_USER_PROXY") or f"/tmp/x509up_u{os.getuid()}")  # noqa: S108
        trusted = authorities or Path(os.environ.get("X509_CERT_DIR") or "/etc/grid-security/certificates")
        for what, path in (("proxy or certificate", proxy), ("key", key), ("directory of CAs", trusted)):
            if path is not None and not os.access(path, os.R_OK):
                raise SettingsError(f"The {what} {path} can't be read: name it by an option")
        return cls(proxy, key, trusted, host)

    def context(self) -> ssl.SSLContext:
        """Made anew for each call, because proxies are renewed."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            if self.authorities.is_dir():
                context.load_verify_locations(capath=str(self.authorities))
            else:
                context.load_verify_locations(cafile=str(self.authorities))
            context.load_cert_chain(self.certificate, self.key)
        except (ssl.SSLError, OSError):
            message = f"The credential {self.certificate} or the CAs in {self.authorities} can't be loaded"
            raise Unavailable(message) from None
        return context


def parse_url(text: str) -> SplitResult:
    """The URL of a service, ``https://host:port/System/Service`` or ``dips://...``.

    Raises:
        SettingsError: another form.
    """
    try:
        url = urlsplit(text)
        if url.scheme in ("https", "dips") and url.hostname and url.port and len(url.path.strip("/").split("/")) == 2:
            return url
    except ValueError:
        pass
    raise SettingsError(f"{text!r} is no URL of a service: write https://host:port/Configuration/Server or dips://...")


def call(url: SplitResult, credential: Credential, method: str, *arguments: object) -> Any:
    """The value that the service answers.

    Raises:
        PermissionDenied: it knows us, or does not, and refuses.
        Unavailable: it does not answer, or answers with an error.
    """
    speak = _https if url.scheme == "https" else _diset
    try:
        answer = _decoded(speak(url, credential, method, list(arguments)))
    except ssl.SSLCertVerificationError as error:
        raise Unavailable(f"{url.geturl()} is not trusted: {error.verify_message}") from None
    except (OSError, http.client.HTTPException, ValueError, EOFError) as error:
        raise Unavailable(f"{url.geturl()} does not answer {method}: {_reason(error)}") from None
    if not isinstance(answer, dict) or "OK" not in answer:
        raise Unavailable(f"{url.geturl()} answers {method} with something that is no DIRAC answer")
    if not answer["OK"]:
        kind = PermissionDenied if answer.get("Errno") in (13, 1111) else Unavailable
        raise kind(f"{url.geturl()} refuses {method}: {answer.get('Message', 'no reason given')}")
    return answer.get("Value")


def _https(url: SplitResult, credential: Credential, method: str, arguments: list[object]) -> bytes:
    connection = http.client.HTTPSConnection(
        url.hostname or "", url.port, timeout=TIMEOUT, context=credential.context()
    )
    form = {"method": method, "args": json.dumps(arguments), "clientVO": "", "clientSetup": "None"}
    if credential.host:
        form["extraCredentials"] = '"hosts"'
    try:
        connection.request("POST", url.path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        body = response.read(MAX_ANSWER)
    finally:
        connection.close()
    if response.status in (401, 403):
        raise PermissionDenied(f"{url.geturl()} does not let us call {method}: is the certificate registered in DIRAC?")
    if response.status != 200:
        raise ValueError(f"HTTP status {response.status}")
    return body


def _diset(url: SplitResult, credential: Credential, method: str, arguments: list[object]) -> bytes:
    host = url.hostname or ""
    proposal = [
        [url.path.strip("/"), "None", ""],
        ["RPC", method],
        "hosts" if credential.host else "",
        _CLIENT_VERSION,
    ]
    with (
        socket.create_connection((host, url.port), timeout=TIMEOUT) as plain,
        credential.context().wrap_socket(plain, server_hostname=host) as stream,
    ):
        buffer = bytearray()
        _send(stream, proposal)
        accepted = _receive(stream, buffer)
        if not _decoded(accepted).get("OK"):
            return accepted
        _send(stream, arguments)
        return _receive(stream, buffer)


def _send(stream: ssl.SSLSocket, value: object) -> None:
    payload = json.dumps({"OK": True, "Value": value}).encode()
    stream.sendall(b"%d:%s" % (len(payload), payload))


def _receive(stream: ssl.SSLSocket, buffer: bytearray) -> bytes:
    """The next message that is no keep-alive."""
    while True:
        while (colon := buffer.find(b":", 0, 24)) < 0:
            _more(stream, buffer)
        head = bytes(buffer[:colon])
        size = int(head.removeprefix(b"dka"))
        if size > MAX_ANSWER:
            raise ValueError("the answer is too long")
        while len(buffer) < colon + 1 + size:
            _more(stream, buffer)
        payload = bytes(buffer[colon + 1 : colon + 1 + size])
        del buffer[: colon + 1 + size]
        if not head.startswith(b"dka"):
            return payload


def _more(stream: ssl.SSLSocket, buffer: bytearray) -> None:
    part = stream.recv(2**16)
    if not part:
        raise EOFError("the connection ended")
    buffer += part


def _decoded(payload: bytes) -> Any:
    return json.loads(payload, object_hook=_marked)


def _marked(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["obj"]) if value.get("__dCls") == "b64" else value


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "its answer is no JSON (is DIRAC_USE_JSON_ENCODE off there?)"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
