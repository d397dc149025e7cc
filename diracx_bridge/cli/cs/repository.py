"""The options of all commands that publish to a repository, and what is made of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from diracx_bridge.cs_sync.git.place import Login
    from diracx_bridge.cs_sync.git.publish import Writer


class Drift(StrEnum):
    """What to do about changes that others made."""

    STOP = "stop"
    OVERWRITE = "overwrite"
    KEEP = "keep"


New = Annotated[str, typer.Argument(metavar="NEW", help="The repository: a path, or an https:// or ssh:// URL.")]
Branch = Annotated[str | None, typer.Option("--branch", help="The branch.", show_default="master")]
DriftPolicy = Annotated[
    Drift, typer.Option("--drift", help="What to do when others changed the configuration on the branch.")
]
State = Annotated[
    Path | None,
    typer.Option("--state", help="Directory for queue, clone and memory.", show_default="below ~/.local/state"),
]
TokenFile = Annotated[Path | None, typer.Option("--token-file", help="File with the token for HTTPS.")]
GitUser = Annotated[str | None, typer.Option("--git-user", help="User that goes with the token.")]
SshKey = Annotated[Path | None, typer.Option("--ssh-key", help="Private key for SSH.")]
KnownHosts = Annotated[Path | None, typer.Option("--known-hosts", help="Host keys to trust.")]
Ca = Annotated[Path | None, typer.Option("--ca", help="Certificate authorities of the git server (file or directory).")]
SigningKey = Annotated[Path | None, typer.Option("--signing-key", help="SSH key that signs the commits.")]
Committer = Annotated[
    str | None, typer.Option("--committer", help="Who commits: 'Name <address>'.", show_default="this tool")
]
Proxy = Annotated[
    Path | None,
    typer.Option("--proxy", help="Proxy, or certificate with key, for the CS.", show_default="X509_USER_PROXY"),
]
ProxyKey = Annotated[Path | None, typer.Option("--proxy-key", help="Key of the certificate.")]
Host = Annotated[bool, typer.Option("--host", help="The certificate is that of a host.")]
CaDirectory = Annotated[
    Path | None,
    typer.Option("--ca-directory", help="CAs that the CS is checked against.", show_default="X509_CERT_DIR"),
]


def make_login(
    git_user: str | None, token_file: Path | None, ssh_key: Path | None, known_hosts: Path | None, ca: Path | None
) -> Login:
    """What identifies us to the git server.

    Raises:
        SettingsError: the token can't be read.
    """
    from diracx_bridge.cs_sync.git.place import Login, read_token

    return Login(git_user, read_token(token_file), ssh_key, known_hosts=known_hosts, ca=ca)


def make_writer(drift: Drift, committer: str | None, signing_key: Path | None) -> Writer:
    """Who publishes, and how.

    Raises:
        SettingsError: the committer is nobody, or the key does not exist.
    """
    from diracx_bridge.cs_sync.follow.assemble import parse_person
    from diracx_bridge.cs_sync.git.drift import DriftPolicy
    from diracx_bridge.cs_sync.git.publish import Writer
    from diracx_bridge.cs_sync.git.signing import ssh_signer

    return Writer(
        DriftPolicy(drift.value),
        parse_person(committer) if committer else None,
        ssh_signer(signing_key) if signing_key else None,
    )
