"""The ten methods of JobStateUpdate: what they send, return and raise."""

from __future__ import annotations

import inspect
import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from diracx_bridge.core.errors import InvalidInput, LegacyError, NoEquivalent, ServerRefused, Unavailable
from diracx_bridge.legacy_adapters.contract import REQUIRED
from diracx_bridge.legacy_adapters.job_state_update import CONTRACT, JobStateUpdate
from tests.unit.legacy_adapters.fake_server import FakeServer, refusal

STATUS = "PATCH /api/jobs/status"
SEARCH = "POST /api/jobs/search"
METADATA = "PATCH /api/jobs/metadata"
HEARTBEAT = "PATCH /api/jobs/heartbeat"
ATTRIBUTES = "PATCH /api/bridge/jobs/attributes"
NOON = "2026-01-01 12:00:00"


@pytest.fixture
def server() -> FakeServer:
    return FakeServer(dirac_properties=["NormalUser"])


@pytest.fixture
def adapter(server: FakeServer) -> JobStateUpdate:
    return JobStateUpdate(server.client(), sleep=lambda seconds: None)


def test_methods_and_arguments_are_those_of_the_contract() -> None:
    for method in CONTRACT.methods:
        parameters = list(inspect.signature(getattr(JobStateUpdate, method.name)).parameters.values())[1:]
        given = [(p.name, REQUIRED if p.default is inspect.Parameter.empty else p.default) for p in parameters]
        assert given == [(argument.name, argument.default) for argument in method.arguments]


def test_bulk_sends_known_members_that_are_not_empty_at_utc_times(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.statuses({"1": {"Status": "Running", "MinorStatus": "m", "ApplicationStatus": None}})
    updates = {
        "2026-01-01 12:00:00.5": {"Status": "Running", "MinorStatus": "", "Nonsense": "y", "Source": ""},
        datetime(2026, 1, 1, 13): {"MinorStatus": "m", "Source": "JobWrapper"},
    }
    assert adapter.setJobStatusBulk("1", updates) == (["MinorStatus"], ["m"])
    body = {
        "2026-01-01 12:00:00.000005+00:00": {"Status": "Running"},
        "2026-01-01 13:00:00+00:00": {"MinorStatus": "m", "Source": "JobWrapper"},
    }
    assert server.calls == [(f"{STATUS}?force=false", {"1": body})]


def test_bulk_leaves_the_arguments_as_they_are(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.statuses({"1": {}})
    updates = {NOON: {"Status": "", "MinorStatus": "m"}}
    adapter.setJobStatusBulk(1, updates)
    assert updates == {NOON: {"Status": "", "MinorStatus": "m"}}


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"Status": "Done", "LastUpdateTime": "2026-01-01T12:00:00Z"}, ([], [])),
        ({}, ([], [])),
        (
            {"Status": "Done", "MinorStatus": "m", "ApplicationStatus": "a"},
            (["MinorStatus", "ApplicationStatus"], ["m", "a"]),
        ),
        ({"Status": "Done", "ApplicationStatus": "a"}, (["ApplicationStatus"], ["a"])),
    ],
)
def test_bulk_value_has_minor_and_application_status_and_never_the_status(
    server: FakeServer, adapter: JobStateUpdate, changed: dict[str, Any], value: Any
) -> None:
    server.statuses({"1": changed})
    assert adapter.setJobStatusBulk(1, {NOON: {"Status": "Done"}}) == value


def test_refused_transition_is_a_success_with_what_was_set_beside_it(
    server: FakeServer, adapter: JobStateUpdate
) -> None:
    failed = {"1": {"detail": "A job in status Done can't become Running", "code": "transition_refused"}}
    server.statuses({"1": {"Status": "Done", "MinorStatus": "m"}}, failed)
    assert adapter.setJobStatusBulk(1, {NOON: {"Status": "Running", "MinorStatus": "m"}}) == (["MinorStatus"], ["m"])
    server.statuses(failed=failed)
    assert adapter.setJobStatusBulk(1, {NOON: {"Status": "Running"}}) == ([], [])


@pytest.mark.parametrize(
    "answer",
    [
        refusal(404, {"success": {}, "failed": {"1": {"detail": "Not found"}}}),
        httpx.Response(200, json={"success": {}, "failed": {"1": {"detail": "Not found"}}}),
    ],
)
def test_unknown_job_is_no_matching_job(server: FakeServer, adapter: JobStateUpdate, answer: httpx.Response) -> None:
    server.answer(STATUS, answer)
    with pytest.raises(LegacyError, match=r"^No Matching Job$"):
        adapter.setJobStatusBulk(1, {NOON: {"Status": "Done"}})


def test_update_that_does_not_fit_is_a_mysql_error(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.statuses(failed={"1": {"detail": "MinorStatus is longer", "code": "invalid_update"}})
    with pytest.raises(LegacyError, match=re.escape("MySQL Error ( 1131 : MinorStatus is longer)")) as caught:
        adapter.setJobStatusBulk(1, {NOON: {"MinorStatus": "m" * 200}})
    assert caught.value.errno == 1131


CALLS = [
    (STATUS, "setJobStatus", ("17", "Done")),
    (STATUS, "setJobStatusBulk", ("17", {NOON: {"Status": "Done"}})),
    (STATUS, "setJobApplicationStatus", ("17", "a")),
    (ATTRIBUTES, "setJobAttribute", ("17", "Site", "A")),
    (ATTRIBUTES, "setJobSite", ("17", "A")),
    (METADATA, "setJobParameter", ("17", "A", "b")),
    (METADATA, "setJobParameters", ("17", [("A", "b")])),
    (METADATA, "setJobsParameter", ({"17": ("A", "b")},)),
    (HEARTBEAT, "sendHeartBeat", ("17", {}, {})),
    (SEARCH, "updateJobFromStager", ("17", "Done")),
]


@pytest.mark.parametrize(("route", "method", "arguments"), CALLS)
def test_refused_access_says_so_in_the_words_of_legacy(
    server: FakeServer, adapter: JobStateUpdate, route: str, method: str, arguments: Any
) -> None:
    server.answer(route, refusal(403))
    with pytest.raises(LegacyError, match=r"^Not authorized to modify job 17$"):
        getattr(adapter, method)(*arguments)


@pytest.mark.parametrize(("route", "method", "arguments"), CALLS)
def test_server_that_is_not_there_is_unavailable(
    server: FakeServer, adapter: JobStateUpdate, route: str, method: str, arguments: Any
) -> None:
    server.answer(route, httpx.Response(503))
    with pytest.raises(Unavailable):
        getattr(adapter, method)(*arguments)


def test_other_refusals_keep_their_status_and_detail(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(STATUS, refusal(401, "Invalid JWT"))
    with pytest.raises(ServerRefused, match="401: Invalid JWT"):
        adapter.setJobStatus(1, "Done")


@pytest.mark.parametrize(
    "time", ["yesterday", "2026-01-01T12:00:00", "2026-01-01T12:00:00Z", "2026-01-01", "12:00:00", "", None, 7]
)
def test_time_that_legacy_does_not_understand_is_refused_before_anything_is_sent(
    server: FakeServer, adapter: JobStateUpdate, time: Any
) -> None:
    with pytest.raises(InvalidInput, match="is not a time"):
        adapter.setJobStatusBulk(1, {time: {"Status": "Done"}})
    assert server.calls == []


def test_empty_status_dict_is_refused(adapter: JobStateUpdate) -> None:
    with pytest.raises(InvalidInput, match="statusDict is empty"):
        adapter.setJobStatusBulk(1, {})


def test_unknown_state_is_refused_in_the_words_of_the_state_machine(adapter: JobStateUpdate) -> None:
    with pytest.raises(LegacyError, match=r"^getNextState: 'Foo' is not a valid state$"):
        adapter.setJobStatusBulk(1, {NOON: {"Status": "Foo"}})
    with pytest.raises(LegacyError, match=r"^getNextState: 'Foo' is not a valid state$"):
        adapter.setJobAttribute(1, "Status", "Foo")


def test_job_id_that_is_no_number_is_refused(adapter: JobStateUpdate) -> None:
    with pytest.raises(InvalidInput, match="'abc' is not a job id"):
        adapter.setJobStatus("abc", "Done")


@pytest.mark.parametrize(
    ("properties", "sent"), [(["NormalUser", "Operator", "TrustedHost"], "false"), (["JobAdministrator"], "true")]
)
def test_force_is_sent_only_for_job_administrators(properties: list[str], sent: str) -> None:
    server = FakeServer(dirac_properties=properties)
    server.statuses({"1": {}})
    JobStateUpdate(server.client()).setJobStatusBulk(1, {NOON: {"Status": "Done"}}, True)
    assert server.calls[0][0] == f"{STATUS}?force={sent}"


def test_set_job_status_is_one_update_at_the_given_time(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.statuses({"1": {"MinorStatus": "m"}})
    assert adapter.setJobStatus(1, "Done", "m", "src", NOON) == (["MinorStatus"], ["m"])
    update = {"Status": "Done", "MinorStatus": "m", "Source": "src"}
    assert server.calls[0][1] == {"1": {"2026-01-01 12:00:00+00:00": update}}


def test_set_job_status_is_one_update_of_now_without_a_time(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.statuses({"1": {}})
    adapter.setJobApplicationStatus(1, "app")
    [(time, update)] = server.calls[0][1]["1"].items()
    assert abs(datetime.fromisoformat(time) - datetime.now(UTC)) < timedelta(seconds=5)
    assert update == {"ApplicationStatus": "app", "Source": "Unknown"}


def test_nothing_to_set_is_none_without_a_request(server: FakeServer, adapter: JobStateUpdate) -> None:
    assert adapter.setJobStatus(1) is None
    assert adapter.setJobApplicationStatus(1, "") is None
    adapter.setJobsParameter({})
    adapter.setJobParameters(1, [])
    assert server.calls == []


@pytest.mark.parametrize("attribute", ["Owner", "UserPriority", "Foo", "status"])
def test_attribute_outside_the_allow_list_is_refused_before_anything_is_sent(
    server: FakeServer, adapter: JobStateUpdate, attribute: str
) -> None:
    with pytest.raises(LegacyError, match=f"^Job attribute '{attribute}' cannot be modified through JobStateUpdate$"):
        adapter.setJobAttribute(1, attribute, "x")
    assert server.calls == []


def test_attribute_value_is_the_number_of_changed_rows(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(ATTRIBUTES, httpx.Response(200, json={"1": 2}))
    assert adapter.setJobAttribute(1, "Status", "Done") == 2
    server.answer(ATTRIBUTES, httpx.Response(200, json={"1": 0}))
    assert adapter.setJobSite("1", "A") == 0
    assert server.calls == [(ATTRIBUTES, {"1": {"Status": "Done"}}), (ATTRIBUTES, {"1": {"Site": "A"}})]


def test_attribute_of_an_unknown_job_changes_no_row(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(ATTRIBUTES, refusal(404, "No such job: 1"))
    assert adapter.setJobAttribute(1, "Site", "A") == 0


def test_attribute_that_the_server_can_not_take_is_a_mysql_error(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(ATTRIBUTES, refusal(400, "'bob' is not a time"))
    with pytest.raises(LegacyError, match="1131"):
        adapter.setJobAttribute(1, "StartExecTime", "bob")


def test_site_goes_to_metadata_when_the_server_is_upstreams(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(METADATA, httpx.Response(204))
    assert adapter.setJobSite(1, "A") == 1
    assert adapter.setJobSite(1, "B") == 1
    assert [call for call, _ in server.calls] == [ATTRIBUTES, METADATA, METADATA]


@pytest.mark.parametrize(("status", "rows"), [("Done", 2), ("Running", 0)])
def test_status_attribute_goes_to_the_status_route_when_the_server_is_upstreams(
    server: FakeServer, adapter: JobStateUpdate, status: str, rows: int
) -> None:
    server.statuses({"1": {"Status": status}})
    assert adapter.setJobAttribute(1, "Status", "Done") == rows


def test_other_attributes_have_no_equivalent_when_the_server_is_upstreams(adapter: JobStateUpdate) -> None:
    with pytest.raises(NoEquivalent, match="no route that sets MinorStatus"):
        adapter.setJobAttribute(1, "MinorStatus", "m")


def test_parameters_are_stored_as_they_come(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(METADATA, httpx.Response(204))
    adapter.setJobParameter("1", "HostName", "h")
    adapter.setJobParameters(1, [("A", 3.5), ["B", "x"]])  # type: ignore[list-item]
    adapter.setJobsParameter({"1": ["D", 5], 2: ("E", "e")})  # type: ignore[dict-item]
    assert server.calls == [
        (METADATA, {"1": {"HostName": "h"}}),
        (METADATA, {"1": {"A": 3.5, "B": "x"}}),
        (METADATA, {"1": {"D": "5"}, "2": {"E": "e"}}),
    ]


def test_parameter_called_site_does_not_change_the_attribute(server: FakeServer, adapter: JobStateUpdate) -> None:
    with pytest.raises(InvalidInput, match="setJobSite"):
        adapter.setJobParameter(1, "Site", "A")
    assert server.calls == []


def test_parameter_that_is_no_finite_number_is_refused(adapter: JobStateUpdate) -> None:
    with pytest.raises(InvalidInput, match="CPU is nan"):
        adapter.setJobParameters(1, [("CPU", float("nan"))])


def test_parameters_of_jobs_that_may_be_changed_are_stored_and_the_last_refused_one_is_named(
    server: FakeServer, adapter: JobStateUpdate
) -> None:
    server.answers[METADATA] = lambda request: (
        httpx.Response(204) if request.content.startswith(b'{"2":') else refusal(403)
    )
    with pytest.raises(LegacyError, match=r"^Not authorized to modify job 3$"):
        adapter.setJobsParameter({1: ("A", "a"), 2: ("A", "a"), 3: ("A", "a")})
    assert [body for _, body in server.calls[1:]] == [{"1": {"A": "a"}}, {"2": {"A": "a"}}, {"3": {"A": "a"}}]


def test_heartbeat_sends_numbers_and_output_to_the_route_and_the_rest_to_parameters(
    server: FakeServer, adapter: JobStateUpdate, caplog: pytest.LogCaptureFixture
) -> None:
    commands = [{"job_id": 1, "command": "Kill", "arguments": None}, {"job_id": 1, "command": "Peek", "arguments": "x"}]
    server.answer(HEARTBEAT, httpx.Response(200, json=commands))
    server.answer(METADATA, httpx.Response(204))
    with caplog.at_level(logging.WARNING):
        value = adapter.sendHeartBeat(
            "1",
            {"CPUConsumed": "1.5", "Vsize": 7, "Mood": "good", "LoadAverage": "much"},
            {"StandardOutput": "o", "Node": "n"},
        )
    assert value == {"Kill": "", "Peek": "x"}
    assert server.calls == [
        (HEARTBEAT, {"1": {"CPUConsumed": 1.5, "Vsize": 7.0, "StandardOutput": "o"}}),
        (METADATA, {"1": {"Node": "n"}}),
    ]
    assert "Mood" in caplog.text
    assert "much" in caplog.text


def test_commands_are_returned_when_the_static_part_can_not_be_stored(
    server: FakeServer, adapter: JobStateUpdate, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer(HEARTBEAT, httpx.Response(200, json=[{"job_id": 1, "command": "Kill", "arguments": ""}]))
    server.answer(METADATA, httpx.Response(503))
    assert adapter.sendHeartBeat(1, {}, {"Node": "n"}) == {"Kill": ""}
    assert "not stored" in caplog.text


def test_time_of_a_heartbeat_is_set_when_the_caller_names_one(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(HEARTBEAT, httpx.Response(200, json=[]))
    server.answer(ATTRIBUTES, httpx.Response(200, json={"1": 1}))
    assert adapter.sendHeartBeat(1, {"HeartBeatTime": NOON}, {}) == {}
    assert server.calls == [(HEARTBEAT, {"1": {}}), (ATTRIBUTES, {"1": {"HeartBeatTime": NOON}})]


def test_heartbeat_of_an_unknown_job_says_not_found(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(HEARTBEAT, refusal(404))
    with pytest.raises(LegacyError, match=r"^Job 17 not found$"):
        adapter.sendHeartBeat(17, {}, {})


def states(*states: str) -> list[httpx.Response]:
    return [httpx.Response(200, json=[{"JobID": 1, "Status": state}]) for state in states]


def test_stager_moves_a_staging_job_on(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(SEARCH, *states("Staging"))
    server.statuses({"1": {"Status": "Checking", "MinorStatus": "JobScheduling"}})
    assert adapter.updateJobFromStager(1, "Done") == (["MinorStatus"], ["JobScheduling"])
    [update] = server.calls[1][1]["1"].values()
    assert update == {"Status": "Checking", "MinorStatus": "JobScheduling", "Source": "StagerSystem"}


def test_stager_failure_only_sets_the_minor_status(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(SEARCH, *states("Staging"))
    server.statuses({"1": {"MinorStatus": "Staging input files failed"}})
    adapter.updateJobFromStager(1, "Failed")
    [update] = server.calls[1][1]["1"].values()
    assert update == {"MinorStatus": "Staging input files failed", "Source": "StagerSystem"}


def test_stager_waits_for_staging_and_says_how_long(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(SEARCH, *states("Checking", "Checking", "Staging"))
    server.statuses({"1": {}})
    assert adapter.updateJobFromStager(1, "Done") == "Found job in Staging after 2 seconds"


def test_stager_gives_up_after_ten_tries(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(SEARCH, *states("Waiting"))
    assert adapter.updateJobFromStager(1, "Done") == "Job is not in Staging after 10 seconds"
    assert len(server.calls) == 10


def test_stager_of_an_unknown_job_says_no_matching_job(server: FakeServer, adapter: JobStateUpdate) -> None:
    server.answer(SEARCH, httpx.Response(200, json=[]))
    assert adapter.updateJobFromStager(1, "Done") == "No Matching Job"
