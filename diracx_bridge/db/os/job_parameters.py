"""The parameters of jobs: documents of named values, in OpenSearch or, for embedded installations, in SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.core.extensions import load
from diracx_bridge.core.settings import Settings
from diracx_bridge.db.sql.urls import parse_urls

Documents = Mapping[int, Mapping[str, Any]]
"""Job id -> parameter name -> JSON value."""


class JobParametersDB(Protocol):
    """What both stores do, in the same way."""

    async def write(self, documents: Mapping[str, Documents]) -> dict[int, str]:
        """Merge documents, by the VO of their jobs, into what is stored; one bulk request.

        The answer says, by job, why a document was refused (a value that does not fit the type of its parameter); the
        others are written.

        Raises:
            Unavailable: the store does not answer.
        """

    async def read(self, vo: str, job_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """The stored documents of these jobs; jobs without one are absent.

        Raises:
            Unavailable: the store does not answer.
        """

    async def ping(self) -> None:
        """Return if the store answers.

        Raises:
            Unavailable: it doesn't.
        """

    async def close(self) -> None:
        """Close all connections."""


async def open_job_parameters(settings: Settings) -> JobParametersDB:
    """The store that the settings name; it is connected to when it is first needed.

    Without any setting, an installation whose JobDB is a SQLite file gets ``job_parameters.db`` beside that file.

    Raises:
        SettingsError: no store is named, two are, or the file is one of the SQL databases.
    """
    arguments, file = settings.os_db_jobparametersdb, settings.bridge_job_parameters_file
    if arguments is not None:
        if file is not None:
            raise SettingsError(
                "DIRACX_OS_DB_JOBPARAMETERSDB and DIRACX_BRIDGE_JOB_PARAMETERS_FILE are both set, but job parameters "
                "are kept in one place: unset one of them"
            )
        from diracx_bridge.db.os.opensearch import OpenSearchJobParameters

        classes = load("diracx_bridge.db.os", {"JobParametersDB": OpenSearchJobParameters})
        return cast(JobParametersDB, classes["JobParametersDB"](arguments, prefix=settings.factory_os_global_prefix))
    files = sqlite_files(settings.databases)
    if file is None and "JobDB" in files:
        file = files["JobDB"].with_name("job_parameters.db")
    if file is None:
        raise SettingsError(
            "DIRACX_OS_DB_JOBPARAMETERSDB must be set: JSON of the arguments of AsyncOpenSearch, like "
            '{"hosts": "https://user:password@opensearch.example.org:9200"}'
        )
    if file.absolute() in files.values():
        raise SettingsError(
            f"DIRACX_BRIDGE_JOB_PARAMETERS_FILE: {file} holds an SQL database; job parameters need their own"
        )
    from diracx_bridge.db.os.sqlite import SQLiteJobParameters

    return SQLiteJobParameters(file)


def sqlite_files(urls: Mapping[str, str]) -> dict[str, Path]:
    """The files of the SQLite databases among ``urls``, by logical name."""
    return {name: Path(url.database) for name, url in parse_urls(urls).items() if url.dialect == "sqlite"}
