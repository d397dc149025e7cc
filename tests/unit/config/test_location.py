"""The configuration URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.config.location import GitLocation
from diracx_bridge.core.errors import SettingsError


@pytest.mark.parametrize(
    ("url", "repository", "revision"),
    [
        ("git+file:///srv/cs", Path("/srv/cs"), "master"),
        ("git+file://localhost/srv/cs.git?revision=main", Path("/srv/cs.git"), "main"),
        ("git+file:///srv/my%20cs", Path("/srv/my cs"), "master"),
        ("/srv/cs", Path("/srv/cs"), "master"),
        ("/srv/cs?revision=v1.0", Path("/srv/cs"), "v1.0"),
        ("cs", Path.cwd() / "cs", "master"),
        ("git+https://git.example.org/cs.git", "https://git.example.org/cs.git", "master"),
        ("git+https://git.example.org:8443/a/cs?revision=a%2Fb", "https://git.example.org:8443/a/cs", "a/b"),
    ],
)
def test_a_url_names_repository_and_revision(url: str, repository: Path | str, revision: str) -> None:
    assert GitLocation.parse(url) == GitLocation(repository, revision)


def test_credentials_are_taken_out_of_the_url() -> None:
    location = GitLocation.parse("git+https://bot:s%40cret@git.example.org/cs.git")
    assert location == GitLocation("https://git.example.org/cs.git", "master", "bot", "s@cret")


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("git+ssh://git@git.example.org/cs.git", r"git\+ssh.*use git\+file"),
        ("https://git.example.org/cs.git", r"https.*use git\+file"),
        ("git+http://git.example.org/cs.git", r"git\+http.*use git\+file"),
        ("git+file:///srv/cs?branch_name=main", r"branch_name.*\?revision="),
        ("git+https://git.example.org/cs?branch=main", r"branch.*\?revision="),
        ("/srv/cs?rev=main", r"rev.*\?revision="),
        ("/srv/cs?revision=", "exactly one"),
        ("/srv/cs?revision=a&revision=b", "exactly one"),
        ("git+file://srv/cs", "three slashes"),
        ("git+file://", "no path"),
        ("", "no path"),
        ("git+https:///cs", "lacks a host"),
        ("git+https://git.example.org", "lacks a host or a path"),
        ("git+https://git.example.org:port/cs", "can't be read"),
        ("git+https://[::1/cs", "can't be read"),
        ("git+https://git.example.org/cs#main", "fragment"),
    ],
)
def test_a_url_that_can_not_be_used_is_refused_with_a_remedy(url: str, remedy: str) -> None:
    with pytest.raises(SettingsError, match=remedy):
        GitLocation.parse(url)


passwords = st.text(st.characters(codec="utf-8"), min_size=6).map(lambda text: f"<{text}>")


@given(passwords)
def test_a_password_is_nowhere_to_be_read_in_a_location(password: str) -> None:
    location = GitLocation.parse(f"git+https://bot:{quote(password, safe='')}@git.example.org/cs")
    assert location.password == password
    assert password not in f"{location} {location!r}"


@given(
    passwords,
    st.sampled_from(
        ["git+ssh://{}@h/cs", "git+https://b:{}@h/cs?branch=x", "git+https://b:{}@h/cs#x", "git+https://b:{}@h:x/cs"]
    ),
)
def test_a_password_is_nowhere_to_be_read_in_a_refusal(password: str, url: str) -> None:
    secret = quote(password, safe="")
    with pytest.raises(SettingsError) as refusal:
        GitLocation.parse(url.format(secret))
    assert secret not in str(refusal.value)
