"""Settings from the environment, by the names of DiracX 0.7.0 where they mean the same, else ``DIRACX_BRIDGE_...``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from diracx_bridge.core.errors import SettingsError

DOTENV = "DIRACX_SERVICE_DOTENV"
PREFIXES = {"AuthSettings": "DIRACX_SERVICE_AUTH_", "SandboxStoreSettings": "DIRACX_SANDBOX_STORE_"}


class AuthSettings(BaseSettings):
    """Tokens (``DIRACX_SERVICE_AUTH_...``)."""

    model_config = SettingsConfigDict(env_prefix="DIRACX_SERVICE_AUTH_", extra="ignore")

    token_issuer: str = Field(description="The `iss` of every access token: the public URL of the installation.")
    token_keystore: SecretStr = Field(
        description="The signing keys: JWKS as JSON text, a `file://` URL or a path; see `diracx-bridge keys create`."
    )
    token_allowed_algorithms: list[str] = Field(
        ["RS256", "Ed25519"], description="Signature algorithms that are accepted when a token is checked."
    )
    access_token_expire_minutes: int = Field(20, ge=1, description="Life of an access token.")
    refresh_token_expire_minutes: int = Field(60, ge=1, description="Life of a login: refreshing does not prolong it.")
    dirac_client_id: str = Field("myDIRACClientID", description="The client id that the official clients use.")
    allowed_redirects: list[str] = Field(
        [],
        description="Where web applications may be sent after a login (JSON list): compared literally, with the "
        "fragment.",
    )
    available_properties: list[str] | None = Field(
        None, description="Properties (JSON list) that the discovery document announces; default: all."
    )
    state_key: SecretStr = Field(
        SecretStr(""),
        description="Fernet key that seals what a login carries through the browser; default: derived from the "
        "signing keys.",
    )
    device_flow_expiration_seconds: int = Field(600, ge=60, description="Time for a login from a command line.")
    authorization_flow_expiration_seconds: int = Field(300, ge=60, description="Time for a login in a browser.")


class SandboxStoreSettings(BaseSettings):
    """The S3 bucket with the sandboxes (``DIRACX_SANDBOX_STORE_...``)."""

    model_config = SettingsConfigDict(env_prefix="DIRACX_SANDBOX_STORE_", extra="ignore")

    bucket_name: str = Field("", pattern=r"^([a-z0-9.\-]{3,63})?$", description="Name of the bucket.")
    s3_client_kwargs: dict[str, Any] | None = Field(
        None,
        repr=False,
        description="Where S3 is: JSON with `endpoint_url`, `aws_access_key_id`, `aws_secret_access_key`, and if need "
        "be `region_name`, `aws_session_token` and `verify` (a file of CA certificates).",
    )
    auto_create_bucket: bool = Field(False, description="Make the bucket if it is missing.")
    url_validity_seconds: int = Field(300, ge=1, le=604_800, description="How long presigned URLs are good.")
    se_name: str = Field(
        "SandboxSE", pattern=r"^[A-Za-z0-9_.\-]{1,64}$", description="Storage element in the names of sandboxes."
    )
    s3_max_pool_connections: int = Field(50, ge=1, description="Connections to S3 per process.")
    clean_delete_chunk_size: int = Field(
        1000, ge=1, le=1000, description="How many sandboxes `sandboxes clean` deletes in one step."
    )


class Settings(BaseSettings):
    """Everything that a service process needs to know (``DIRACX_...``)."""

    model_config = SettingsConfigDict(env_prefix="DIRACX_", extra="ignore")

    config_backend_url: str = Field(
        description="The git repository with the configuration: `git+file://...`, `git+https://...` or a path; "
        "`?revision=` names a branch, tag or commit (default: master)."
    )
    db_url_authdb: SecretStr | None = Field(None, description="AuthDB, e.g. `mysql+aiomysql://user:password@host/db`.")
    db_url_jobdb: SecretStr | None = Field(None, description="DIRAC's JobDB.")
    db_url_jobloggingdb: SecretStr | None = Field(None, description="DIRAC's JobLoggingDB.")
    db_url_taskqueuedb: SecretStr | None = Field(None, description="DIRAC's TaskQueueDB.")
    db_url_pilotagentsdb: SecretStr | None = Field(None, description="DIRAC's PilotAgentsDB.")
    db_url_sandboxmetadatadb: SecretStr | None = Field(None, description="DIRAC's SandboxMetadataDB.")
    db_url_resourcestatusdb: SecretStr | None = Field(None, description="DIRAC's ResourceStatusDB.")
    bridge_db_url: SecretStr | None = Field(
        None,
        description="BridgeDB, our own database, on the server of JobDB and for the same user; "
        "default for a JobDB in a SQLite file: that file.",
    )
    os_db_jobparametersdb: dict[str, Any] | None = Field(
        None, description="OpenSearch with the job parameters: JSON of the arguments of `AsyncOpenSearch`."
    )
    factory_os_global_prefix: str = Field("", description="Put before the name of every OpenSearch index.")
    legacy_exchange_hashed_api_key: SecretStr = Field(
        SecretStr(""),
        description="SHA-256 (hex) of the key with which DIRAC gets tokens for its users; empty: refused.",
    )
    log_level: str = Field("INFO", description="Least severe messages that are logged.")
    log_format: Literal["text", "json"] = Field("text", description="Log lines for people or for machines.")
    service_auth_enabled: bool = Field(True, description="Serve /api/auth.")
    service_config_enabled: bool = Field(True, description="Serve /api/config.")
    service_health_enabled: bool = Field(True, description="Serve /api/health.")
    service_jobs_enabled: bool = Field(True, description="Serve /api/jobs.")
    service_rss_enabled: bool = Field(True, description="Serve /api/rss; needs ResourceStatusDB.")
    service_pilots_enabled: bool = Field(True, description="Serve /api/pilots; needs PilotAgentsDB.")
    bridge_job_parameters_file: Path | None = Field(
        None, description="SQLite file for the job parameters of an installation without OpenSearch."
    )
    bridge_max_jobs_per_submission: int = Field(
        1000,
        ge=1,
        le=100_000,
        description="Most jobs that one submission may create, parametric or not; DIRAC's `MaxParametricJobs`, if the "
        "configuration has it, limits parametric ones further.",
    )
    bridge_sandbox_directory: Path | None = Field(
        None, description="Directory for the sandboxes of an installation without S3."
    )
    bridge_vo_boundaries: bool = Field(
        True,
        description="Users, job administrators and pilots see and change jobs of their own VO only; "
        "false: as DIRAC, pilots and administrators act on every VO.",
    )
    bridge_config_for_everybody: bool = Field(
        False,
        description="Whoever has a token gets the whole configuration, as from DiracX; false: only administrators of "
        "the configuration or of services get the personal data, the other VOs and `Systems`.",
    )
    bridge_admin_vos: list[str] = Field(
        [], description="VOs (JSON list) whose job administrators and pilots may act on the jobs of every VO."
    )
    bridge_cors_origins: list[str] = Field(
        [
            "http://localhost:3000",
            "https://localhost:3000",
            "http://localhost:8000",
            "https://localhost:8000",
        ],
        description="Web origins (JSON list) that may call the API from a browser.",
    )
    bridge_config_refresh_seconds: float | None = Field(
        None,
        gt=0,
        description="Pause between looks at the configuration repository; default 5 s (file) or 30 s (https).",
    )
    bridge_security_contact: str = Field(
        "", description="URL (https: or mailto:) for security.txt; default: the support of the first VO that has one."
    )
    bridge_access_token_claims: dict[str, Any] = Field(
        {}, description='Further claims of every access token (JSON object), such as `{"wlcg.ver": "1.0"}`.'
    )
    bridge_proxy_token_minutes: int | None = Field(
        None,
        ge=1,
        description="Life of access tokens that DIRAC puts into proxies; default: as of the others. The official "
        "client of a job that reports every 30 minutes renews one of 20 minutes before each report, with 720 twice a "
        "day; the adapters renew with the report. Changes of a user's groups and revocations of "
        "single tokens count from the next renewal.",
    )
    bridge_refresh_grace_seconds: int = Field(
        60,
        ge=0,
        le=600,
        description="How long a refresh token that was used may be used again, for the same answer: when an answer got "
        "lost, or two processes refresh at once. Afterwards such a use ends all sessions of the user.",
    )
    bridge_rate_limit_token: int = Field(
        3000,
        ge=0,
        description="Requests for tokens, or revocations, a minute from one address and to one process; a refused one "
        "counts tenfold. 0: no limit.",
    )
    bridge_rate_limit_login: int = Field(
        600, ge=0, description="The same for the steps of a login in a browser or from a command line."
    )
    bridge_rate_limit_legacy: int = Field(
        600,
        ge=0,
        description="The same for the legacy exchange, where only a wrong key counts: DIRAC itself is never stopped.",
    )
    bridge_sql_pool_size: int = Field(20, ge=1, description="Connections per database server and process.")

    auth: AuthSettings | None = None
    sandbox_store: SandboxStoreSettings = Field(default_factory=SandboxStoreSettings)

    @property
    def databases(self) -> dict[str, str]:
        """The database URLs that are set, by logical database name."""
        urls = {
            "AuthDB": self.db_url_authdb,
            "BridgeDB": self.bridge_db_url,
            "JobDB": self.db_url_jobdb,
            "JobLoggingDB": self.db_url_jobloggingdb,
            "TaskQueueDB": self.db_url_taskqueuedb,
            "PilotAgentsDB": self.db_url_pilotagentsdb,
            "SandboxMetadataDB": self.db_url_sandboxmetadatadb,
            "ResourceStatusDB": self.db_url_resourcestatusdb,
        }
        return with_bridge_db({name: url.get_secret_value() for name, url in urls.items() if url is not None})

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings of this process; dotenv files named by ``DIRACX_SERVICE_DOTENV[_<n>]`` come first.

        Raises:
            SettingsError: a variable is missing or wrong, or a dotenv file does not exist; every fault is named.
        """
        files = dotenv_files(os.environ)
        try:
            settings = cls(_env_file=files, sandbox_store=SandboxStoreSettings(_env_file=files))
            if settings.service_auth_enabled or settings.service_jobs_enabled or settings.service_config_enabled:
                settings.auth = AuthSettings(_env_file=files)
        except ValidationError as error:
            raise SettingsError(_explain(error)) from None
        return settings


def with_bridge_db(urls: Mapping[str, str]) -> dict[str, str]:
    """``urls`` of databases, with BridgeDB in the SQLite file of JobDB if JobDB is one and BridgeDB has no URL.

    One file, because SQLite commits a transaction over several files file by file.
    """
    job_db = urls.get("JobDB", "")
    return {**({"BridgeDB": job_db} if job_db.startswith("sqlite") else {}), **urls}


def dotenv_files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The dotenv files that the environment names: the bare variable first, then the numbered ones in order."""
    named = [(-1, environment[DOTENV])] if environment.get(DOTENV) else []
    for name, value in environment.items():
        number = name.removeprefix(DOTENV + "_")
        if name.startswith(DOTENV + "_") and number.isdigit() and value:
            named.append((int(number), value))
    files = tuple(Path(value) for _, value in sorted(named))
    for file in files:
        if not file.is_file():
            raise SettingsError(f"{file}, which {DOTENV} names, does not exist")
    return files


def _explain(error: ValidationError) -> str:
    prefix = PREFIXES.get(error.title, "DIRACX_")
    lines = []
    for fault in error.errors(include_input=False, include_url=False):
        name = prefix + "_".join(str(part) for part in fault["loc"]).upper()
        lines.append(f"{name} must be set" if fault["type"] == "missing" else f"{name}: {fault['msg']}")
    return "; ".join(lines)
