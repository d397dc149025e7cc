"""What an application holds while it runs: made at start, checked before the first request, closed at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeVar, cast

import structlog
from fastapi import Request

from diracx_bridge.config.schema import Config
from diracx_bridge.config.snapshot import ConfigSnapshot
from diracx_bridge.config.source import ConfigSource
from diracx_bridge.core.errors import SettingsError, Unavailable
from diracx_bridge.core.extensions import load
from diracx_bridge.core.settings import Settings
from diracx_bridge.db.os.job_parameters import JobParametersDB
from diracx_bridge.db.os.opening import open_job_parameters
from diracx_bridge.db.sandbox_store.opening import open_sandbox_store
from diracx_bridge.db.sql.auth.db import AuthDB
from diracx_bridge.db.sql.check import check
from diracx_bridge.db.sql.resource_status.db import ResourceStatusDB
from diracx_bridge.db.sql.server import Databases
from diracx_bridge.db.sql.urls import variable
from diracx_bridge.services.auth.claims import more_claims
from diracx_bridge.services.auth.key_ring import KeyRing
from diracx_bridge.services.auth.parts import AuthParts
from diracx_bridge.services.auth.revoked_access import DATABASE as REVOKED_ACCESS
from diracx_bridge.services.auth.revoked_access import RevokedAccess
from diracx_bridge.services.auth.tokens import Tokens
from diracx_bridge.services.jobs.delivery import Delivery
from diracx_bridge.services.jobs.jdl.rules import JobRules
from diracx_bridge.services.jobs.sandboxes import Sandboxes
from diracx_bridge.services.jobs.settling import settled
from diracx_bridge.services.jobs.stores import JobStores, needed
from diracx_bridge.services.maintenance import maintained
from diracx_bridge.services.pilot_policy import PilotPolicy
from diracx_bridge.services.pilots.pilots import PilotStores
from diracx_bridge.services.policies import JobPolicy
from diracx_bridge.services.rss.cache import ResourceStatusCache
from diracx_bridge.services.rss.policy import ResourceStatusPolicy
from diracx_bridge.services.sandbox_policy import SandboxPolicy
from diracx_bridge.services.well_known.documents import Documents

T = TypeVar("T")
log = structlog.get_logger(__name__)
POLICIES: Final = {"wms": JobPolicy, "sandbox": SandboxPolicy, "pilot": PilotPolicy, "rss": ResourceStatusPolicy}


@dataclass(slots=True)
class Runtime:
    """The parts that the routes of one application work with."""

    settings: Settings
    databases: Databases
    source: ConfigSource
    keys: KeyRing
    tokens: Tokens
    token_life: timedelta
    revoked: RevokedAccess
    job_policy: JobPolicy
    documents: Documents
    _auth: AuthParts | None
    _jobs: JobStores | None
    _job_parameters: JobParametersDB | None
    _delivery: Delivery | None
    _sandboxes: Sandboxes | None
    sandbox_policy: SandboxPolicy
    pilot_policy: PilotPolicy
    resource_status_policy: ResourceStatusPolicy
    _resource_status: ResourceStatusCache | None
    _pilots: PilotStores | None
    _job_rules: dict[str, tuple[ConfigSnapshot, JobRules]] = field(default_factory=dict)

    @classmethod
    async def start(cls, settings: Settings) -> Runtime:
        """A runtime whose configuration is loaded and whose keys and databases are good.

        Raises:
            SetupError: something is set up wrong; the message says what and what to do.
            Unavailable: the configuration repository or a database does not answer.
        """
        if settings.auth is None:
            raise SettingsError("DIRACX_SERVICE_AUTH_TOKEN_ISSUER and DIRACX_SERVICE_AUTH_TOKEN_KEYSTORE must be set")
        keys = KeyRing(settings.auth.token_keystore.get_secret_value())
        tokens = Tokens(settings.auth, keys, more_claims=more_claims(settings.bridge_access_token_claims))
        models = load("diracx_bridge.config", {"config": Config})
        source = ConfigSource(
            settings.config_backend_url, model=models["config"], refresh_seconds=settings.bridge_config_refresh_seconds
        )
        databases = Databases(settings.databases, pool_size=settings.bridge_sql_pool_size)
        minutes = max(settings.auth.access_token_expire_minutes, settings.bridge_proxy_token_minutes or 0)
        token_life = timedelta(minutes=minutes)
        policies = load("diracx_bridge.access_policies", POLICIES)
        self = cls(
            settings=settings,
            databases=databases,
            source=source,
            keys=keys,
            tokens=tokens,
            token_life=token_life,
            revoked=RevokedAccess(databases, tokens, token_life),
            job_policy=policies["wms"](settings),
            documents=Documents(settings.auth, keys),
            _auth=None,
            _jobs=None,
            _job_parameters=None,
            _delivery=None,
            _sandboxes=None,
            sandbox_policy=policies["sandbox"](settings),
            pilot_policy=policies["pilot"](settings),
            resource_status_policy=policies["rss"](settings),
            _resource_status=None,
            _pilots=None,
        )
        try:
            await self._open()
        except BaseException:
            await self.close()
            raise
        return self

    async def _open(self) -> None:
        await self.source.start()
        if self.settings.service_auth_enabled:
            classes = load("diracx_bridge.db.sql", {"AuthDB": AuthDB})
            self._auth = AuthParts.of(
                self.settings, self.databases.server_of("AuthDB"), classes["AuthDB"](), self.tokens, self.keys
            )
        if self.settings.service_jobs_enabled:
            self._jobs = JobStores.of(self.databases)
            self._job_parameters = await open_job_parameters(self.settings)
            self._delivery = Delivery(self._jobs, self._job_parameters)
            self._sandboxes = await self._open_sandboxes(self._jobs)
        if self.settings.service_pilots_enabled:
            self._must_have("PilotAgentsDB", "pilots")
            self._pilots = PilotStores.of(self.databases)
        if self.settings.service_rss_enabled:
            self._must_have("ResourceStatusDB", "rss")
            database = load("diracx_bridge.db.sql", {"ResourceStatusDB": ResourceStatusDB})["ResourceStatusDB"]()
            self._resource_status = ResourceStatusCache(self.databases.server_of("ResourceStatusDB"), database)
        await self._check_schemas()
        await self.revoked.look()

    def _must_have(self, database: str, service: str) -> None:
        if database not in self.databases:
            raise SettingsError(
                f"{variable(database)} must be set for /api/{service}; DIRACX_SERVICE_{service.upper()}_ENABLED=false "
                "serves without it"
            )

    async def _open_sandboxes(self, jobs: JobStores) -> Sandboxes:
        store = open_sandbox_store(self.settings)
        if store is None:
            log.warning("no sandbox store is set up: its routes are unavailable")
        else:
            try:
                await store.check()
            except Unavailable as error:
                log.warning("sandbox store", problem=str(error))
        return Sandboxes(jobs, store, self.settings.sandbox_store.se_name, self.sandbox_policy, self.job_policy)

    async def _check_schemas(self) -> None:
        await self.databases.ping(self.needed_databases)
        findings = await check(self.databases, self.needed_databases)
        fatal = [finding for finding in findings if finding.fatal]
        for finding in findings:
            log.warning("schema", finding=str(finding))
        if fatal:
            raise SettingsError(
                "The databases lack what the services need: "
                + "; ".join(map(str, fatal[:10]))
                + ". See `diracx-bridge db check`."
            )

    @property
    def needed_databases(self) -> tuple[str, ...]:
        """Logical names of the databases that the enabled services work with."""
        jobs = needed(self.databases) if self.settings.service_jobs_enabled else ()
        revoked = (REVOKED_ACCESS,) if REVOKED_ACCESS in self.databases and REVOKED_ACCESS not in jobs else ()
        return (
            *(("AuthDB",) if self.settings.service_auth_enabled else ()),
            *jobs,
            *revoked,
            *(("PilotAgentsDB",) if self.settings.service_pilots_enabled else ()),
            *(("ResourceStatusDB",) if self.settings.service_rss_enabled else ()),
        )

    @property
    def auth(self) -> AuthParts:
        """What issues tokens; there while ``/api/auth`` is enabled."""
        return _enabled(self._auth, "auth")

    @property
    def jobs(self) -> JobStores:
        """The job databases; there while ``/api/jobs`` is enabled."""
        return _enabled(self._jobs, "jobs")

    @property
    def job_parameters(self) -> JobParametersDB:
        """The job parameters; there while ``/api/jobs`` is enabled."""
        return _enabled(self._job_parameters, "jobs")

    @property
    def delivery(self) -> Delivery:
        """The way of job parameters to their store; there while ``/api/jobs`` is enabled."""
        return _enabled(self._delivery, "jobs")

    @property
    def pilots(self) -> PilotStores:
        """The database of pilots; there while ``/api/pilots`` is enabled."""
        return _enabled(self._pilots, "pilots")

    @property
    def resource_status(self) -> ResourceStatusCache:
        """The statuses of sites and resources; there while ``/api/rss`` is enabled."""
        return _enabled(self._resource_status, "rss")

    @property
    def sandboxes(self) -> Sandboxes:
        """The sandboxes of jobs; there while ``/api/jobs`` is enabled."""
        return _enabled(self._sandboxes, "jobs")

    def global_jobs_info(self, vo: str) -> bool:
        """Whether users of ``vo`` see each other's jobs (option ``Services/JobMonitoring/GlobalJobsInfo``)."""
        operations = self.source.current.config.operations.get(vo)
        return operations is None or operations.services.job_monitoring.global_jobs_info

    def use(self, snapshot: ConfigSnapshot) -> None:
        """Let what was made of the configuration be made of this one."""
        self.documents.remake(snapshot.config)
        self.tokens.suspend(snapshot.config)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """What is done beside the requests is done within this block."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.keys.followed())
            await stack.enter_async_context(self.revoked.followed())
            if self._jobs is not None:
                await stack.enter_async_context(maintained(self._jobs, self.token_life))
                await stack.enter_async_context(settled(self._jobs))
            if self._delivery is not None:
                await stack.enter_async_context(self._delivery.at_work())
            yield

    def job_rules(self, vo: str) -> JobRules:
        """What ``vo`` allows in job descriptions, as the configuration is now."""
        snapshot = self.source.current
        known = self._job_rules.get(vo)
        if known is None or known[0] is not snapshot:
            rules = JobRules.of(snapshot.config, vo, self.settings.bridge_max_jobs_per_submission)
            known = self._job_rules[vo] = (snapshot, rules)
        return known[1]

    async def close(self) -> None:
        """Stop following the configuration and close all connections."""
        if self._auth is not None:
            await self._auth.providers.close()
        await self.source.stop()
        if self._resource_status is not None:
            await self._resource_status.close()
        await self.databases.close()
        if self._job_parameters is not None:
            await self._job_parameters.close()
        if self._sandboxes is not None and self._sandboxes.store is not None:
            await self._sandboxes.store.close()


def _enabled(part: T | None, service: str) -> T:
    if part is None:
        raise SettingsError(f"/api/{service} is disabled by DIRACX_SERVICE_{service.upper()}_ENABLED")
    return part


def runtime_of(request: Request) -> Runtime:
    """The runtime of the application that handles ``request``."""
    return cast(Runtime, request.app.state.runtime)
