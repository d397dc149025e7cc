"""Git repositories over HTTPS on loopback, as hosts serve them: ``git http-backend`` behind a TLS server."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class GitServer:
    """``url`` serves the repositories under ``root``; whoever trusts ``ca`` (PEM file) trusts it."""

    def __init__(self, root: Path, ca: Path, port: int) -> None:
        self.root = root
        self.ca = ca
        self.port = port
        self.password: str | None = None
        """What it asks for from now on, with any user name; nothing when null."""
        self.down = False
        """Whether every request is answered by 503 from now on."""
        self.loses_answers = False
        """Whether pushes are done, and the connection ends without an answer."""
        self.requests: list[str] = []
        """Method and path of each request so far."""

    def url(self, repository: str, credentials: str = "") -> str:
        """Configuration URL of a repository; ``credentials`` as ``user:password``."""
        return f"git+https://{credentials + '@' if credentials else ''}localhost:{self.port}/{repository}"


@contextmanager
def serve(root: Path, keys: Path) -> Iterator[GitServer]:
    """Serve the repositories under ``root`` with a certificate of a new CA, both kept in ``keys``."""
    ca, certificate = _certify(keys)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as http:
        http.daemon_threads = False
        http.socket = context.wrap_socket(http.socket, server_side=True, do_handshake_on_connect=False)
        server = GitServer(root, ca, http.server_address[1])
        http.git = server  # type: ignore[attr-defined]
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""

    def _answer(self) -> None:
        server: GitServer = self.server.git  # type: ignore[attr-defined]
        server.requests.append(f"{self.command} {self.path}")
        body = self._body()
        if server.down:
            self.send_error(503)
        elif server.password is not None and not self._authenticated(server.password):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._run(server.root, body)

    def _authenticated(self, password: str) -> bool:
        kind, _, value = self.headers.get("Authorization", "").partition(" ")
        return kind == "Basic" and base64.b64decode(value).decode().partition(":")[2] == password

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _run(self, root: Path, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": str(root),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        out = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=True)
        head, _, content = out.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        if self.server.git.loses_answers and path.endswith("/git-receive-pack"):  # type: ignore[attr-defined]
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _certify(keys: Path) -> tuple[Path, Path]:
    """The PEM file of a new CA, and that of a certificate for localhost with its key."""
    keys.mkdir(parents=True)
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test CA {keys}"[-60:])])
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    address = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    ca = _unsigned(ca_name, ca_name, ca_key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    own = _unsigned(name, ca_name, key).add_extension(address, critical=False)
    ca_file, file = keys / "ca.pem", keys / "server.pem"
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(own.sign(ca_key, hashes.SHA256()).public_bytes(pem) + private)
    return ca_file, file


def _unsigned(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
    )
