"""A bare repository, looked at and written by the real git: what another writer, or a server, sees."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import yaml


class Repository:
    """At ``path``; its HEAD is ``master``."""

    def __init__(self, path: Path, head: str = "master") -> None:
        self.path = path
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", f"--initial-branch={head}")
        self.git("config", "http.receivepack", "true")

    def git(self, *arguments: str | Path, stdin: bytes | None = None) -> str:
        """Run git here, untouched by the configuration of the machine."""
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "Other Writer" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "other@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=environment, input=stdin, capture_output=True, check=False
        )
        assert done.returncode == 0, f"git {arguments}: {done.stderr.decode()}"
        return done.stdout.decode().strip()

    def commit(self, content: object, *, branch: str = "master", file: str = "default.yml", parent: str = "") -> str:
        """Commit as another writer does; ``parent`` other than the tip rewrites history."""
        tip = parent or self.tip(branch)
        text = content if isinstance(content, bytes) else yaml.safe_dump(content).encode()
        blob = self.git("hash-object", "-w", "--stdin", stdin=text)
        others = self.git("ls-tree", tip).splitlines() if tip else []
        entries = [line for line in others if not line.endswith(f"\t{file}")] + [f"100644 blob {blob}\t{file}"]
        tree = self.git("mktree", stdin="\n".join(entries).encode() + b"\n")
        made = self.git("commit-tree", tree, *(["-p", tip] if tip else []), "-m", "by hand")
        self.git("update-ref", f"refs/heads/{branch}", made)
        return made

    def tip(self, branch: str = "master") -> str:
        """The commit of the branch; empty when there is none."""
        return self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")

    def log(self, form: str, branch: str = "master") -> list[str]:
        """One line for each commit, oldest first."""
        return self.git("log", "--reverse", f"--format={form}", branch).splitlines() if self.tip(branch) else []

    def content(self, revision: str = "master", file: str = "default.yml") -> object:
        return yaml.safe_load(self.git("show", f"{revision}:{file}"))

    def check(self) -> None:
        """Fail unless git finds nothing wrong."""
        self.git("fsck", "--full", "--strict")
