"""Reading JDL as DIRAC's ``ClassAd`` does, where that comes to an end.

DIRACCommon's parser never returns for some texts (a bracket in a value, a space between ``]`` and ``;``), and drops
parts of others without a word (a semicolon in quotes). Services and executors of DIRAC read the stored text with it
again, so such texts are refused here, before anything is stored.
"""

from __future__ import annotations

import re
from typing import Any, Final

from DIRACCommon.Core.Utilities.ClassAd.ClassAdLight import ClassAd

from diracx_bridge.core.errors import InvalidInput

DEEPEST: Final = 9
"""How deep sub-descriptions may be nested; DIRAC's parser gives up there."""
LONGEST: Final = 1_000_000
"""Characters of one job description."""
_NAME: Final = re.compile(r"[\w.-]+")


def bracketed(text: str) -> str:
    """``text`` within square brackets, which are added where they are missing.

    Raises:
        InvalidInput: it is empty, too long, or holds a character that no database takes.
    """
    text = text.strip()
    if not text:
        raise InvalidInput('the job description is empty; write at least [Executable = "...";]')
    if len(text) > LONGEST:
        raise InvalidInput(f"the job description has {len(text)} characters; the most are {LONGEST}")
    if "\0" in text:
        raise InvalidInput("the job description holds a NUL character; remove it")
    return ("" if text.startswith("[") else "[") + text + ("" if text.endswith("]") else "]")


def read_jdl(text: str) -> Any:
    """The ``ClassAd`` of a bracketed job description.

    Raises:
        InvalidInput: DIRAC's parsers can't read it; the message names the attribute and what to change.
    """
    if len(text) < 2 or text[0] != "[" or text[-1] != "]":
        raise InvalidInput("a job description begins with [ and ends with ]")
    ad = ClassAd("[]")
    ad.contents = _attributes(text, 0)
    return ad


def _attributes(text: str, depth: int) -> dict[str, str]:
    if depth > DEEPEST:
        raise InvalidInput(f"sub-descriptions are nested deeper than {DEEPEST}")
    body = text[1:-1]
    found: dict[str, str] = {}
    index = 0
    while (equals := body.find("=", index)) != -1:
        name = body[index:equals].strip()
        start = equals + 1
        bracket, semicolon = body.find("[", start), body.find(";", start)
        if bracket != -1 and (semicolon == -1 or bracket < semicolon):
            value, index = _sub_description(body, name, start, bracket)
            _attributes(value, depth + 1)
        else:
            end = len(body) if semicolon == -1 else semicolon
            value, index = body[start:end], end + 1
        found[name] = _checked(name, value)
    if rest := body[index:].strip(" \t\r\n;"):
        raise InvalidInput(f"no value is given for {rest!r:.60}; write it as Name = value;")
    return found


def _sub_description(body: str, name: str, start: int, bracket: int) -> tuple[str, int]:
    """The text from ``bracket`` to the bracket that closes it, and the index after its semicolon."""
    if body[start:bracket].strip():
        raise InvalidInput(f"{name}: a value can't hold square brackets, DIRAC's parsers do not read beyond them")
    depth = 0
    for end in range(bracket, len(body)):
        depth += {"[": 1, "]": -1}.get(body[end], 0)
        if depth == 0:
            if body[end + 1 : end + 2] != ";":
                raise InvalidInput(f"{name}: put the semicolon right after the bracket that closes the sub-description")
            return body[bracket : end + 1], end + 2
    raise InvalidInput(f"{name}: the bracket that opens the sub-description is not closed")


def _checked(name: str, value: str) -> str:
    value = value.strip().replace("\n", "")
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"{name!r:.60} is no name of an attribute; write Name = value; and no comments")
    if not value:
        raise InvalidInput(f"{name}: no value is given")
    if "]" in value and not value.startswith("["):
        raise InvalidInput(f"{name}: a value can't hold square brackets, DIRAC's parsers do not read beyond them")
    if value.count('"') % 2:
        raise InvalidInput(f"{name}: a quote is not closed, or a semicolon stands in it, which JDL does not allow")
    quoted = value[0] == '"' and value.find('"', 1) == len(value) - 1
    if not quoted and not value.startswith("[") and not _braces_match(value):
        raise InvalidInput(f"{name}: braces are not closed, or something follows the list; write Name = {{a, b}};")
    return value


def _braces_match(value: str) -> bool:
    """Whether each brace has its partner, and a list ends where its first brace is closed."""
    depth = 0
    for index, character in enumerate(value if "{" in value or "}" in value else ""):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0 or (depth == 0 and value[0] == "{" and index < len(value) - 1):
            return False
    return depth == 0
