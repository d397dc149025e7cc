"""Findings about what a configuration says."""

from __future__ import annotations

from typing import Final

from diracx_bridge.cs_sync.kind import Effect, Kind, Severity
from diracx_bridge.cs_sync.registry_kinds import REGISTRY

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CONTENT: Final = (
    # the whole
    Kind("too-deep", _E, Effect.OPTION, "Sections nested deeper than any reader takes", "Check the braces"),
    Kind(
        "vos-missing",
        _E,
        Effect.REFUSED,
        "No VO can be converted",
        "Describe each VO in `/DiracX/CsSync/VOs/<vo>`: `DefaultGroup`, `IdP/URL`, `IdP/ClientID`, `UserSubjects`",
    ),
    Kind(
        "registry-incomplete",
        _E,
        Effect.REFUSED,
        "There is no group although subjects of users are given: the file looks cut, and nobody could log in",
        "Give the complete file",
    ),
    Kind(
        "entries-vanished",
        _E,
        Effect.REFUSED,
        "More users, groups, VOs or options of Operations would go than may go at once: the file may be cut",
        "Give the complete file; if it is right, allow it once: `--policy entries-vanished=keep`",
    ),
    Kind(
        "version-older",
        _E,
        Effect.REFUSED,
        "The file has an older Version than the one published last",
        "Give the present file; to go back on purpose, use `--policy version-older=keep`",
    ),
    Kind(
        "section-expected",
        _E,
        Effect.OPTION,
        "An option stands where a section belongs",
        "Make it a section, or remove it",
    ),
    Kind(
        "option-expected",
        _E,
        Effect.OPTION,
        "A section stands where an option belongs",
        "Make it an option, or remove it",
    ),
    Kind(
        "unknown-option",
        _W,
        Effect.OPTION,
        "An option that neither the rules nor DiracX know",
        "Correct its name, or remove it",
    ),
    Kind(
        "unknown-section",
        _W,
        Effect.OPTION,
        "A section that neither the rules nor DiracX know",
        "Correct its name, or remove it",
    ),
    Kind(
        "not-in-diracx",
        _N,
        Effect.OPTION,
        "DIRAC knows the option, the configuration of DiracX has no place for it",
        "Nothing to do as long as DIRAC reads the legacy configuration",
    ),
    Kind(
        "schema-refused",
        _E,
        Effect.OPTION,
        "The schema of the installed configuration class refuses the value",
        "Correct the value",
    ),
    Kind(
        "schema-unfit",
        _E,
        Effect.REFUSED,
        "The schema of the installed configuration class wants something that no legacy option gives",
        "Check the installed extension of `diracx_bridge.config`",
    ),
    # DIRAC and Operations
    Kind(
        "setup-left-over",
        _W,
        Effect.OPTION,
        "A setup, as DIRAC had them before v9",
        "Remove it when no DIRAC before v9 reads this configuration",
    ),
    Kind(
        "operations-setup-layer",
        _W,
        Effect.OPTION,
        "Operations of a setup, as before v9; DIRAC v9 ignores them",
        "Move what is still wanted to `/Operations/Defaults` or `/Operations/<vo>`",
    ),
    Kind(
        "operations-unknown",
        _W,
        Effect.OPTION,
        "A section of `/Operations` that is neither `Defaults` nor a VO",
        "Move it below `/Operations/Defaults` or a VO",
    ),
    Kind(
        "vo-not-migrated",
        _N,
        Effect.VO,
        "A VO without `/DiracX/CsSync/VOs/<vo>`",
        "Describe it there when it is to move to DiracX",
    ),
    *REGISTRY,
    # values
    Kind(
        "number-invalid",
        _E,
        Effect.OPTION,
        "Not a number of the kind wanted; the default applies, as in DIRAC",
        "Give a number",
    ),
    Kind(
        "flag-unclear",
        _W,
        Effect.KEPT,
        "DIRAC takes only y, yes, true and 1 for true; this one it takes for false, and so DiracX is told",
        "Write `True` or `False`",
    ),
    # resources
    Kind(
        "platforms-kept",
        _N,
        Effect.KEPT,
        "`OSCompatibility` is converted (upstream's converter loses it)",
        "",
    ),
    Kind(
        "platforms-nested",
        _W,
        Effect.CHANGED,
        "`OSCompatibility` inside itself; the inner one is taken",
        "Leave one of the two levels",
    ),
    # secrets
    Kind(
        "secret-dropped",
        _E,
        Effect.OPTION,
        "What looks like a secret in a section that DiracX shows to every user",
        "Move it to the local configuration of the servers that need it",
    ),
    Kind(
        "secret-not-written",
        _N,
        Effect.OPTION,
        "What looks like a secret, in a section that is not converted",
        "Keep secrets in local files: the configuration server gives this one to every client",
    ),
    # --compat
    Kind(
        "upstream-fails",
        _E,
        Effect.REFUSED,
        "With `--compat`: upstream's converter fails at this place",
        "Correct it, or convert without `--compat`",
    ),
    # switches
    Kind(
        "switch-old-name",
        _W,
        Effect.KEPT,
        "`LegacyClientEnabled`, which DIRAC 9.1 ignores",
        "Call it `FutureClientEnabled`",
    ),
    Kind(
        "switch-spelling",
        _E,
        Effect.KEPT,
        "A switch that is neither yes nor no: DIRAC takes it for no, the bridge refuses it",
        "Write `yes` or `no`",
    ),
    Kind(
        "switch-contradiction",
        _E,
        Effect.REFUSED,
        "Two options about one service contradict each other: its two switches, or its switch and its routing",
        "Leave one of the two",
    ),
    Kind(
        "disabled-vos",
        _E,
        Effect.REFUSED,
        "VOs are disabled in DiracX while services are switched to it for everybody: clients of these VOs fail",
        "Remove `DisabledVOs`, or switch the services off",
    ),
    Kind(
        "routing-invalid",
        _E,
        Effect.KEPT,
        "The routing of a service (`/DiracX/Bridge`) says something that means nothing",
        "Correct it: processes that read it refuse the calls of that service",
    ),
)
