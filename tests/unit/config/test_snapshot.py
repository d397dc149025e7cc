"""From the bytes of default.yml to what is served."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from diracx_bridge.config.document import parse
from diracx_bridge.config.schema import Config
from diracx_bridge.config.snapshot import ConfigSnapshot
from diracx_bridge.core.errors import ConfigurationError

DOCUMENT = b"""
DIRAC: {}
Operations: {Defaults: {Pilot: {Version: "1"}}}
Registry:
  lab:
    IdP: {URL: "https://idp.example.org/", ClientID: client}
    DefaultGroup: lab_user
    Users: {sub-alice: {PreferedUsername: alice}}
    Groups: {lab_user: {Properties: [NormalUser], Users: [sub-alice]}}
"""
REVISION = "1234" * 10
MODIFIED = datetime(2026, 8, 1, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def snapshot() -> ConfigSnapshot:
    return ConfigSnapshot.make(parse(DOCUMENT, Config), revision=REVISION, modified=MODIFIED)


def test_the_body_is_the_configuration_in_cs_spelling_with_defaults(snapshot: ConfigSnapshot) -> None:
    body = json.loads(snapshot.body)
    assert body["Operations"]["lab"]["Pilot"] == {"Version": "1"}
    assert body["Registry"]["lab"]["Groups"]["lab_user"]["JobShare"] == 1000


def test_the_compressed_body_is_the_body(snapshot: ConfigSnapshot) -> None:
    assert gzip.decompress(snapshot.body_gzip) == snapshot.body


def test_equal_content_gives_equal_bytes(snapshot: ConfigSnapshot) -> None:
    again = ConfigSnapshot.make(parse(DOCUMENT, Config), revision=REVISION, modified=MODIFIED)
    assert (again.body, again.body_gzip) == (snapshot.body, snapshot.body_gzip)


def test_each_encoding_has_its_own_quoted_tag(snapshot: ConfigSnapshot) -> None:
    assert snapshot.etag == f'"{REVISION}"'
    assert snapshot.etag_gzip == f'"{REVISION}-gzip"'


def test_our_own_tags_and_date_are_answered_by_not_modified(snapshot: ConfigSnapshot) -> None:
    assert snapshot.last_modified == "Sat, 01 Aug 2026 12:00:05 GMT"
    assert snapshot.not_modified(if_none_match=snapshot.etag)
    assert snapshot.not_modified(if_none_match=snapshot.etag_gzip)
    assert snapshot.not_modified(if_modified_since=snapshot.last_modified)
    assert not snapshot.not_modified()


def test_a_snapshot_moves_to_another_commit_without_being_made_again(snapshot: ConfigSnapshot) -> None:
    moved = snapshot.moved_to("5678" * 10, datetime(2026, 8, 2, tzinfo=UTC))
    assert (moved.revision, moved.last_modified) == ("5678" * 10, "Sun, 02 Aug 2026 00:00:00 GMT")
    assert moved.config is snapshot.config
    assert moved.body is snapshot.body


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"DIRAC: }", "line 1, column 8"),
        (b"DIRAC: {}\n  Registry: {}", "line 2"),
        (b"\xff\xfe\xff", "no valid YAML"),
        (b"LogLevel: 2026-13-45", "no valid YAML"),
        (b"", "dictionary"),
        (b"- a", "dictionary"),
        (b"DIRAC: {}\nSystems: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        (DOCUMENT.replace(b"ClientID", b"ClientId"), "Registry/lab/IdP/ClientID: Field required"),
        (DOCUMENT.replace(b"{Version", b"&a {b: *a, Version"), "nested too deep|Circular|recursive"),
        (DOCUMENT + b"Systems: !!binary /w==", "JSON"),
    ],
)
def test_a_wrong_document_is_refused_and_the_place_is_named(document: bytes, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ConfigSnapshot.make(parse(document, Config), revision=REVISION, modified=MODIFIED)


def test_a_refusal_names_no_value() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse(DOCUMENT.replace(b"DIRAC: {}", b"DIRAC: {NoSetup: s3cret, Password: s3cret}"), Config)
    assert "DIRAC/NoSetup" in str(refusal.value)
    assert "DIRAC/Password" in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


def test_a_refusal_of_many_options_stays_readable() -> None:
    users = ", ".join(f"s{i}: {{}}" for i in range(100))
    with pytest.raises(ConfigurationError, match=r"and 80 more$"):
        parse(DOCUMENT.replace(b"sub-alice: {PreferedUsername: alice}", users.encode()), Config)


def test_an_extension_replaces_the_model() -> None:
    class LabConfig(Config):
        lab: str = "default"

    config = parse(DOCUMENT + b"lab: ours", LabConfig)
    assert config.lab == "ours"
    assert config.operations["lab"].pilot == {"Version": "1"}
