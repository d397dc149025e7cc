"""Signs commits with an SSH key, by OpenSSH's own ``ssh-keygen``; ``git verify-commit`` checks such signatures.

A program does it because keys may be protected, live in an agent or on a token, and OpenSSH knows all of that.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.cs_sync.git.commits import Signer

__all__ = ["ssh_signer"]


def ssh_signer(key: Path) -> Signer:
    """Signs with the private key in the file ``key``, or with the agent's when it holds a public one.

    Raises:
        SettingsError: (at once) there is no such file; (when it signs) OpenSSH can't sign with it.
    """
    if not key.is_file():
        raise SettingsError(f"The signing key {key} does not exist")

    def sign(text: bytes) -> str:
        command = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(key)]
        try:
            done = subprocess.run(command, input=text, capture_output=True, check=False, timeout=30)
        except FileNotFoundError:
            raise SettingsError("Signing needs ssh-keygen (OpenSSH 8.0 or newer), which is not installed") from None
        except subprocess.TimeoutExpired:
            message = f"ssh-keygen did not sign with {key} within 30 s: does it ask for a passphrase?"
            raise SettingsError(message) from None
        if done.returncode:
            raise SettingsError(f"ssh-keygen can't sign with {key}: is it a readable OpenSSH key without passphrase?")
        return done.stdout.decode().rstrip("\n")

    return sign
