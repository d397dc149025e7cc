"""A browser for tests: walks through the pages of an identity provider as a user."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

PASSWORD = "any password will do"


class _Form(HTMLParser):
    """The first form of a page: where it goes and the fields with their values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = found.get("action", "")
        elif tag == "input" and found.get("name"):
            self.fields[found["name"]] = found.get("value", "")


class Browser:
    """Cookies and redirects like those of a browser, for one user at one identity provider."""

    def __init__(self, login: str, password: str = PASSWORD) -> None:
        self._typed = {"login": login, "username": login, "password": password}
        self._http = httpx.Client(timeout=30)

    def back_from(self, url: str) -> str:
        """Log in, and consent if asked, at the identity provider's ``url``; the URL that it sends the browser back to.

        Nothing is requested of the site to which it is sent back: that is for the test to do.

        Raises:
            AssertionError: the provider shows something that is no form, or goes round in circles.
        """
        provider = urlsplit(url).netloc
        request = self._http.build_request("GET", url)
        for _ in range(15):
            answer = self._http.send(request)
            if answer.is_redirect:
                target = urljoin(str(request.url), answer.headers["Location"])
                if urlsplit(target).netloc != provider:
                    return target
                request = self._http.build_request("GET", target)
                continue
            form = _Form(answer.text)
            assert answer.is_success, f"{answer.status_code} at {request.url}: {answer.text}"
            assert form.action is not None, f"no form at {request.url}: {answer.text}"
            fields = {name: self._typed.get(name, value) for name, value in form.fields.items()}
            request = self._http.build_request("POST", urljoin(str(request.url), form.action), data=fields)
        raise AssertionError(f"{provider} never sent the browser back; the last page was {request.url}")

    def close(self) -> None:
        """Forget the cookies and close the connections."""
        self._http.close()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
