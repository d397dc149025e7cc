"""The stage compare over the generated calls: what differs is declared, so nothing is found."""

from __future__ import annotations

from contextlib import closing

from diracx_bridge.legacy_adapters.dispatch.call import Caller
from diracx_bridge.legacy_adapters.dispatch.observation import Comparison
from tests.parity.conftest import Serve
from tests.parity.job_state_update.cases import Case, cases
from tests.parity.job_state_update.twins import Twins
from tests.parity.test_compare import Compared
from tests.servers.databases import WorkerDatabases
from tests.servers.legacy import Legacy
from tests.servers.legacy_configuration import GROUPS
from tests.servers.opensearch import OpenSearch
from tests.servers.process import ServerError
from tests.servers.sql_server import SqlServer


def may_raise(case: Case) -> bool:
    """Whether the legacy handler may raise: a service answers nothing then, and there is nothing to compare."""
    empty = case.method == "setJobStatusBulk" and not case.arguments[1]
    return empty or bool(case.tags & {"bad time", "no id"}) or "datetime.datetime" in repr(case.arguments)


def test_generated_calls_have_no_mismatch(
    legacy: Legacy,
    serve_bridge: Serve,
    mariadb: SqlServer,
    worker_databases: WorkerDatabases,
    opensearch: OpenSearch,
    opensearch_prefix: str,
    every_call: bool,
) -> None:
    server = serve_bridge({})
    chosen = cases()[:: 1 if every_call else 5]
    raised = []
    with (
        Twins(mariadb, worker_databases.names, opensearch, opensearch_prefix) as twins,
        closing(Compared(legacy, server.url)) as compared,
    ):
        for case, (job, _) in zip(chosen, twins.make(chosen), strict=True):
            user, group = case.caller
            try:
                compared.call(case.method, *case.arguments_for(job), caller=Caller(user, group, GROUPS[group][0]))
            except ServerError:
                raised.append(case)
    assert [(found.method, found.what, found.legacy, found.diracx, found.call) for found in compared.found] == []
    told = compared.comparisons()
    assert set(told) == {Comparison.EQUAL, Comparison.DIFFERENCE}
    assert told[Comparison.EQUAL] > 0.4 * len(chosen)
    assert told.total() + len(raised) == len(chosen)
    assert [case for case in raised if not may_raise(case)] == []
