"""A browser for tests: walks through the pages of an identity provider as a user."""

from __future__ import annotations

from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin

import httpx

PASSWORD = "any password will do"
STEPS = 20
"""Pages and redirects after which a browser that is still on its way will never arrive."""


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
        # browsers take the loopback interface for as safe as https; httpx.Client can't be told to
        self._cookies = httpx.Cookies(CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https"))))
        self._transport = httpx.HTTPTransport()

    def visit(self, url: str) -> httpx.Response:
        """Go there, follow redirects to other sites and back, fill in their forms; the page without one at the end.

        Raises:
            AssertionError: it goes on for ever.
        """
        request: httpx.Request | None = httpx.Request("GET", url)
        for _ in range(STEPS):
            assert request is not None
            answer = self._send(request)
            request = self._next(answer)
            if request is None:
                return answer
        raise AssertionError(f"there is no end of pages; the last one was {request.url if request else url}")

    def back_from(self, url: str) -> str:
        """Log in, and consent if asked, at the identity provider's ``url``; the URL that it sends the browser back to.

        Nothing is requested of the site to which it is sent back: that is for the test to do.

        Raises:
            AssertionError: the provider shows a page without a form, or goes round in circles.
        """
        request = httpx.Request("GET", url)
        provider = request.url.netloc
        for _ in range(STEPS):
            answer = self._send(request)
            following = self._next(answer)
            assert following is not None, f"{answer.status_code} at {request.url}: {answer.text}"
            if following.url.netloc != provider:
                return str(following.url)
            request = following
        raise AssertionError(f"the browser was never sent back; the last page was {request.url}")

    def _next(self, answer: httpx.Response) -> httpx.Request | None:
        here = str(answer.request.url)
        if answer.is_redirect:
            return httpx.Request("GET", urljoin(here, answer.headers["Location"]))
        form = _Form(answer.text)
        if form.action is None or not answer.is_success:
            return None
        fields = {name: self._typed.get(name, value) for name, value in form.fields.items()}
        return httpx.Request("POST", urljoin(here, form.action), data=fields)

    def _send(self, request: httpx.Request) -> httpx.Response:
        self._cookies.set_cookie_header(request)
        answer = self._transport.handle_request(request)
        answer.read()
        answer.request = request
        self._cookies.extract_cookies(answer)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
