"""Preferences come from the variables of the official client."""

from __future__ import annotations

from pathlib import Path

import pytest

from diracx_bridge.client import Preferences
from diracx_bridge.core.errors import SettingsError


def test_defaults_are_those_of_the_official_client() -> None:
    preferences = Preferences.from_environment({"DIRACX_URL": "https://diracx.example.org"})
    assert preferences.credentials_path == Path.home() / ".cache" / "diracx" / "credentials.json"
    assert preferences.ca_path is None


def test_every_variable_is_read(tmp_path: Path) -> None:
    preferences = Preferences.from_environment(
        {
            "DIRACX_URL": "https://diracx.example.org",
            "DIRACX_CA_PATH": str(tmp_path),
            "DIRACX_CREDENTIALS_PATH": "/some/file",
            "DIRACX_OUTPUT_FORMAT": "json",
            "DIRACX_LOG_LEVEL": "debug",
        }
    )
    assert preferences == Preferences(
        "https://diracx.example.org", tmp_path, Path("/some/file"), output_format="JSON", log_level="DEBUG"
    )


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "DIRACX_URL is not set"),
        ({"DIRACX_URL": "diracx.example.org"}, "DIRACX_URL is 'diracx.example.org'"),
        ({"DIRACX_URL": "https://a", "DIRACX_CA_PATH": "/no/such"}, "DIRACX_CA_PATH is '/no/such'"),
        ({"DIRACX_URL": "https://a", "DIRACX_OUTPUT_FORMAT": "XML"}, "DIRACX_OUTPUT_FORMAT is 'XML'.*RICH, JSON"),
    ],
)
def test_wrong_setting_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Preferences.from_environment(environment)
