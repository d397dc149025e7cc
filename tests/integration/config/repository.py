"""A git repository that tests write with the real git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

DOCUMENT = """
DIRAC: {{}}
Registry:
  lab:
    IdP: {{URL: "https://idp.example.org/", ClientID: client}}
    DefaultGroup: {group}
    Users: {{}}
    Groups: {{}}
"""


def document(group: str) -> str:
    """A valid ``default.yml`` that is recognised by its default group."""
    return DOCUMENT.format(group=group)


class WorkTree:
    """A repository with a work tree at ``path``, whose first branch is ``branch``."""

    def __init__(self, path: Path, branch: str = "master") -> None:
        self.path = path
        path.mkdir(parents=True)
        self.git("init", "--quiet", f"--initial-branch={branch}")

    def git(self, *arguments: str, when: str | None = None) -> str:
        """Run git here, untouched by the configuration of the machine; ``when`` is the committer time."""
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Tester",
            "GIT_AUTHOR_EMAIL": "tester@example.org",
            "GIT_COMMITTER_NAME": "Tester",
            "GIT_COMMITTER_EMAIL": "tester@example.org",
        }
        if when is not None:
            environment["GIT_COMMITTER_DATE"] = when
        command = ["git", "-c", "gc.auto=0", *arguments]
        return subprocess.run(
            command, cwd=self.path, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, content: str, *, file: str = "default.yml", when: str | None = None) -> str:
        """Commit ``content`` on the current branch and return the hash."""
        (self.path / file).write_text(content)
        self.git("add", file)
        self.git("commit", "--quiet", "--allow-empty", "--message=change", when=when)
        return self.git("rev-parse", "HEAD")
