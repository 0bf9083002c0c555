"""One person at a browser, as the web server in front passes them on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from threading import Lock
from time import perf_counter
from urllib.parse import urlencode, urlsplit

import pyotp

from benchmarks.load.served import SITE

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
NAMED, VALUED = re.compile(r'name="([^"]*)"'), re.compile(r'value="([^"]*)"')
KEY = re.compile(r'app-code">([^<]+)<')
OPTION = re.compile(r'<option value="([^"]+)"')


@dataclass
class Log:
    """Milliseconds by kind of page, and what went wrong."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def note(self, kind: str, milliseconds: float, error: str = "") -> None:
        with self.lock:
            self.taken.setdefault(kind, []).append(milliseconds)
            if error:
                self.errors.setdefault(kind, []).append(error)


@dataclass
class Visitor:
    """Keeps cookies as a browser does. `page` is the last one opened."""

    port: int
    address: str
    log: Log
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""

    def get(self, kind: str, path: str, expect: int = 200) -> bool:
        """Open a page; whether it came."""
        return self._ask(kind, "GET", path, expect)[0]

    def send(self, kind: str, path: str, typed: Mapping[str, str], onward: str = "") -> bool:
        """Send a form of the last page with its tokens, and follow where it leads."""
        fields = {**hidden(self.page), **typed}
        is_well, led = self._ask(kind, "POST", path, 302, urlencode(fields))
        return is_well and self.get(onward or f"{kind}, the page after", led)

    def send_and_look_again(
        self, kind: str, path: str, typed: Mapping[str, str], ticked: str, onward: str
    ) -> bool:
        """As `send`; where the page asks to look at it again, tick the box and send it anew."""
        fields = urlencode({**hidden(self.page), **typed})
        is_well, led = self._ask(kind, "POST", path, 302, fields, or_else=f'name="{ticked}"')
        if is_well and not led:
            return self.send(kind, path, {**typed, ticked: "yes"}, onward)
        return is_well and self.get(onward, led)

    def answered(self, path: str, typed: Mapping[str, str]) -> int:
        """The status of a form of the last page that is sent, wherever it leads."""
        return self._exchange("POST", path, urlencode({**hidden(self.page), **typed}))[0]

    def sign_in(self, email: str, password: str, *, has_two_steps: bool) -> bool:
        """By the form; a second step is set up where their role asks for one."""
        went = self.get("sign-in page", "/sign-in")
        went = went and self.send("sign in", "/sign-in", {"email": email, "password": password})
        if not went or not has_two_steps:
            return went
        shown = KEY.search(self.page)
        if shown is None:
            return False
        code = pyotp.TOTP(shown[1].replace(" ", "")).now()
        return self.send("second step", "/sign-in/set-up", {"code": code})

    def _ask(
        self,
        kind: str,
        method: str,
        path: str,
        expect: int,
        body: str | None = None,
        or_else: str = "\0",
    ) -> tuple[bool, str]:
        """Whether it was answered as expected, or by a form with `or_else`; and the way on."""
        began = perf_counter()
        try:
            status, led = self._exchange(method, path, body)
        except (OSError, HTTPException) as broken:
            status, led = 0, repr(broken)
        is_well = status == expect or (status == 422 and or_else in self.page)
        said = "" if is_well else f"{method} {path}: {status} {led} {self._why()}"
        self.log.note(kind, (perf_counter() - began) * 1000, said)
        return is_well, led

    def _exchange(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {
            "Host": SITE,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{SITE}/",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        asked = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            asked.request(method, path, body, headers)
            answer = asked.getresponse()
            self.page = answer.read().decode()
        finally:
            asked.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        led = urlsplit(answer.headers.get("Location", ""))
        return answer.status, led.path + (f"?{led.query}" if led.query else "")

    def _why(self) -> str:
        """What the page says is wrong, in short."""
        found = re.findall(r'govuk-error-message"[^>]*>(.*?)</p>|<h1[^>]*>(.*?)</h1>', self.page)
        return " ".join(re.sub("<[^>]+>", " ", a or b).strip() for a, b in found)[:200]

    def options(self, name: str) -> list[str]:
        """The values of a choice on the last page."""
        found = re.search(rf'<select[^>]*name="{name}".*?</select>', self.page, re.DOTALL)
        return [unescape(one) for one in OPTION.findall(found[0])] if found else []


def hidden(page: str) -> dict[str, str]:
    """The last form's token and key, as its page holds them."""
    found: dict[str, str] = {}
    for field_ in HIDDEN.findall(page):
        name, value = NAMED.search(field_), VALUED.search(field_)
        if name and value and name[1] in ("csrf_token", "once"):
            found[name[1]] = unescape(value[1])
    return found
