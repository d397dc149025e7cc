"""Findings about VOs, users and groups."""

from __future__ import annotations

from typing import Final

from diracx_bridge.cs_sync.kind import Effect, Kind, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

REGISTRY: Final = (
    # VOs
    Kind(
        "vo-reserved-name",
        _E,
        Effect.VO,
        "A VO called `Defaults`, which is the name of the common part of `Operations`",
        "Rename the VO",
    ),
    Kind(
        "vo-name-case", _E, Effect.ENTRY, "The name of a VO is spelled in two ways", "Use the same capitals everywhere"
    ),
    Kind(
        "vo-without-idp", _E, Effect.VO, "A VO without identity provider", "Set `IdP/URL` and `IdP/ClientID` of the VO"
    ),
    Kind(
        "idp-url-invalid",
        _E,
        Effect.VO,
        "The URL of the identity provider is no http(s) URL",
        "Give the issuer URL of the provider",
    ),
    Kind(
        "value-quoted",
        _W,
        Effect.CHANGED,
        "Quotes round a value; CFG has no quoting, they would be part of it",
        "Remove the quotes",
    ),
    Kind(
        "idp-url-slash",
        _N,
        Effect.CHANGED,
        "The URL of the identity provider ends in a slash, which DiracX would double",
        "Remove the slash",
    ),
    Kind("idp-url-http", _W, Effect.KEPT, "The identity provider is reached without encryption", "Use https"),
    Kind(
        "default-group-missing",
        _E,
        Effect.VO,
        "A VO without default group, and none could be found",
        "Set `DefaultGroup` of the VO",
    ),
    Kind(
        "default-group-unknown",
        _E,
        Effect.CHANGED,
        "The default group does not exist in the VO",
        "Name a group of the VO",
    ),
    Kind(
        "default-group-dangling",
        _E,
        Effect.KEPT,
        "The default group does not exist and nothing can stand for it: logins that name no group will fail",
        "Name a group of the VO",
    ),
    Kind(
        "default-group-list",
        _W,
        Effect.CHANGED,
        "Several default groups; DiracX has one, the first that exists",
        "Leave one",
    ),
    Kind("vo-empty", _W, Effect.KEPT, "A VO with no user", "Check its groups and `UserSubjects`"),
    # users
    Kind("subject-empty", _E, Effect.ENTRY, "A user with an empty subject", "Give the subject, or remove the line"),
    Kind(
        "subject-shared",
        _E,
        Effect.ENTRY,
        "Two users of one VO with the same subject: DiracX would join their rights",
        "Leave one of them",
    ),
    Kind(
        "subject-dangling",
        _E,
        Effect.ENTRY,
        "A subject for a name that is not in `/Registry/Users`",
        "Register the user, or remove the line",
    ),
    Kind(
        "user-without-group",
        _W,
        Effect.ENTRY,
        "A user with a subject who is in no group of the VO",
        "Put the user into a group, or remove the line",
    ),
    Kind(
        "members-without-subject",
        _N,
        Effect.ENTRY,
        "Group members who have no subject yet",
        "Add them to `UserSubjects` when they are to move to DiracX",
    ),
    Kind(
        "member-unknown",
        _W,
        Effect.PART,
        "A group member who is not in `/Registry/Users`",
        "Register the user, or remove the member; members are separated by commas",
    ),
    Kind(
        "user-no-dn",
        _W,
        Effect.KEPT,
        "A user without DN, who can't use a certificate",
        "Set `DN` if the user has a certificate",
    ),
    Kind(
        "dn-shared",
        _W,
        Effect.KEPT,
        "Two users with the same DN: DIRAC takes whoever comes with that certificate for the first of them",
        "Leave the DN with one of them",
    ),
    Kind("dn-empty", _W, Effect.CHANGED, "An empty DN", "Remove the stray comma or the option"),
    Kind(
        "dn-comma",
        _W,
        Effect.KEPT,
        "A DN with a comma; it is kept whole, DIRAC cuts it",
        "Nothing in DiracX; DIRAC does not recognise this user's certificate",
    ),
    Kind(
        "dn-not-slashes",
        _W,
        Effect.KEPT,
        "A DN that does not start with a slash",
        "Write it as `/DC=org/DC=example/CN=Name`",
    ),
    Kind("dn-pseudo", _N, Effect.PART, "A pseudo DN that DIRAC made for a user without certificate", ""),
    Kind("email-invalid", _W, Effect.OPTION, "Not an e-mail address that DiracX accepts", "Correct the address"),
    Kind("email-empty", _N, Effect.OPTION, "An empty e-mail address", "Remove the option"),
    Kind(
        "email-several", _W, Effect.PART, "Several e-mail addresses; DiracX has one, the first valid one", "Leave one"
    ),
    Kind(
        "suspended-none",
        _N,
        Effect.CHANGED,
        "`Suspended = None`, as the VOMS agent writes it, stands for an empty list",
        "",
    ),
    Kind(
        "user-suspended",
        _N,
        Effect.KEPT,
        "Users who are suspended in a VO; DiracX 0.7.0 gives them tokens all the same",
        "Leave them out with `--policy user-suspended=drop` where DiracX serves",
    ),
    # groups
    Kind(
        "group-without-vo",
        _E,
        Effect.ENTRY,
        "A group without VO in an installation without `/DIRAC/VirtualOrganization`",
        "Set `VO` of the group",
    ),
    Kind(
        "group-default-vo",
        _N,
        Effect.CHANGED,
        "A group without VO belongs to `/DIRAC/VirtualOrganization`, as in DIRAC (upstream's converter drops it)",
        "",
    ),
    Kind(
        "group-vo-list",
        _W,
        Effect.KEPT,
        "A group of several VOs; each gets one of that name",
        "Make it one group per VO",
    ),
    Kind(
        "group-without-users", _W, Effect.CHANGED, "A group without members option", "Set `Users`, or remove the group"
    ),
    Kind(
        "group-without-properties",
        _W,
        Effect.CHANGED,
        "A group without properties: its members may do nothing",
        "Set `Properties`",
    ),
    Kind(
        "property-unknown",
        _E,
        Effect.PART,
        "A property that DiracX does not know: logins to the group would fail",
        "Correct it; comments stand on lines of their own",
    ),
)
