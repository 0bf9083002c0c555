"""The look: built files, brand, components and the pages made of words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, render_template, render_template_string

from broker import create_app
from broker.clock import Quarter
from broker.config import ROOT
from broker.db import db
from broker.workflow import STATES
from tests.client import checked_page, tags, words

DIST = ROOT / "broker" / "static" / "dist"
WORDS = ["/", "/accessibility", "/privacy", "/sources", "/sign-in"]
IDENTITY = re.compile(r"gov\.uk|crown|crest|royal-arms|transport", re.IGNORECASE)
KINDS = [("delivered", "Delivered"), ("committed", "Committed"), ("free", "Free")]
# Pairs of foreground and background with the contrast that WCAG 2.2 AA asks for.
PAIRS = [
    ("#ffffff", "brand", 4.5), ("brand", "#ffffff", 4.5), ("brand", "brand-pale", 4.5),
    ("quiet", "#ffffff", 4.5), ("quiet", "brand-pale", 4.5), ("quiet", "#f3f5f7", 4.5),
    ("free", "#ffffff", 3), ("reserved", "#ffffff", 3), ("committed", "#ffffff", 3),
    ("delivered", "#ffffff", 3), ("brand", "#fff8e6", 4.5),
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with an empty database."""
    var = tmp_path_factory.mktemp("site")
    app = create_app({"MODE": "test", "VAR": str(var), "TODAY": "2026-11-20"})
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def css() -> str:
    assert (DIST / "app.css").exists(), "the frontend is not built: run tools/frontend"
    return (DIST / "app.css").read_text()


def drawn(site: Flask, body: str, **context: Any) -> Element:
    """A page whose main part is `body`, checked."""
    page = "{% extends 'base.html' %}{% block title %}Try{% endblock %}{% block main %}<h1>Try</h1>"
    with site.test_request_context("/"):
        return checked_page(
            render_template_string(f"{page}{body}{{% endblock %}}", **context), "the component"
        )


# -- the build -----------------------------------------------------------------------------------


def test_the_look_is_not_a_government_identity(css: str) -> None:
    without_version = re.sub(r"--govuk-[a-z-]+|\.govuk-[a-z-]+", "", css)
    assert not (found := IDENTITY.search(without_version)), found
    assert "Public Sans Variable" in css


def test_every_file_the_stylesheet_names_is_built(css: str) -> None:
    named = {name for name in re.findall(r"url\(\"?([^\")]+)", css) if not name.startswith("data:")}
    assert named and all((DIST / name).exists() for name in named), named


def test_the_lock_pins_every_package_and_names_no_address() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages and all("integrity" in package for package in packages.values())
    assert not [name for name, package in packages.items() if "resolved" in package]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_can_be_told_apart(css: str, front: str, back: str, least: float) -> None:
    named = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", css))
    lights = sorted(_luminance(named.get(colour, colour)) for colour in (front, back))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= least


# -- pages of words --------------------------------------------------------------------------------


@pytest.mark.parametrize("address", WORDS)
def test_anybody_can_read_the_public_pages(site: Flask, address: str) -> None:
    answer = site.test_client().get(address)
    assert answer.status_code == 200
    page = checked_page(answer.text, address)
    assert not IDENTITY.search(words(page))
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 422, 429, 500])
def test_a_refusal_says_what_to_do(site: Flask, code: int) -> None:
    with site.test_request_context("/"):
        page = checked_page(render_template(f"errors/{code}.html", typed=""), str(code))
    assert [link.get("href") for link in tags(page, "a")]
    assert str(code) not in words(page)


def test_words_typed_as_a_reason_are_kept_on_a_refusal(site: Flask) -> None:
    with site.test_request_context("/"):
        html = render_template("errors/409.html", words="Too late.", typed="<b>Because</b> مهم")
    assert "<b>Because" not in html
    assert "<b>Because</b> مهم" in words(checked_page(html, "409"))


def test_a_name_with_markup_in_it_stays_text_in_the_header(site: Flask) -> None:
    page = drawn(site, "", person=SimpleNamespace(name="<i>Director</i>, Leeds"))
    assert "<i>Director</i>, Leeds" in words(page)
    assert "Sign out" in [words(button) for button in tags(page, "button")]


# -- components ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for states in STATES.values() for state in states])
def test_every_state_has_its_tag(site: Flask, state: Enum) -> None:
    body = "{% from 'components/state_tag.html' import state_tag %}{{ state_tag(state) }}"
    classes = {e: e.get("class") or "" for e in drawn(site, body, state=state).iter()}
    tag, *_ = [
        e
        for e, name in classes.items()
        if name.startswith("govuk-tag") and words(e) != "Demonstration"
    ]
    assert words(tag).casefold() == str(state.value).replace("_", " ")
    assert (tag.get("class") or "").split("govuk-tag--")[1] in TAG_COLOURS


TAG_COLOURS = {"grey", "green", "yellow", "orange", "purple", "blue", "teal", "red"}


def test_tag_colours_are_in_the_stylesheet(css: str) -> None:
    named = {colour for colour in TAG_COLOURS if f".govuk-tag--{colour}" in css}
    assert named == TAG_COLOURS - {"blue"}  # the plain tag is blue


def test_a_table_names_each_cell_so_that_it_reads_on_a_phone(site: Flask) -> None:
    body = (
        "{% from 'components/data_table.html' import data_table %}"
        "{{ data_table('Days', [('Who', 'text'), ('Days', 'numeric')], [['<Leeds>', '2 days']]) }}"
    )
    cells = tags(drawn(site, body), "td", "th")
    assert {cell.get("data-label") for cell in cells} - {None} == {"Who", "Days"}
    assert "<Leeds>" in [words(cell) for cell in cells]


def test_bars_stack_to_the_days_they_stand_for_and_the_figures_stand_under_them(
    site: Flask,
) -> None:
    first = Quarter.named("2026-27 Q1")
    rows = [
        (first, {"delivered": 4, "committed": 8, "free": 28}),
        (first + 1, {"delivered": 0, "committed": 0, "free": 20}),
        (first + 2, {"delivered": 0, "committed": 0, "free": 0}),
    ]
    body = (
        "{% from 'components/quarter_bars.html' import quarter_bars %}"
        "{{ quarter_bars('Days by quarter', rows, kinds) }}"
    )
    page = drawn(site, body, rows=rows, kinds=KINDS)
    svg = "{http://www.w3.org/2000/svg}"
    heights = [float(bar.get("height") or 0) for bar in page.iter(f"{svg}rect")]
    assert len(heights) == 4
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[3] == pytest.approx(sum(heights[:3]) / 2, abs=0.2)
    assert "7 days" in words(page) and "2026-27 Q2" in words(page)


def test_bars_of_nothing_draw_nothing(site: Flask) -> None:
    body = (
        "{% from 'components/quarter_bars.html' import quarter_bars %}"
        "{{ quarter_bars('Days', [], kinds) }}"
    )
    assert not tags(drawn(site, body, kinds=KINDS), "table")


def test_pagination_leads_to_every_page_nearby_and_shows_where_pages_are_left_out(
    site: Flask,
) -> None:
    page = SimpleNamespace(number=5, pages=12, url_for=lambda number: f"/try?page={number}")
    body = "{% from 'components/pagination.html' import pagination %}{{ pagination(page) }}"
    made = drawn(site, body, page=page)
    [links] = [e for e in tags(made, "nav") if e.get("aria-label") == "Pages"]
    numbers = [words(item) for item in tags(links, "li")]
    assert numbers == ["1", "⋯", "3", "4", "5", "6", "7", "⋯", "12"]
    [here] = [link for link in tags(links, "a") if link.get("aria-current")]
    assert words(here) == "5"


def test_one_page_needs_no_pagination(site: Flask) -> None:
    body = "{% from 'components/pagination.html' import pagination %}{{ pagination(page) }}"
    made = drawn(site, body, page=SimpleNamespace(number=1, pages=1))
    assert "Pages" not in [nav.get("aria-label") for nav in tags(made, "nav")]


@pytest.mark.parametrize(
    ("reason", "asks"), [("none", False), ("optional", True), ("required", True)]
)
def test_a_verb_is_a_form_of_its_own_and_asks_why_where_it_should(
    site: Flask, reason: str, asks: bool
) -> None:
    verb = SimpleNamespace(label="Decline", url="/try/decline", reason=reason, warning=True)
    body = (
        "{% from 'components/verb_buttons.html' import verb_buttons %}"
        "{{ verb_buttons([verb, verb]) }}"
    )
    page = drawn(site, body, verb=verb)
    forms = [form for form in tags(page, "form") if form.get("action") == "/try/decline"]
    assert len(forms) == 2
    assert [bool(tags(form, "textarea")) for form in forms] == [asks, asks]
    keys = {
        f.get("value") for form in forms for f in tags(form, "input") if f.get("name") == "once"
    }
    assert len(keys) == 2


def test_a_summary_leaves_out_what_is_not_known(site: Flask) -> None:
    body = (
        "{% from 'components/summary_list.html' import summary_list %}"
        "{{ summary_list([('Days', 0), ('Source', none), ('Note', '')]) }}"
    )
    assert [words(name) for name in tags(drawn(site, body), "dt")] == ["Days"]
