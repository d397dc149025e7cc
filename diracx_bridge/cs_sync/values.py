"""Readers of legacy values: text as DIRAC understands it in, a typed value out.

What a reader mends it complains about; what it can't read raises `BadValue`, and the option is left out. Messages show
values only of options that are converted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic_core import PydanticCustomError

from diracx_bridge.config.registry import checked_address
from diracx_bridge.core.properties import known_properties
from diracx_bridge.core.spellings import truth
from diracx_bridge.cs_sync.plan import Plan, unquoted
from diracx_bridge.cs_sync.policy import Choice
from diracx_bridge.cs_sync.tree import Option, Part

__all__ = ["BETWEEN_DNS", "MEANINGS", "READERS", "VO_READERS", "BadValue", "Complaint", "Converted", "read_issuer"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something a reader mended or left out of the value; ``part`` is the place, if it is not the option's."""

    code: str
    message: str
    part: Part | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    """A typed value and what there is to say about it."""

    value: Any
    complaints: list[Complaint] = field(default_factory=list)


class BadValue(Exception):
    """The value can't be read; ``code`` is that of the finding."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


Names = Mapping[str, str]
Reader = Callable[[Option, Names, Plan], Converted]


def _text(option: Option, names: Names, plan: Plan) -> Converted:
    return Converted(option.value)


def _text_or_null(option: Option, names: Names, plan: Plan) -> Converted:
    return Converted(None if option.value == "None" else option.value)


def _client(option: Option, names: Names, plan: Plan) -> Converted:
    text, complaints = _without_quotes(option)
    if not text:
        raise BadValue("vo-without-idp", "IdP/ClientID is empty")
    return Converted(text, complaints)


def _without_quotes(option: Option) -> tuple[str, list[Complaint]]:
    text = unquoted(option.value)
    complaint = Complaint("value-quoted", f"{option.name} is quoted: the quotes are removed")
    return text, [complaint] if text != option.value else []


def _list(option: Option, names: Names, plan: Plan) -> Converted:
    return Converted([part.text for part in option.items()])


def _flag(option: Option, names: Names, plan: Plan) -> Converted:
    meant = truth(option.value)
    unclear = meant is None and bool(option.value)
    message = f"{option.name} = {option.value}: DIRAC takes this for false"
    if unclear and plan.chosen("flag-unclear", option) is Choice.DROP:
        raise BadValue("flag-unclear", message)
    return Converted(meant is True, [Complaint("flag-unclear", message)] if unclear else [])


def _whole(option: Option, names: Names, plan: Plan) -> Converted:
    try:
        return Converted(int(option.value))
    except ValueError:
        raise BadValue("number-invalid", f"{option.name} = {option.value!r} is no whole number") from None


def _whole_or_null(option: Option, names: Names, plan: Plan) -> Converted:
    return Converted(None) if option.value == "None" else _whole(option, names, plan)


def _decimal(option: Option, names: Names, plan: Plan) -> Converted:
    try:
        number = float(option.value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadValue("number-invalid", f"{option.name} = {option.value!r} is no number")
    return Converted(number)


def read_issuer(option: Option) -> Converted:
    """The URL of an identity provider without quotes and trailing slashes.

    Raises:
        BadValue: it is no http(s) URL with a host, or holds a password, a query or a fragment.
    """
    text, complaints = _without_quotes(option)
    try:
        url = urlsplit(text)
        usable = url.scheme in ("http", "https") and bool(url.hostname) and url.password is None
        _ = url.port
    except ValueError:
        usable = False
    if not usable or url.query or url.fragment or re.search(r"\s", text):
        raise BadValue("idp-url-invalid", "IdP/URL is no plain http(s) URL")
    if url.scheme == "http":
        complaints.append(Complaint("idp-url-http", f"{text} is not encrypted"))
    if text.endswith("/"):
        complaints.append(Complaint("idp-url-slash", f"The slash at the end of {text} is removed"))
    return Converted(text.rstrip("/"), complaints)


def _issuer(option: Option, names: Names, plan: Plan) -> Converted:
    return read_issuer(option)


def _address(text: str) -> str | None:
    """The address that DiracX makes of ``text``; None if it accepts none."""
    try:
        return checked_address(text)
    except PydanticCustomError:
        return None


def _email(option: Option, names: Names, plan: Plan) -> Converted:
    if option.value == "None":
        return Converted(None)
    candidates = option.items()
    if not candidates:
        raise BadValue("email-empty", "Email is empty")
    for candidate in candidates:
        address = _address(candidate.text)
        if address is None:
            continue
        several = len(candidates) > 1
        message = f"Only {address} of {len(candidates)} addresses is taken"
        return Converted(address, [Complaint("email-several", message)] if several else [])
    raise BadValue("email-invalid", f"Email = {option.value!r} is no address that DiracX accepts")


BETWEEN_DNS: Final = re.compile(r"(,\s*(?=/))")
"""A comma ends a DN only where a slash follows: the others belong to an attribute."""


def _distinguished_names(option: Option, names: Names, plan: Plan) -> Converted:
    found: dict[str, Part] = {}
    complaints: list[Complaint] = []
    offset = 0
    for piece in BETWEEN_DNS.split(option.value):
        place = option.place(offset)
        offset += len(piece)
        if piece.rstrip() == ",":
            continue
        dn = piece.strip().rstrip(", \t")
        if not dn or piece.strip() != dn:
            complaints.append(Complaint("dn-empty", "An empty DN is left out", place))
        if not dn:
            continue
        if dn.startswith("/O=DIRAC/"):
            complaints.append(Complaint("dn-pseudo", f"{dn} is a pseudo DN", place))
            if plan.chosen("dn-pseudo", option) is not Choice.KEEP:
                continue
        odd = {"dn-comma": "," in dn, "dn-not-slashes": not dn.startswith("/")}
        if odd["dn-comma"]:
            complaints.append(Complaint("dn-comma", f"{dn} has a comma", place))
        if odd["dn-not-slashes"]:
            complaints.append(Complaint("dn-not-slashes", f"{dn} does not start with a slash", place))
        if not any(wrong and plan.chosen(code, option) is Choice.DROP for code, wrong in odd.items()):
            found.setdefault(dn, place)
    return Converted(list(found), complaints)


def _suspended(option: Option, names: Names, plan: Plan) -> Converted:
    vos = [part.text for part in option.items()]
    if vos == ["None"]:
        return Converted([], [Complaint("suspended-none", "`Suspended = None` is read as: not suspended")])
    return Converted(vos)


def _members(option: Option, names: Names, plan: Plan) -> Converted:
    users = plan.vos[names["vo"]].users
    listed = option.items()
    complaints = [
        Complaint(
            "member-unknown", f"{part.text!r} is not in /Registry/Users", part, _meant(plan.other_spelling(part.text))
        )
        for part in listed
        if part.text not in plan.registered
    ]
    return Converted(sorted({users[part.text] for part in listed if part.text in users}), complaints)


def _meant(name: str) -> str:
    return f"Do you mean {name}?" if name else ""


def _properties(option: Option, names: Names, plan: Plan) -> Converted:
    known = known_properties()
    complaints = []
    for part in option.items():
        if part.text in known:
            continue
        before, sign, _ = part.text.partition("#")
        similar = get_close_matches(part.text, known, 1) or [
            name for name in known if name.lower() == part.text.lower()
        ]
        if sign and before.strip() in known:
            remedy = (
                f"Move the comment to a line of its own: CFG has none behind values, so {before.strip()} is not given"
            )
        else:
            remedy = f"Do you mean {similar[0]}?" if similar else ""
        complaints.append(Complaint("property-unknown", f"{part.text!r} is no property", part, remedy))
    given = {part.text for part in option.items()}
    kept = given if plan.chosen("property-unknown", option) is Choice.KEEP else given & known
    return Converted(sorted(kept), complaints)


def _platforms(option: Option, names: Names, plan: Plan) -> Converted:
    return Converted(sorted({names["platform"], *(part.text.replace(" ", "") for part in option.items())}))


def _default_group(option: Option, names: Names, plan: Plan) -> Converted:
    return Converted(plan.vos[names["vo"]].default_group)


READERS: Final[Mapping[str, Reader]] = {
    "text": _text,
    "text or null": _text_or_null,
    "client": _client,
    "list": _list,
    "flag": _flag,
    "whole": _whole,
    "whole or null": _whole_or_null,
    "decimal": _decimal,
    "issuer": _issuer,
    "e-mail": _email,
    "distinguished names": _distinguished_names,
    "suspended VOs": _suspended,
    "members": _members,
    "properties": _properties,
    "platforms": _platforms,
    "default group": _default_group,
    "free": _text,
}
"""Name of a type in the rules -> its reader."""

VO_READERS: Final = frozenset({"members", "default group"})
"""Types whose value depends on the VO it is for."""

MEANINGS: Final[Mapping[str, str]] = {
    "text": "the text as it is",
    "text or null": "the text; `None` becomes null",
    "client": "the text without quotes round it; not empty",
    "list": "split at commas, blanks removed, empty entries left out",
    "flag": "true for y, yes, true, 1 in any case; everything else is false, as in DIRAC",
    "whole": "a whole number; anything else is left out, and the default applies",
    "whole or null": "a whole number; `None` becomes null",
    "decimal": "a finite number",
    "issuer": "an http(s) URL, quotes and trailing slash removed",
    "e-mail": "the first valid address; `None` becomes null",
    "distinguished names": "split where a slash follows a comma; pseudo DNs and empty ones left out, each once",
    "suspended VOs": "a list; `None` is the empty one",
    "members": "names become subjects; who has none in this VO is left out; sorted",
    "properties": "known properties only, sorted",
    "platforms": "a list with the platform itself, sorted",
    "default group": "a group that exists in the VO: the first one named, else one of "
    "`/Registry/VO/<vo>/DefaultGroup` or `/Registry/DefaultGroup`, else one whose only property is NormalUser",
    "free": "the text as it is; readers type it",
}
"""Name of a type in the rules -> what it does, for the reference page."""
