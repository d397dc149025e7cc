"""Which store of sandboxes an installation has."""

from __future__ import annotations

from pathlib import Path

from diracx_bridge.core.errors import SettingsError
from diracx_bridge.core.settings import Settings
from diracx_bridge.db.sandbox_store.interface import SandboxStore
from diracx_bridge.db.sql.urls import parse_urls


def open_sandbox_store(settings: Settings) -> SandboxStore | None:
    """The store that the settings name, None if they name none; nothing is connected yet.

    Without any setting, an installation whose JobDB is a SQLite file gets the directory ``sandboxes`` beside it.

    Raises:
        SettingsError: two stores are named, or one is named in half, or can't be used.
    """
    store, directory = settings.sandbox_store, settings.bridge_sandbox_directory
    if store.s3_client_kwargs is not None:
        if directory is not None:
            raise SettingsError(
                "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS and DIRACX_BRIDGE_SANDBOX_DIRECTORY are both set, but sandboxes "
                "are kept in one place: unset one of them"
            )
        if not store.bucket_name:
            raise SettingsError("DIRACX_SANDBOX_STORE_BUCKET_NAME must be set: the S3 bucket with the sandboxes")
        from diracx_bridge.db.sandbox_store.s3 import S3SandboxStore

        return S3SandboxStore(
            store.bucket_name,
            store.s3_client_kwargs,
            url_validity=store.url_validity_seconds,
            auto_create=store.auto_create_bucket,
            connections=store.s3_max_pool_connections,
        )
    directory = directory or _beside_job_db(settings)
    if directory is None:
        if store.bucket_name:
            raise SettingsError(
                "DIRACX_SANDBOX_STORE_S3_CLIENT_KWARGS must be set: JSON with endpoint_url, aws_access_key_id and "
                "aws_secret_access_key"
            )
        return None
    from diracx_bridge.db.sandbox_store.files import BUCKET, FileSandboxStore

    return FileSandboxStore(directory, store.bucket_name or BUCKET, url_validity=store.url_validity_seconds)


def _beside_job_db(settings: Settings) -> Path | None:
    url = parse_urls(settings.databases).get("JobDB")
    return Path(url.database).with_name("sandboxes") if url is not None and url.dialect == "sqlite" else None
