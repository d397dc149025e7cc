"""The bridge beside the real DIRAC: one database server, one OpenSearch, one configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from diracx_bridge.cs_sync.convert import convert
from diracx_bridge.cs_sync.publisher import publish
from diracx_bridge.cs_sync.target import parse_target
from tests.installation import settings_for
from tests.live import LiveServer, serving
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import USERS, Section, merged
from tests.servers.opensearch import OpenSearch

SWITCHED_ON: Section = {"FutureClientEnabled": {"WorkloadManagement": {"JobStateUpdate": "Yes"}}}


def described(default_group: str, *users: str) -> Section:
    """A VO as ``/DiracX/CsSync/VOs`` has it."""
    return {
        "DefaultGroup": default_group,
        "IdP": {"URL": "https://idp.example.org", "ClientID": "bridge"},
        "UserSubjects": {user: f"subject-of-{user}" for user in users},
    }


Serve = Callable[..., LiveServer]


@pytest.fixture
def every_call(request: pytest.FixtureRequest) -> bool:
    """Whether all generated calls are wanted where a sample would do."""
    return bool(request.config.getoption("--every-call"))


@pytest.fixture
def serve_bridge(
    legacy: Legacy, mariadb_urls: Mapping[str, str], opensearch: OpenSearch, opensearch_prefix: str, tmp_path: Path
) -> Iterator[Serve]:
    """Starts our service at the ``/DiracX/URL`` of ``legacy``, on its databases and with its configuration, converted.

    Takes sections of the CS to add, ``bridged`` as ``legacy.configure`` has it, and ``prelude`` as ``serving`` has it.
    """
    vos: Section = {
        "dirac": described("dirac_user", *(user for user in USERS if user != "carol")),
        "othervo": described("othervo_user", "carol"),
    }
    with ExitStack() as stack:

        def start(sections: Section, *, bridged: bool = False, prelude: str = "") -> LiveServer:
            legacy.configure(merged({"DiracX": {"CsSync": {"VOs": vos}}}, sections), bridged=bridged)
            converted = convert(str(legacy.registry_cfg))
            assert converted.content is not None, converted.as_dict()["findings"]
            repository = tmp_path / "config.git"
            publish(converted, parse_target(str(repository), git=True))
            settings = settings_for(
                tmp_path,
                mariadb_urls,
                config_backend_url=f"git+file://{repository}",
                legacy_exchange_hashed_api_key=legacy.hashed_api_key,
                os_db_jobparametersdb={"hosts": [opensearch.url]},
                factory_os_global_prefix=opensearch_prefix,
                bridge_job_parameters_file=None,
            )
            return stack.enter_context(serving(settings, tmp_path, port=legacy.diracx_port, prelude=prelude))

        yield start


@pytest.fixture
def bridge(serve_bridge: Serve) -> LiveServer:
    """Our service, with JobStateUpdate switched to DiracX in the CS."""
    return serve_bridge({"DiracX": SWITCHED_ON})
