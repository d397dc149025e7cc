"""Run DIRAC's own unit tests of a handler with our class in the place of DIRAC's mixin.

usage: handler_unit_tests.py TEST_MODULE MIXIN_MODULE MIXIN OUR_MODULE OUR_CLASS
"""

import importlib
import os
import sys

import pytest

from answer import answer

test_module, mixin_module, mixin, our_module, our_class = sys.argv[1:]
ours = getattr(importlib.import_module(our_module), our_class)
theirs = importlib.import_module(mixin_module)
assert issubclass(ours, getattr(theirs, mixin))
setattr(theirs, mixin, ours)


class Counted:
    """Counts outcomes."""

    def __init__(self):
        self.outcomes = {}
        self.classes = set()

    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.outcomes[report.outcome] = self.outcomes.get(report.outcome, 0) + 1

    def pytest_collection_modifyitems(self, items):
        self.classes |= {getattr(item.module, mixin) for item in items}


counted = Counted()
os.chdir(os.environ["HOME"])  # away from the settings of the tests of this project
options = ["-q", "-p", "no:cacheprovider"]
code = pytest.main([*options, "--pyargs", test_module], plugins=[counted])
answer({"code": int(code), "outcomes": counted.outcomes, "ours": counted.classes == {ours}})
