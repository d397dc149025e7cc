"""Exit codes are a contract with scripts."""

from __future__ import annotations

from diracx_bridge.cli.failures import KINDS


def test_exit_codes_stay_what_they_are() -> None:
    assert {kind.code: sorted(error.__name__ for error in kind.errors) for kind in KINDS} == {
        0: [],
        1: [],
        2: [],
        3: ["LoginNeeded", "NotAuthenticated"],
        4: ["NotAllowed", "PermissionDenied"],
        5: ["NothingThere"],
        6: ["Unavailable"],
        7: [],
    }
