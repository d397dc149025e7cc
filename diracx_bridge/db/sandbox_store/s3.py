"""Sandboxes in an S3 bucket. Buckets are addressed by path, which every S3 server understands."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
import time
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx
import structlog

from diracx_bridge.core.errors import SettingsError, Unavailable
from diracx_bridge.db.sandbox_store.interface import PresignedUpload
from diracx_bridge.db.sandbox_store.signing import Signer, encoded_path

log = structlog.get_logger(__name__)

VARIABLE: Final = "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS"
KNOWN: Final = frozenset(
    {"endpoint_url", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "region_name", "verify"}
)
NEEDED: Final = ("aws_access_key_id", "aws_secret_access_key")
GOOD_SECONDS: Final = 10.0
"""How long an answer counts as a sign of life."""
BAD_SECONDS: Final = 2.0
"""How long a failure is believed, so that not every request waits for a server that is down."""
TIMEOUT: Final = httpx.Timeout(20.0, connect=3.0)


class S3SandboxStore:
    """The `SandboxStore` in the bucket ``bucket``; ``arguments`` are those of a boto client.

    Raises:
        SettingsError: an argument is missing, or is one that has no meaning here.
    """

    def __init__(
        self,
        bucket: str,
        arguments: Mapping[str, Any],
        *,
        url_validity: int = 300,
        auto_create: bool = False,
        connections: int = 50,
    ) -> None:
        _check(arguments)
        self.bucket = bucket
        self.url_validity = url_validity
        self._auto_create = auto_create
        region = arguments.get("region_name") or "us-east-1"
        self._signer = Signer(
            arguments["aws_access_key_id"],
            arguments["aws_secret_access_key"],
            region,
            arguments.get("aws_session_token"),
        )
        endpoint = arguments.get("endpoint_url") or f"https://s3.{region}.amazonaws.com"
        self._url = f"{endpoint.rstrip('/')}/{bucket}"
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._http = httpx.AsyncClient(verify=_verification(arguments), timeout=TIMEOUT, limits=limits)
        self._good_until = self._bad_until = float("-inf")
        self._checking = asyncio.Lock()

    async def check(self) -> None:
        """See `SandboxStore`; a bucket that is missing is made, if it may be."""
        if time.monotonic() < self._good_until:
            return
        async with self._checking:
            now = time.monotonic()
            if now < self._good_until:
                return
            if now < self._bad_until:
                raise _unavailable()
            answer = await self._send("HEAD", self._url, ok=(200, 404))
            if answer.status_code == 404:
                await self._make_bucket()

    def upload(self, key: str, *, checksum: str, size: int, base_url: str) -> PresignedUpload:
        """See `SandboxStore`: S3 itself enforces key, size and checksum."""
        fields = {
            "key": key,
            "x-amz-checksum-algorithm": "sha256",
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(checksum)).decode(),
        }
        conditions = [{"bucket": self.bucket}, ["content-length-range", size, size]]
        return PresignedUpload(self._url, self._signer.form(fields, conditions, valid=self.url_validity))

    def download(self, key: str, *, base_url: str) -> str:
        """See `SandboxStore`."""
        return self._signer.url(self._object(key), valid=self.url_validity)

    async def holds(self, key: str) -> bool:
        """See `SandboxStore`: an object appears whole or not at all."""
        return (await self._send("HEAD", self._object(key), ok=(200, 404))).status_code == 200

    async def delete(self, keys: Collection[str]) -> dict[str, str]:
        """See `SandboxStore`."""
        if not keys:
            return {}
        listed = "".join(f"<Object><Key>{escape(key)}</Key></Object>" for key in keys)
        body = f"<Delete><Quiet>true</Quiet>{listed}</Delete>".encode()
        md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        answer = await self._send("POST", f"{self._url}?delete", body, {"content-md5": md5})
        return _failures(answer.content)

    async def close(self) -> None:
        """See `SandboxStore`."""
        await self._http.aclose()

    def _object(self, key: str) -> str:
        return f"{self._url}/{encoded_path(key)}"

    async def _make_bucket(self) -> None:
        if not self._auto_create:
            self._is_down(f"there is no bucket {self.bucket}")
            raise Unavailable(
                f"The sandbox store has no bucket {self.bucket}: create it, or set "
                "DIRACX_SANDBOX_STORE_AUTO_CREATE_BUCKET=true"
            )
        await self._send("PUT", self._url, ok=(200, 409))
        log.info("bucket created", bucket=self.bucket)

    async def _send(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        ok: tuple[int, ...] = (200,),
    ) -> httpx.Response:
        signed = self._signer.headers(method, url, body, headers)
        try:
            answer = await self._http.request(method, url, content=body, headers=signed)
        except (httpx.HTTPError, OSError) as error:
            self._is_down(type(error).__name__)
            raise _unavailable() from error
        if answer.status_code not in ok:
            self._is_down(f"{method}: {answer.status_code} {_code(answer.content)}".rstrip())
            raise _unavailable()
        self._good_until = time.monotonic() + GOOD_SECONDS
        return answer

    def _is_down(self, why: str) -> None:
        self._bad_until, self._good_until = time.monotonic() + BAD_SECONDS, float("-inf")
        log.warning("sandbox store unavailable", bucket=self.bucket, server=urlsplit(self._url).netloc, why=why)


def _check(arguments: Mapping[str, Any]) -> None:
    if missing := [name for name in NEEDED if not arguments.get(name)]:
        raise SettingsError(f"{VARIABLE} lacks {' and '.join(missing)}")
    if unknown := sorted(arguments.keys() - KNOWN):
        raise SettingsError(f"{VARIABLE} has {', '.join(unknown)}; known are {', '.join(sorted(KNOWN))}")
    endpoint = urlsplit(str(arguments.get("endpoint_url") or "https://s3"))
    if endpoint.scheme not in ("http", "https") or not endpoint.netloc or endpoint.query:
        raise SettingsError(f"{VARIABLE}: endpoint_url is no URL of a server; it looks like https://s3.example.org")


def _verification(arguments: Mapping[str, Any]) -> ssl.SSLContext | bool:
    given = arguments.get("verify", True)
    if not str(arguments.get("endpoint_url") or "https").startswith("https"):
        return False
    if isinstance(given, str):
        try:
            return ssl.create_default_context(cafile=given)
        except OSError:
            raise SettingsError(f"{VARIABLE}: verify names {given}, which is no file of certificates") from None
    return bool(given)


def _unavailable() -> Unavailable:
    return Unavailable("The sandbox store does not answer; try again.")


def _failures(answer: bytes) -> dict[str, str]:
    failed = {}
    for element in ElementTree.fromstring(answer).iter():  # noqa: S314 - from the store that the operator chose
        if element.tag.rpartition("}")[2] == "Error":
            texts = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
            failed[texts.get("Key", "")] = texts.get("Code", "") or "refused"
    return failed


def _code(answer: bytes) -> str:
    _, _, rest = answer.partition(b"<Code>")
    return rest.partition(b"</Code>")[0].decode(errors="replace")[:60]
