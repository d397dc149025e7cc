"""The configuration as a running service sees it: loaded before the first request, followed in the background."""

from __future__ import annotations

__all__ = ["ConfigSource", "SourceStatus"]

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from diracx_bridge.config.document import parse
from diracx_bridge.config.git import FILE, Revision, open_repository
from diracx_bridge.config.location import GitLocation
from diracx_bridge.config.schema import Config
from diracx_bridge.config.snapshot import ConfigSnapshot
from diracx_bridge.core.errors import BridgeError, ConfigurationError, Unavailable

logger = logging.getLogger(__name__)

LOCAL_SECONDS = 5.0
"""Pause between looks at a repository in the file system: a look costs less than a millisecond."""
REMOTE_SECONDS = 30.0
"""Pause between looks at a remote repository: each is one request of each process, and hosts count them."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How following the repository goes; for health and metrics. Times are aware."""

    revision: str | None = None
    """Commit that is served; null before the start."""
    last_check: datetime | None = None
    """When the repository was last looked at, whatever came of it."""
    last_success: datetime | None = None
    """When what is served was last known to be what the repository says."""
    last_error: str | None = None
    """Why the last look failed; null when it did not."""
    rejected_revision: str | None = None
    """Newer commit that is not served because its content is wrong."""

    @property
    def healthy(self) -> bool:
        """Whether what is served is what the repository says."""
        return self.last_success is not None and self.last_error is None


class ConfigSource:
    """The current configuration of one repository.

    What was good once stays in service, for as long as it takes, while the repository does not answer or its head
    holds a configuration that is not valid; `status` tells.
    """

    def __init__(
        self,
        url: str,
        *,
        model: type[Config] = Config,
        refresh_seconds: float | None = None,
        ca_path: Path | None = None,
    ) -> None:
        """Follow ``url`` (see `GitLocation.parse`), validated by ``model``; nothing is read yet.

        ``refresh_seconds`` is the pause between looks: by default 5 s in the file system, 30 s for a remote
        repository. ``ca_path`` names certificate authorities for it.

        Raises:
            SettingsError: the URL or the certificate authorities can't be used.
        """
        self.location = GitLocation.parse(url)
        self._model = model
        self._repository = open_repository(self.location, ca_path=ca_path)
        by_default = LOCAL_SECONDS if isinstance(self.location.repository, Path) else REMOTE_SECONDS
        self._pause = by_default if refresh_seconds is None else refresh_seconds
        self._snapshot: ConfigSnapshot | None = None
        self._blob: str | None = None
        self._rejection: tuple[str, ConfigurationError] | None = None
        self._status = SourceStatus()
        self._subscribers: list[Callable[[ConfigSnapshot], None]] = []
        self._looking = asyncio.Lock()
        self._follower: asyncio.Task[None] | None = None

    @property
    def current(self) -> ConfigSnapshot:
        """What is served now.

        Raises:
            Unavailable: the source was not started.
        """
        if self._snapshot is None:
            raise Unavailable("The configuration is not loaded yet")
        return self._snapshot

    @property
    def status(self) -> SourceStatus:
        """How following the repository goes."""
        return self._status

    def subscribe(self, callback: Callable[[ConfigSnapshot], None]) -> Callable[[], None]:
        """Call ``callback`` with each new snapshot from now on, in the event loop; returns what ends it.

        A commit that leaves the file as it is also makes a new snapshot, with the same ``config``.
        """
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def start(self) -> None:
        """Load the configuration, then follow the repository until `stop`.

        Raises:
            SettingsError: no such repository, branch, tag or commit.
            ConfigurationError: the configuration is not valid.
            Unavailable: the repository does not answer.
        """
        async with self._looking:
            await self._look()
        self._follower = asyncio.create_task(self._follow(), name="configuration refresh")

    async def stop(self) -> None:
        """End following; `current` stays what it is."""
        if self._follower is not None:
            self._follower.cancel()
            with suppress(asyncio.CancelledError):
                await self._follower
            self._follower = None

    async def refresh(self) -> SourceStatus:
        """Look at the repository now; what comes of it is in the status. Never raises a `BridgeError`."""
        before = self._status.last_error
        async with self._looking:
            try:
                await self._look()
            except BridgeError as error:
                if str(error) != before:
                    logger.error("The configuration stays at %s: %s", self._status.revision, error)
        return self._status

    async def _follow(self) -> None:
        while True:
            # Processes that started together do not all ask at once.
            await asyncio.sleep(self._pause * random.uniform(0.9, 1.1))  # noqa: S311
            try:
                await self.refresh()
            except Exception:
                # A defect here must not end the following for good, and the log is where it can be seen.
                logger.exception("Refreshing the configuration failed")

    async def _look(self) -> None:
        self._status = replace(self._status, last_check=datetime.now(UTC))
        try:
            revision = await asyncio.to_thread(self._repository.latest)
            await self._serve(revision)
        except Exception as error:
            rejected = self._rejection[0] if self._rejection else None
            self._status = replace(self._status, last_error=str(error), rejected_revision=rejected)
            raise
        self._status = replace(
            self._status,
            revision=self.current.revision,
            last_success=self._status.last_check,
            last_error=None,
            rejected_revision=None,
        )

    async def _serve(self, revision: Revision) -> None:
        if self._rejection and self._rejection[0] == revision.commit:
            raise self._rejection[1]
        self._rejection = None
        served = self._snapshot
        if served and served.revision == revision.commit:
            return
        if served and self._blob == revision.blob:
            self._publish(served.moved_to(revision.commit, revision.modified), revision)
            return
        try:
            snapshot = await asyncio.to_thread(self._make, revision)
        except ConfigurationError as error:
            self._rejection = revision.commit, error
            raise
        self._publish(snapshot, revision)

    def _make(self, revision: Revision) -> ConfigSnapshot:
        where = f"{FILE} of commit {revision.commit[:12]} in {self.location}"
        if revision.blob is None:
            raise ConfigurationError(f"There is no {where}: commit the configuration under that name, at the top")
        try:
            config = parse(revision.content, self._model)
            return ConfigSnapshot.make(config, revision=revision.commit, modified=revision.modified)
        except ConfigurationError as error:
            raise ConfigurationError(f"Wrong {where}: {error}. Correct it by a new commit.") from error

    def _publish(self, snapshot: ConfigSnapshot, revision: Revision) -> None:
        self._snapshot, self._blob = snapshot, revision.blob
        logger.info("Serving the configuration of commit %s", snapshot.revision)
        for callback in list(self._subscribers):
            try:
                callback(snapshot)
            except Exception:
                # What one subscriber can't do with the new configuration keeps no other from learning of it.
                logger.exception("A subscriber of the configuration failed")
