"""A tab of Chromium: the few commands of WebDriver (W3C) that tests need."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tests.servers.chromium import ARGUMENTS, ChromeDriver

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element's id in answers (WebDriver, section 12)."""


class Tab:
    """One browser with an empty profile; close it."""

    def __init__(self, driver: ChromeDriver) -> None:
        self._http = httpx.Client(base_url=driver.url, timeout=60)
        options = {"binary": "/usr/bin/chromium", "args": list(ARGUMENTS)}
        always = {"goog:chromeOptions": options, "timeouts": {"implicit": 10_000}}  # how long an element is waited for
        wanted = {"capabilities": {"alwaysMatch": always}}
        self._path = f"/session/{self._command('POST', '/session', wanted)['sessionId']}"

    def open(self, url: str) -> None:
        """Go there and wait until the page is loaded."""
        self._command("POST", f"{self._path}/url", {"url": url})

    @property
    def url(self) -> str:
        """Where the browser is, with the fragment."""
        return str(self._command("GET", f"{self._path}/url"))

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; promises are waited for.

        Raises:
            AssertionError: the promise was rejected; the message has the reason.
        """
        script = (
            f"const done = arguments[0]; Promise.resolve({expression})"
            ".then((value) => done({value}), (error) => done({error: String(error)}))"
        )
        found = self._command("POST", f"{self._path}/execute/async", {"script": script, "args": []})
        assert "error" not in found, found["error"]
        return found.get("value")

    def type(self, selector: str, text: str) -> None:
        """Type into a field."""
        self._command("POST", f"{self._element(selector)}/value", {"text": text})

    def click(self, selector: str) -> None:
        """Click on what the CSS selector finds first."""
        self._command("POST", f"{self._element(selector)}/click", {})

    def wait_for_url(self, beginning: str, seconds: float = 20) -> None:
        """Return when the browser has arrived at a URL that begins like this.

        Raises:
            AssertionError: it hasn't in time; the message says where it is and what it shows.
        """
        end = time.monotonic() + seconds
        while not self.url.startswith(beginning):
            shown = self.run("document.body.innerText") if time.monotonic() > end else None
            assert shown is None, f"still at {self.url}: {shown}"
            time.sleep(0.05)

    def close(self) -> None:
        """End the browser."""
        self._command("DELETE", self._path)
        self._http.close()

    def _element(self, selector: str) -> str:
        found = self._command("POST", f"{self._path}/element", {"using": "css selector", "value": selector})
        return f"{self._path}/element/{found[_ELEMENT]}"

    def _command(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()["value"]
