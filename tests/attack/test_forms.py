"""Every form of every page that the access table opens, sent with what nobody would type, and every
list asked for what no link asks: an answer in words, never a 500.

What a press kept is put back before the next, so that each form stands as it stood.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus
from zlib import crc32

import html5lib
import pytest
from flask import Flask, g
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from broker.db import db
from tests import stage
from tests.client import PageClient, filled, tags
from tests.test_access import ACCESS, KINDS

Pairs = list[tuple[str, str]]

AWKWARD = [
    "", " ", "\0", "\x1b[31m", "a\0b", "\ud800", "\udfff\ud800", "\u202eevil", "é" * 500,
    "x" * 70_000,
    "0", "-1", "1.5", "0.3", "1e309", "NaN", "Infinity", "９", "٣", "9" * 400, "2147483648",
    "9223372036854775808", "-9223372036854775809", "31", "99999", "2026-02-30", "0000", "10000",
    "null", "true", "[]", "{}", "a[b][c]", "__proto__", "%00", "%s%n", "' OR 1=1 --", "\"><script>",
    "{{7*7}}", "../../etc/passwd", "=1+1", "\r\nSet-Cookie: a=b", "https://[", "http://[::1", "//a",
    "a@b", "\u00a0", "ß" * 130, "İ" * 120, "e\u0301" * 200, "🙂" * 60,
]  # fmt: skip
EVERYWHERE = ["a\ud800", "9" * 25]  # in all fields of a form at once
NAMES = [
    "",
    "a[b]",
    "csrf_token[]",
    "once",
    "reason",
    "__class__",
    "items-0",
    "items-99999-x",
    "\0",
]
values = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(max_size=30),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
    st.dates().map(str),
)


@dataclass(frozen=True)
class Form:
    """A form as somebody was shown it: where it goes, and what it would send as it stands."""

    kind: str
    method: str
    address: str
    stands: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*dict(self.stands), *self.files)


def test_no_form_breaks_whatever_is_sent(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = stage.set_up()
    monkeypatch.setattr(app, "testing", True)  # what is not foreseen is raised, not shown
    kept, wrong = Kept(), Wrong()
    clients = {kind: _client(app, kind) for kind in KINDS}
    forms = list(_forms(clients, ids))
    assert len(forms) > 150
    for form in forms:
        _send_awkwardly(clients[form.kind], form, kept, wrong)
    assert not wrong.said, "\n".join(wrong.said)
    assert wrong.answers[422] > 100 and wrong.answers[302] > 20, wrong.answers


def _send_awkwardly(client: PageClient, form: Form, kept: Kept, wrong: Wrong) -> None:
    for value in EVERYWHERE:
        wrong.look(client, form, _changed(form, [(name, value) for name in form.names], set()))
        kept.put_back()

    @seed(crc32(form.address.encode()))  # the same in every run, and another for each form
    @settings(
        max_examples=2,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(changes=_changes(form))
    def send(changes: Pairs) -> None:
        wrong.look(client, form, changes)
        kept.put_back()

    send()


def _changes(form: Form) -> st.SearchStrategy[Pairs]:
    """What the form would send, with some fields changed, left out, doubled or made up."""
    one = st.tuples(st.sampled_from([*form.names, *NAMES]), values)
    return st.tuples(
        st.lists(one, min_size=1, max_size=9),
        st.sets(st.sampled_from([*form.names, "nothing"]), max_size=3),
    ).map(lambda drawn: _changed(form, *drawn))


def _changed(form: Form, put: Pairs, out: set[str]) -> Pairs:
    changed = dict(put)
    keeps = {"csrf_token"}
    stays = [
        (name, value)
        for name, value in form.stands
        if name in keeps or (name not in out and name not in changed)
    ]
    return [*stays, *((name, value) for name, value in put if name not in keeps)]


class Wrong:
    """What broke, said with what was sent; one line for each form."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.answers: Counter[int] = Counter()

    def look(self, client: PageClient, form: Form, pairs: Pairs) -> None:
        db.session.rollback()
        for name in list(g):
            g.pop(name)
        try:
            status = _send(client, form, pairs)
        except Exception as error:
            status = 500
            words = f"{type(error).__name__}: {error}"[:300]
        else:
            words = f"answered {status}"
        self.answers[status] += 1
        if status >= 500:
            self.said.append(f"{form.kind} {form.method} {form.address}: {words} {pairs!r:.300}")


def _send(client: PageClient, form: Form, pairs: Pairs) -> int:
    if form.method == "get":
        return client.browser.get(f"{form.address}?{_encoded(pairs)}").status_code
    kind = "application/x-www-form-urlencoded"
    body: bytes = _encoded(pairs).encode()
    if form.files:
        kind, body = "multipart/form-data; boundary=edge", _parts(form, pairs)
    return client.browser.post(form.address, data=body, content_type=kind).status_code


def _encoded(pairs: Pairs) -> str:
    return "&".join("=".join(quote_plus(_bytes(part)) for part in pair) for pair in pairs)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _parts(form: Form, pairs: Pairs) -> bytes:
    head = b"--edge\r\nContent-Disposition: form-data; name="
    body = b""
    for name, value in pairs:
        file = b"; filename=" + ascii(value[:40]).encode() if name in form.files else b""
        body += head + b'"' + _bytes(name) + b'"' + file + b"\r\n\r\n" + _bytes(value) + b"\r\n"
    return body + b"--edge--\r\n"


class Kept:
    """The database as it stood, to be put back after whatever was kept."""

    def __init__(self) -> None:
        place = db.engine.url.database
        assert place is not None
        self.file = sqlite3.connect(place)
        self.before = sqlite3.connect(":memory:")
        self.file.backup(self.before)
        self.version = self._version()

    def _version(self) -> int:
        return int(self.file.execute("PRAGMA data_version").fetchone()[0])

    def put_back(self) -> None:
        db.session.rollback()
        if self._version() != self.version:
            db.session.remove()
            self.before.backup(self.file)
            self.version = self._version()


# -- collecting -------------------------------------------------------------------------------


def _client(app: Flask, kind: str) -> PageClient:
    client = PageClient(app)
    return client if kind == "nobody" else client.sign_in(kind)


def _forms(clients: dict[str, PageClient], ids: stage.Stage) -> Iterator[Form]:
    """Every form of every page, once, as the first who gets it sees it."""
    met = set()
    for line in ACCESS.strip().splitlines():
        endpoint, address, letters = line.split(maxsplit=2)
        for kind, letter in zip(KINDS, letters.replace(" ", ""), strict=True):
            if letter == "o" and not endpoint.startswith("api."):
                for form in _on_page(clients[kind], kind, address.format(**ids)):
                    if form.address != "/sign-out" and (key := _likeness(form)) not in met:
                        met.add(key)
                        yield form
                break


def _likeness(form: Form) -> Any:
    """Forms alike but for the record they are of are tried once."""
    words = tuple(part for part in form.address.split("/") if not part.isdecimal())
    return form.method, words, frozenset(form.names)


def _on_page(client: PageClient, kind: str, address: str) -> Iterator[Form]:
    db.session.rollback()
    for name in list(g):
        g.pop(name)
    answer = client.browser.get(address)
    if answer.mimetype != "text/html":
        return
    for form in tags(html5lib.HTMLParser(strict=False).parse(answer.text), "form"):
        stands = [
            (name, one)
            for name, value in filled(form).items()
            for one in (value if isinstance(value, list) else [value])
        ]
        files = [f.get("name") or "" for f in tags(form, "input") if f.get("type") == "file"]
        unchecked = [
            (f.get("name") or "", f.get("value") or "")
            for f in tags(form, "input")
            if f.get("type") in ("radio", "checkbox") and f.get("name") not in dict(stands)
        ]
        yield Form(
            kind=kind,
            method=form.get("method") or "get",
            address=(form.get("action") or address).partition("?")[0],
            stands=tuple(pair for pair in (*stands, *unchecked) if pair[0] not in files),
            files=tuple(files),
        )


MALFORMED = [
    b"", b"--edge", b"--edge--", b"--edge\r\n\r\n",
    b"--edge\r\nContent-Disposition: form-data\r\n\r\n",
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nno end',
    b'--edge\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\na\r\n--edge--',
    b"--edge\r\n" + b"X: " + b"y" * 9_000 + b"\r\n\r\na\r\n--edge--", b"\0" * 5_000,
    b'--edge\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--edge--',
    b"--edge\r\nContent-Disposition: form-data; name=a\r\nContent-Length: 99\r\n\r\na\r\n--edge--",
]  # fmt: skip
TYPES = [
    "multipart/form-data; boundary=edge", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\"", "multipart/form-data; boundary=" + "e" * 300, "text/plain",
    "application/json", "application/x-www-form-urlencoded; charset=utf-7", "",
]  # fmt: skip


# Werkzeug leaves the file open of a body that breaks off within it; it goes with the request.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("address", ["/facts/imports/new", "/agreed-elsewhere/sheet", "/needs/new"])
def test_a_body_that_is_no_form_is_refused_in_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(app, "testing", True)
    client = PageClient(app).sign_in("administrator" if "facts" in address else "receiver_lead")
    token = client.token()
    for kind in TYPES:
        for body in MALFORMED:
            headers = {"X-CSRFToken": token}
            answer = client.browser.post(address, data=body, content_type=kind, headers=headers)
            db.session.rollback()
            assert answer.status_code in (400, 413, 422), (kind, body)
            assert "</h1>" in answer.text
