"""The HTML report holds everything, refers to nothing, and escapes what stands in the file."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from diracx_bridge.cs_sync.html_page import as_page
from diracx_bridge.cs_sync.previous import Previous

from .configurations import changed, content, convert, minimal, put

EVIL = '<script>alert("x")</script>'


class Tags(HTMLParser):
    """The tags of a page, and whether all are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_refers_to_nothing() -> None:
    tree = put(changed(DIRAC__Configuration__Name=EVIL), f"Operations/Defaults/{EVIL.replace('/', '')}", "1")
    put(tree, f"Registry/Groups/gridlab_user/{EVIL.replace('/', '')}", "1")
    put(tree, "Registry/Users/bob/DN", f"/CN={EVIL},x")
    page = as_page(convert(tree))
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not tags.seen & {"script", "img", "link", "iframe", "a"}
    assert "&lt;script&gt;" in page
    assert not re.search(r"https?://(?!idp)", page)


def test_the_page_names_findings_counts_and_changes() -> None:
    tree = changed(Operations__Defaults__Own="1", DiracX__FutureClientEnabled__WMS__JobManager="yes")
    put(tree, "DiracX/CsSync/VOs/gridlab/UserSubjects/bob", None)
    page = as_page(convert(tree, previous=Previous(content(minimal()))))
    for text in (
        "unknown-option",
        "line 69:5",
        "1 user removed: bob",
        "WMS/JobManager",
        "without subject: bob",
        "accepted",
    ):
        assert text in page, text


def test_the_page_of_a_refused_file_says_so() -> None:
    assert "refused: nothing is written" in as_page(convert(changed(DiracX=None)))
