from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from diraccfg import CFG
from typer.testing import CliRunner

from diracx_bridge.cli.main import app
from diracx_bridge.core.errors import NotAuthenticated, SettingsError
from diracx_bridge.services.auth.legacy_exchange import check_api_key


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["auth", "exchange-key", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def secret_in(section: str) -> str:
    return str(CFG().loadFromBuffer(section).getOption("DiracX/LegacyExchangeApiKey"))


def hash_in(output: str) -> str:
    (line,) = [line for line in output.splitlines() if line.startswith("DIRACX_LEGACY_EXCHANGE_HASHED_API_KEY=")]
    return line.partition("=")[2]


def test_the_services_accept_the_secret_whose_hash_they_were_given() -> None:
    output = run()
    secret = secret_in(output[: output.index("DIRACX_LEGACY")])
    check_api_key(f"Bearer {secret}", hash_in(output))
    with pytest.raises(NotAuthenticated):
        check_api_key(f"Bearer {secret_in(run())}", hash_in(output))


def test_a_secret_in_a_file_is_private_and_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "exchange.cfg"
    output = run("--secret-file", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = secret_in(file.read_text())
    assert secret not in output
    check_api_key(f"Bearer {secret}", hash_in(output))


def test_a_file_with_a_secret_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "exchange.cfg"
    run("--secret-file", str(file))
    before = file.read_text()
    with pytest.raises(SettingsError, match="exists already"):
        run("--secret-file", str(file))
    assert file.read_text() == before


def test_scripts_get_json_alone() -> None:
    pair = json.loads(run("--json"))
    check_api_key(f"Bearer {pair['secret']}", pair["hash"])
