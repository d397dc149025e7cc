"""Signatures for S3 against the examples of the Amazon S3 API Reference ("Authenticating Requests")."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from diracx_bridge.db.sandbox_store.signing import Signer, encoded_path

SIGNER = Signer("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
BUCKET = "https://examplebucket.s3.amazonaws.com"
NOW = datetime(2013, 5, 24, tzinfo=UTC)


def test_a_presigned_url_has_the_signature_of_the_reference() -> None:
    query = parse_qs(urlsplit(SIGNER.url(f"{BUCKET}/test.txt", valid=86400, now=NOW)).query)
    assert query["X-Amz-Signature"] == ["aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"]
    assert query["X-Amz-Credential"] == ["AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"]


def test_a_request_with_headers_has_the_signature_of_the_reference() -> None:
    headers = SIGNER.headers("GET", f"{BUCKET}/?lifecycle", now=NOW)
    assert headers["authorization"].endswith(
        "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    )
    assert "SignedHeaders=host;x-amz-content-sha256;x-amz-date," in headers["authorization"]


def test_the_policy_of_a_form_fixes_every_field_of_it() -> None:
    fields = SIGNER.form({"key": "a/b"}, [["content-length-range", 5, 5]], valid=60, now=NOW)
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert policy["expiration"] == "2013-05-24T00:01:00Z"
    assert ["content-length-range", 5, 5] in policy["conditions"]
    fixed = {name: value for each in policy["conditions"] if isinstance(each, dict) for name, value in each.items()}
    assert fixed == {name: fields[name] for name in fields.keys() - {"policy", "x-amz-signature"}}


def test_a_session_token_is_signed_with_everything() -> None:
    signer = Signer("key", "secret", session_token="token")
    assert signer.form({"key": "a"}, [], valid=60)["x-amz-security-token"] == "token"
    assert signer.headers("HEAD", BUCKET)["x-amz-security-token"] == "token"
    assert "X-Amz-Security-Token=token" in signer.url(f"{BUCKET}/a", valid=60)


def test_secrets_are_not_shown() -> None:
    assert "wJalr" not in repr(SIGNER)


def test_keys_are_encoded_as_s3_wants_it() -> None:
    assert encoded_path("vo/gröup/sha256:0 +") == "vo/gr%C3%B6up/sha256%3A0%20%2B"
