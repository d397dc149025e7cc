"""Which store of job parameters an installation has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.core.extensions import load
from diracx_bridge.core.settings import Settings
from diracx_bridge.db.os.job_parameters import JobParametersDB
from diracx_bridge.db.sql.urls import parse_urls


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
