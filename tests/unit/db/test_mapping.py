from __future__ import annotations

import json
from typing import Any

import pytest

from diracx_bridge.db.os.mapping import encoded, fitting


def document(**values: Any) -> Any:
    return json.loads(encoded(fitting(7, values, 1234)))


def test_id_and_time_stamp_are_added_whatever_the_parameters_say() -> None:
    assert document(JobID=8, timestamp="never") == {"JobID": 7, "timestamp": 1234}


@pytest.mark.parametrize("value", [12, 12.9, "12", "12.0", " 12 ", "1.2e1", "+12"])
@pytest.mark.parametrize("name", ["CPUNormalizationFactor", "NormCPUTime(s)", "TotalCPUTime(s)", "PayloadPID"])
def test_whole_numbers_are_stored_as_numbers(name: str, value: Any) -> None:
    assert document(**{name: value})[name] == 12


@pytest.mark.parametrize("value", ["many", True, {}, "1e400", 2**63, "9" * 99, "nan", "1_2", "0x10"])
def test_what_is_no_whole_number_is_refused_with_the_name_of_the_parameter(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^PayloadPID"):
        document(PayloadPID=value)


def test_the_empty_text_is_no_number_as_legacy_dirac_gets_it_stored() -> None:
    assert document(PayloadPID="")["PayloadPID"] is None


@pytest.mark.parametrize("name", ["", " ", ".a", "a.", "a..b", "_id", "_source"])
def test_names_that_opensearch_refuses_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of a parameter"):
        document(**{name: 1})


def test_other_parameters_keep_their_type() -> None:
    values = {"anything": {"deep": [1, "2"]}, "HostName": "wn1", "none": None, "flag": True}
    assert document(**values) == {**values, "JobID": 7, "timestamp": 1234}


def test_values_that_no_document_can_hold_are_refused() -> None:
    long = {"long": "x" * (8 * 2**20)}
    for values in ({"CEQueue": "x" * 32_767}, {"GridCE": {}}, long, {"text": "\ud800"}, {"big": 2**70}):
        with pytest.raises(ValueError, match=r"longer than|is an object|no JSON"):
            document(**values)
