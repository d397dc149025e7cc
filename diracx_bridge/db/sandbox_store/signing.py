"""AWS Signature Version 4, as far as presigned forms, presigned URLs and plain requests of S3 need it.

Written out, because the libraries that sign are larger than what they are needed for (boto3 by far), and the algorithm
is fixed for good: "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit

import orjson

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNSIGNED: Final = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one account in one region."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    session_token: str | None = field(default=None, repr=False)

    def form(
        self, fields: Mapping[str, str], conditions: Sequence[Any], *, valid: int, now: datetime | None = None
    ) -> dict[str, str]:
        """All fields of a form that S3 accepts for ``valid`` seconds: ``fields``, which the policy fixes, and the rest.

        ``conditions`` are further conditions of the policy, such as ``["content-length-range", 1, 10]``.
        """
        now = now or datetime.now(UTC)
        signed = {
            **fields,
            "x-amz-algorithm": ALGORITHM,
            "x-amz-credential": f"{self.access_key}/{self._scope(now)}",
            "x-amz-date": _stamp(now),
            **({"x-amz-security-token": self.session_token} if self.session_token else {}),
        }
        policy = {
            "expiration": (now + timedelta(seconds=valid)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "conditions": [*conditions, *({name: value} for name, value in signed.items())],
        }
        encoded = base64.b64encode(orjson.dumps(policy)).decode()
        return {**signed, "policy": encoded, "x-amz-signature": self._signature(now, encoded)}

    def url(self, url: str, *, valid: int, now: datetime | None = None) -> str:
        """``url`` (path encoded, no query) with the query that lets everybody GET it for ``valid`` seconds."""
        now = now or datetime.now(UTC)
        parts = urlsplit(url)
        query = {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self.access_key}/{self._scope(now)}",
            "X-Amz-Date": _stamp(now),
            "X-Amz-Expires": str(valid),
            **({"X-Amz-Security-Token": self.session_token} if self.session_token else {}),
            "X-Amz-SignedHeaders": "host",
        }
        canonical = "&".join(f"{_encoded(name)}={_encoded(query[name])}" for name in sorted(query))
        signature = self._of_request(now, "GET", parts.path, canonical, {"host": parts.netloc}, UNSIGNED)
        return f"{url}?{canonical}&X-Amz-Signature={signature}"

    def headers(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        more: Mapping[str, str] | None = None,
        *,
        now: datetime | None = None,
    ) -> dict[str, str]:
        """The headers of a request for ``url`` (path encoded, at most one query parameter, without value)."""
        now = now or datetime.now(UTC)
        parts = urlsplit(url)
        digest = hashlib.sha256(body).hexdigest()
        signed = {
            "host": parts.netloc,
            "x-amz-content-sha256": digest,
            "x-amz-date": _stamp(now),
            **({"x-amz-security-token": self.session_token} if self.session_token else {}),
            **(more or {}),
        }
        query = f"{parts.query}=" if parts.query else ""
        signature = self._of_request(now, method, parts.path or "/", query, signed, digest)
        signed["authorization"] = (
            f"{ALGORITHM} Credential={self.access_key}/{self._scope(now)}, "
            f"SignedHeaders={';'.join(sorted(signed))}, Signature={signature}"
        )
        return signed

    def _of_request(
        self, now: datetime, method: str, path: str, query: str, headers: Mapping[str, str], digest: str
    ) -> str:
        names = sorted(headers)
        lines = [
            method,
            path,
            query,
            *(f"{name}:{headers[name].strip()}" for name in names),
            "",
            ";".join(names),
            digest,
        ]
        request = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return self._signature(now, "\n".join((ALGORITHM, _stamp(now), self._scope(now), request)))

    def _scope(self, now: datetime) -> str:
        return f"{now:%Y%m%d}/{self.region}/s3/aws4_request"

    def _signature(self, now: datetime, text: str) -> str:
        key = f"AWS4{self.secret_key}".encode()
        for part in (f"{now:%Y%m%d}", self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()


def encoded_path(path: str) -> str:
    """``path`` as S3 wants it in a URL: each byte encoded but letters, digits, ``-._~`` and the slashes."""
    return quote(path, safe="/-._~")


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%SZ}"
