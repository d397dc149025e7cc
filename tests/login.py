"""A browser for tests: walks through the pages of an identity provider as a user."""

from __future__ import annotations

from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
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
        # browsers take the loopback interface for as safe as https; httpx.Client can't be told to
        self._cookies = httpx.Cookies(CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https"))))
        self._transport = httpx.HTTPTransport()

    def back_from(self, url: str) -> str:
        """Log in, and consent if asked, at the identity provider's ``url``; the URL that it sends the browser back to.

        Nothing is requested of the site to which it is sent back: that is for the test to do.

        Raises:
            AssertionError: the provider shows something that is no form, or goes round in circles.
        """
        provider = urlsplit(url).netloc
        request = httpx.Request("GET", url)
        for _ in range(15):
            answer = self._send(request)
            if answer.is_redirect:
                target = urljoin(str(request.url), answer.headers["Location"])
                if urlsplit(target).netloc != provider:
                    return target
                request = httpx.Request("GET", target)
                continue
            form = _Form(answer.text)
            assert answer.is_success, f"{answer.status_code} at {request.url}: {answer.text}"
            assert form.action is not None, f"no form at {request.url}: {answer.text}"
            fields = {name: self._typed.get(name, value) for name, value in form.fields.items()}
            request = httpx.Request("POST", urljoin(str(request.url), form.action), data=fields)
        raise AssertionError(f"{provider} never sent the browser back; the last page was {request.url}")

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
