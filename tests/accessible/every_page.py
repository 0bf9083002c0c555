"""`make accessible`: every page that the access table opens, as the first who gets it.

Looked at are the page as it stands; what its forms answer when they are sent empty, when they are
pressed where they only have a button, and when they search for what is not there; and, where the
address names no record, the page of an exchange in which nothing happened yet. What a form kept is
put back before the next. Forms that differ only in their record are sent once in a process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from tests.accessible.conftest import House
from tests.accessible.looking import ask, errors, everything
from tests.test_access import ACCESS, KINDS

pytestmark = [pytest.mark.browser]
HTML = "text/html"
LINES = [line.split(maxsplit=2) for line in ACCESS.strip().splitlines()]
met: set[tuple[str, ...]] = set()


def first_who_gets(letters: str) -> str | None:
    place = letters.replace(" ", "").find("o")
    return KINDS[place] if place >= 0 else None


PAGES = [
    pytest.param(address, kind, id=f"{endpoint} {address}")
    for endpoint, address, letters in LINES
    if (kind := first_who_gets(letters)) and not endpoint.startswith("api.")
]
REFUSED = (
    ("/nowhere", "nobody", 404),
    ("/running", "receiver", 403),
    ("/offers/{offer}/tasks", "giver", 409),
)
A_RECORD = re.compile(r"\{|/\d")
WITHOUT_RECORDS = [one for one in PAGES if not A_RECORD.search(str(one.values[0]))]


@pytest.mark.parametrize(("address", "kind"), PAGES)
def test_a_page_can_be_used_by_everybody(furnished: House, address: str, kind: str) -> None:
    said = list(looked_at(furnished, address.format(**furnished.ids), kind))
    assert not said, "\n".join(dict.fromkeys(said))


@pytest.mark.parametrize(("address", "kind"), WITHOUT_RECORDS)
def test_a_page_with_nothing_on_it_can_be_used(empty: House, address: str, kind: str) -> None:
    page = empty.visitor(kind).page
    said = list(everything(page)) if opened(page, address) else []
    assert not said, "\n".join(dict.fromkeys(said))


@pytest.mark.parametrize(("address", "kind", "status"), REFUSED)
def test_a_refusal_can_be_read_by_everybody(
    furnished: House, address: str, kind: str, status: int
) -> None:
    page = furnished.visitor(kind).page
    answer = page.goto(address.format(**furnished.ids))
    assert answer and answer.status == status
    assert list(everything(page)) == []


def looked_at(house: House, address: str, kind: str) -> Iterator[str]:
    """What is wrong with the page at an address, and with what its forms answer."""
    page = house.visitor(kind).page
    if not opened(page, address):
        return
    yield from everything(page)
    for form in ask(page, "forms"):
        key = (form["method"], *form["likeness"])
        if key not in met:
            met.add(key)
            opened(page, address)
            yield from (f"{form['named']}: {said}" for said in answered(page, form))
            house.put_back()


def opened(page: Page, address: str) -> bool:
    """Whether there is a page to look at there, and not a file."""
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.request.get(address)
    assert answer.status == 200, f"{address} answers {answer.status}"
    if not answer.headers["content-type"].startswith(HTML):
        return False
    page.goto(address)
    return True


def answered(page: Page, form: dict[str, Any]) -> Iterator[str]:
    """What is wrong with what a form answers: to nothing, to a press or to a vain search."""
    answer = sent(page, form["place"])
    if answer is None or not answer.headers.get("content-type", "").startswith(HTML):
        return
    yield from errors(page) if page.title().startswith("Error: ") else ()
    yield from everything(page)


def sent(page: Page, place: int) -> Response | None:
    with page.expect_navigation(wait_until="load") as going:
        ask(page, "send", place)
    return going.value
