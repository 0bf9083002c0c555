"""A test client that looks at every page it opens, as a careful person would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import html5lib
from flask import Flask, g
from sqlalchemy import event
from werkzeug.test import TestResponse

from broker.db import db
from broker.models.person import Person
from tests import people

XHTML = "{http://www.w3.org/1999/xhtml}"
LEFTOVERS = re.compile(r"\{\{|\{%|%\}|\}\}|>\s*None\s*<|&lt;Markup|object at 0x|undefined")
# html5lib knows an older HTML than browsers do; these are no errors today.
OLD_FASHIONED = {"expected-doctype-but-got-chars"}


class PageClient:
    """Opens pages as one person; `page` and `text` are those of the last one opened."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()
        self.page: Element | None = None
        self.text = ""

    def sign_in(self, name: str | Person) -> PageClient:
        """Become somebody of the cast."""
        someone = people.person(name) if isinstance(name, str) else name
        with self.browser.session_transaction() as session:
            session.clear()
            session.update(people.cookie(someone))
        self.page = None
        return self

    def get(self, address: str, expect: int = 200) -> str:
        return self._open("GET", address, expect)

    def post(self, address: str, data: dict[str, Any] | None = None, expect: int = 302) -> str:
        """Send a form as a page of ours would: with its token."""
        return self._open("POST", address, expect, {**(data or {}), "csrf_token": self.token()})

    def send(self, expect: int = 302, action: str = "", **typed: Any) -> str:
        """Fill and send the last page's form (the one whose action ends with `action`)."""
        form = self._form(lambda form: (form.get("action") or "").endswith(action))
        return self._send(form, typed, expect)

    def press(self, button: str, expect: int = 302, **typed: Any) -> str:
        """Press a button of the last page; follows the redirect when there is one."""
        form = self._form(lambda form: button in {words(b) for b in tags(form, "button")})
        said = self._send(form, typed, expect)
        return self.follow() if expect == 302 else said

    def follow(self) -> str:
        assert self.response.location, "the last answer led nowhere"
        return self.get(self.response.location)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Collect the SQL statements that run within the block."""
        with self.app.app_context():
            engine = db.engine
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    # -- inside --------------------------------------------------------------------------------

    def _open(self, method: str, address: str, expect: int, data: Any = None) -> str:
        db.session.rollback()
        for name in list(g):  # a test's open context lends its `g` to every request in it
            g.pop(name)
        self.response: TestResponse = self.browser.open(address, method=method, data=data)
        self.text = self.response.get_data(as_text=True)
        where = f"{method} {address}"
        assert self.response.status_code == expect, (
            f"{where} answered {self.response.status_code}, not {expect}: {self._said()}"
        )
        assert not db.session.new and not db.session.dirty, f"{where} left something unsaved"
        db.session.rollback()
        if self.response.mimetype == "text/html" and not 300 <= expect < 400:
            self.page = checked_page(self.text, where)
        return self.text

    def _said(self) -> str:
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text))[:1500]

    def token(self) -> str:
        if self.page is not None:
            for field in tags(self.page, "input"):
                if field.get("name") == "csrf_token":
                    return field.get("value") or ""
        self.get("/sign-in")
        return self.token()

    def _form(self, wanted: Any) -> Element:
        assert self.page is not None, "open a page first"
        forms = [f for f in tags(self.page, "form") if f.get("method") == "post"]
        own = [f for f in forms if not (f.get("action") or "").endswith("/sign-out")]
        found = [form for form in own if wanted(form)]
        assert found, f"no such form; buttons: {[words(b) for b in tags(self.page, 'button')]}"
        return found[0]

    def _send(self, form: Element, typed: dict[str, Any], expect: int) -> str:
        data = {**filled(form), **typed}
        here = self.response.request.path
        query = self.response.request.query_string.decode()
        address = form.get("action") or (f"{here}?{query}" if query else here)
        return self._open("POST", address, expect, data)


def read(answer: TestResponse) -> str:
    """What an answer says, whatever its kind: of a workbook, the words of all its parts but the one
    that says when it was made."""
    if not answer.data.startswith(b"PK"):
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.data)) as book:
        parts = [name for name in book.namelist() if name != "docProps/core.xml"]
        return "\n".join(f"{name} {book.read(name).decode()}" for name in parts)


def tags(element: Element, *names: str) -> list[Element]:
    return [found for name in names for found in element.iter(XHTML + name)]


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def filled(form: Element) -> dict[str, Any]:
    """What a browser would send for a form as it stands."""
    data: dict[str, Any] = {}
    for field in tags(form, "input"):
        kind, name = field.get("type", "text"), field.get("name")
        if name and (kind not in ("checkbox", "radio") or field.get("checked") is not None):
            if kind == "checkbox":
                data.setdefault(name, []).append(field.get("value", "on"))
            else:
                data[name] = field.get("value", "")
    for field in tags(form, "textarea"):
        data[field.get("name") or ""] = "".join(field.itertext()).removeprefix("\n")
    for field in tags(form, "select"):
        options = tags(field, "option")
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        data[field.get("name") or ""] = chosen[0].get("value", "") if chosen else ""
    return data


def checked_page(text: str, where: str) -> Element:
    """The page as a tree; fails, saying where, on what a careful person would mind."""
    parser = html5lib.HTMLParser(strict=False)
    page: Element = parser.parse(text)
    errors = [(place, name) for place, name, _ in parser.errors if name not in OLD_FASHIONED]
    assert not errors, f"{where}: not valid HTML: {errors[:3]}"
    assert page.get("lang") == "en", f"{where}: no language"
    heads = [words(h) for h in tags(page, "h1")]
    assert len(heads) == 1 and heads[0], f"{where}: headings of the page: {heads}"
    title = words(tags(page, "title")[0]).removeprefix("Error: ")
    assert title.startswith(heads[0]), f"{where}: title '{title}' for heading '{heads[0]}'"
    assert not (found := LEFTOVERS.search(text)), f"{where}: leftover {found and found[0]!r}"
    _check_ids(page, where)
    _check_forms(page, where)
    for element in page.iter():
        inline = [n for n in element.keys() if n == "style" or n.startswith("on")]
        assert not inline, f"{where}: inline {inline} on {element.tag}"
    for script in tags(page, "script"):
        assert script.get("src"), f"{where}: an inline script"
    for link in tags(page, "a"):
        assert words(link) or link.get("aria-label"), f"{where}: an empty link"
        assert link.get("href") not in (None, "", "#"), f"{where}: '{words(link)}' leads nowhere"
    return page


def _check_ids(page: Element, where: str) -> None:
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    twice = {one for one in ids if ids.count(one) > 1}
    assert not twice, f"{where}: the same id twice: {twice}"
    for name in ("aria-describedby", "aria-labelledby"):
        for element in page.iter():
            missing = set((element.get(name) or "").split()) - set(ids)
            assert not missing, f"{where}: {name} points at {missing}"


def _check_forms(page: Element, where: str) -> None:
    labelled = {label.get("for") for label in tags(page, "label")}
    for field in tags(page, "input", "select", "textarea"):
        if field.get("type") not in ("hidden", "submit"):
            has_name = field.get("id") in labelled or field.get("aria-label")
            assert has_name, f"{where}: '{field.get('name')}' has no label"
    for form in tags(page, "form"):
        if (form.get("method") or "get").lower() == "post":
            names = {field.get("name") for field in tags(form, "input")}
            assert {"csrf_token", "once"} <= names, f"{where}: a form without token or key"
