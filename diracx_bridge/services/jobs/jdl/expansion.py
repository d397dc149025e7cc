"""One parametric job description stands for many jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from DIRACCommon.WorkloadManagementSystem.Utilities.ParametricJob import (
    generateParametricJobs,
    getParameterVectorLength,
)

from diracx_bridge.core.errors import InvalidInput
from diracx_bridge.services.jobs.jdl.checks import faults
from diracx_bridge.services.jobs.jdl.prepared import PreparedJob, prepare
from diracx_bridge.services.jobs.jdl.reader import bracketed, read_jdl
from diracx_bridge.services.jobs.jdl.rules import JobRules

LARGEST: Final = 64_000_000
"""Characters of all descriptions that one parametric description may expand to."""
LONGEST_NUMBER: Final = 30
"""Characters of a start, step or factor: a product of many more digits would take minutes."""
REMEMBERED_LENGTH: Final = 10_000
SHOWN: Final = 10
"""How many faults are told at once."""


class Faults(InvalidInput):
    """Several things that are wrong with one description."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.all = faults


@dataclass(frozen=True, slots=True)
class Submission:
    """The jobs of one request, in order; the jobs of a ``parametric`` one have to be confirmed."""

    jobs: Sequence[PreparedJob]
    parametric: bool


def prepared_submission(descriptions: Sequence[str], rules: JobRules, owner: str, group: str) -> Submission:
    """All jobs that ``descriptions`` stand for. CPU only: `Expansion` does it in steps.

    Raises:
        InvalidInput: any of them can't be accepted; the message names each by its number, with what to change.
    """
    expansion = Expansion(descriptions, rules)
    expansion.prepare(expansion.distinct, owner, group)
    return expansion.submission()


class Expansion:
    """The texts that ``descriptions`` stand for, to be prepared in steps: ``distinct`` are those that differ.

    Raises:
        InvalidInput: there are too many jobs, or none, or a parametric description can't be expanded.
    """

    def __init__(self, descriptions: Sequence[str], rules: JobRules) -> None:
        self._rules = rules
        self._texts, self._parametric = _expanded(descriptions, rules)
        self._made: dict[str, PreparedJob] = {}
        self._wrong: dict[str, list[str]] = {}
        self.distinct = list(dict.fromkeys(self._texts))

    def prepare(self, texts: Sequence[str], owner: str, group: str) -> None:
        """Prepare these of the distinct ones."""
        for text in texts:
            try:
                work = _remembered if len(text) <= REMEMBERED_LENGTH else _accepted
                self._made[text] = work(text, self._rules, owner, group)
            except Faults as error:
                self._wrong[text] = error.all
            except InvalidInput as error:
                self._wrong[text] = [str(error)]

    def submission(self) -> Submission:
        """All jobs, in order, once all texts are prepared.

        Raises:
            InvalidInput: any of them can't be accepted; the message names each by its number, with what to change.
        """
        wrong = self._wrong
        if wrong:
            told = [f"Job {n}: {fault}" for n, text in enumerate(self._texts, 1) for fault in wrong.get(text, ())]
            more = f" And {len(told) - SHOWN} more faults." if len(told) > SHOWN else ""
            raise InvalidInput(". ".join(told[:SHOWN]) + "." + more + " No job was submitted.")
        return Submission([self._made[text] for text in self._texts], self._parametric)


def _accepted(text: str, rules: JobRules, owner: str, group: str) -> PreparedJob:
    ad = read_jdl(text)
    if found := list(faults(ad, rules)):
        raise Faults(found)
    return prepare(text, ad, rules, owner, group)


_remembered = lru_cache(maxsize=512)(_accepted)
"""Scripts submit the same text again and again; the rules of another revision are other rules."""


def _expanded(descriptions: Sequence[str], rules: JobRules) -> tuple[list[str], bool]:
    if not descriptions:
        raise InvalidInput("No job is given: send a list of job descriptions with at least one element")
    if len(descriptions) > rules.max_jobs:
        raise InvalidInput(
            f"{len(descriptions)} jobs at once; the most are {rules.max_jobs}: send them in several requests"
        )
    texts: dict[str, str] = {}
    for number, description in enumerate(descriptions, 1):
        if description in texts:
            continue
        try:
            text = bracketed(description)
            if "Parameters" in text and _is_parametric(ad := read_jdl(text)):
                if len(descriptions) > 1:
                    raise InvalidInput("it is parametric; submit parametric jobs one at a time, alone")
                return _parametric(ad, text, rules), True
        except InvalidInput as error:
            raise InvalidInput(f"Job {number}: {error}. No job was submitted.") from None
        texts[description] = text
    return [texts[description] for description in descriptions], False


def _is_parametric(ad: Any) -> bool:
    return any(name.startswith("Parameters") for name in ad.contents)


def _parametric(ad: Any, text: str, rules: JobRules) -> list[str]:
    try:
        count = _value(getParameterVectorLength(ad))
        if not count:
            raise InvalidInput("Parameters is neither a number nor a list; write Parameters = 10; or {a, b}")
        if count > rules.max_parametric_jobs:
            raise InvalidInput(f"it makes {count} jobs; the most of a parametric job are {rules.max_parametric_jobs}")
        if count * len(text) > LARGEST:
            raise InvalidInput(f"its {count} jobs have more than {LARGEST} characters together; split it")
        for name, value in ad.contents.items():
            if name.startswith(("ParameterStart", "ParameterStep", "ParameterFactor")) and len(value) > LONGEST_NUMBER:
                raise InvalidInput(f"{name} has more than {LONGEST_NUMBER} digits")
        # what it expands is the text that it writes itself, so that has to be readable, too
        read_jdl(ad.asJDL())
        jobs: list[str] = _value(generateParametricJobs(ad))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # DIRACCommon computes with whatever stands in the description
        raise InvalidInput("its parameters can't be expanded; look at Parameters, ParameterStart and -Step") from error
    return jobs


def _value(result: Any) -> Any:
    if not result["OK"]:
        raise InvalidInput(f"DIRAC can't expand it: {result['Message']}")
    return result["Value"]
