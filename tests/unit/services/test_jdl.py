"""Job descriptions without a database: read as DIRAC reads them, or refused; never a hang, never another error."""

from __future__ import annotations

import pytest
from DIRACCommon.Core.Utilities.ClassAd.ClassAdLight import ClassAd
from hypothesis import given
from hypothesis import strategies as st

from diracx_bridge.config.schema import Config
from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.services.jobs.jdl.expansion import prepared_submission
from diracx_bridge.services.jobs.jdl.prepared import PreparedJob, compressed, extracted, prepare
from diracx_bridge.services.jobs.jdl.reader import bracketed, read_jdl
from diracx_bridge.services.jobs.jdl.rules import JobRules

CONFIG = Config.model_validate(
    {
        "DIRAC": {},
        "Operations": {
            "vo": {
                "Transformations": {"DataProcessing": "Merge, MCSimulation"},
                "JobDescription": {"DefaultPriority": 50, "MaxPriority": 20},
            }
        },
        "Registry": {},
        "Resources": {"Computing": {"OSCompatibility": {"el9": ["el9", "alma9"]}}},
        "Systems": {"WorkloadManagement": {"Services": {"JobManager": {"MaxParametricJobs": "7"}}}},
    }
)
RULES = JobRules.of(CONFIG, "vo", 100)
WORDS = (
    "Executable", "Arguments", "InputData", "Parameters", "Parameters.A", "ParameterStep", "ParameterFactor", "Site",
    "Priority", "Platform", "JobID", "Owner", "=", "=", ";", ";", "[", "]", "{", "}", '"', ",", " ", "\n", "%j", "%s",
    "%n", "%(A)s", "3", "-1", "1e400", "nan", "x", "LFN:/vo/a", "é", "\\", "'", "/", "#",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=30).map("".join) | st.text(max_size=60)
DESCRIPTIONS = st.lists(
    st.tuples(st.sampled_from(WORDS[:12]), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join)),
    max_size=6,
).map(lambda pairs: 'Executable = "x"; ' + "".join(f"{name} = {value};" for name, value in pairs))


def prepared(text: str, rules: JobRules, owner: str, group: str) -> PreparedJob:
    return prepare(text, read_jdl(text), rules, owner, group)


@given(TEXTS | DESCRIPTIONS)
def test_a_description_is_prepared_or_refused_whatever_its_text(text: str) -> None:
    try:
        submission = prepared_submission([text], RULES, "alice", "group")
    except InvalidInput:
        return
    for job in submission.jobs:
        stored = job.jdl_for(42)
        # DIRAC's own parser comes to an end with what is stored, and sees our owner
        for jdl in (stored, extracted(job.original)):
            ad = ClassAd(jdl)
            assert ad.contents == read_jdl(jdl).contents
            assert all(isinstance(ad.getListFromExpression(name), list) for name in ad.contents)
        assert ClassAd(stored).getAttributeString("Owner") == "alice"
        assert ClassAd(stored).getAttributeInt("JobID") == 42


@given(TEXTS | DESCRIPTIONS)
def test_what_is_read_is_what_the_parser_of_dirac_reads(text: str) -> None:
    try:
        jdl = bracketed(text)
        found = read_jdl(jdl)
    except InvalidInput:
        return
    assert found.contents == ClassAd(jdl).contents


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[a = [b = 1]]", "semicolon right after"),
        ("[a = [b = 1] ; c = 2;]", "semicolon right after"),
        ("[a = [b = 1; c = 2;]", "not closed"),
        ("[a = x[1];]", "square brackets"),
        ("[a = ;]", "no value"),
        ("[a]", "no value is given for 'a'"),
        ("[# a comment\n a = 1;]", "no comments"),
        ("[a = {b}, {c;]", "braces"),
        ("[a = {b}, {c};]", "braces"),
        ("[" + "a = [" * 12 + "b = 1;" + "];" * 12 + "]", "nested deeper"),
    ],
)
def test_what_the_parser_of_dirac_can_not_read_is_refused_with_the_remedy(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        read_jdl(text)


def test_a_sub_description_is_kept() -> None:
    job = prepared('[Executable = "x"; Sub = [ A = 1; B = "b"; ];]', RULES, "alice", "group")
    assert read_jdl(job.jdl_for(1)).lookupAttribute("Sub")


def test_rules_come_from_the_configuration_of_the_vo() -> None:
    assert RULES.max_parametric_jobs == 7
    assert {"Merge", "MCSimulation", "User"} <= set(RULES.job_types)
    assert JobRules.of(CONFIG, "another", 5).max_parametric_jobs == 5
    # a default beyond the limits is brought within them, as DIRAC does
    assert prepared('[Executable = "x";]', RULES, "alice", "group").priority == 20


def test_platforms_are_those_that_are_compatible() -> None:
    job = prepared('[Executable = "x"; Platform = "alma9";]', RULES, "alice", "group")
    requirements = read_jdl(job.jdl).get_expression("JobRequirements")
    assert read_jdl(requirements).getListFromExpression("Platforms") == ["el9"]
    with pytest.raises(InvalidInput, match="No compatible DIRAC platform"):
        prepared('[Executable = "x"; Platform = "win95";]', RULES, "alice", "group")


def test_the_mark_of_the_id_stands_nowhere_in_the_text() -> None:
    job = prepared('[Executable = "x"; Arguments = "9000000007 %j";]', RULES, "alice", "group")
    assert 'Arguments = "9000000007 5";' in job.jdl_for(5)


def test_a_stored_description_is_read_back_also_in_the_form_of_old_releases() -> None:
    assert extracted(compressed("[a = 1;]")) == "[a = 1;]"
    assert extracted("[a = 1;]") == "[a = 1;]"
    assert extracted("") == ""


def test_ten_faults_are_told_and_the_others_counted() -> None:
    with pytest.raises(InvalidInput, match="And 10 more faults"):
        prepared_submission([f'Executable = "x"; Priority = {n};' for n in range(100, 120)], RULES, "alice", "group")
