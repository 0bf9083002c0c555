"""Anybody finds what is offered now: by words, filters and order, with true free days."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from broker.db import transaction
from broker.events import history_of
from broker.models.offer import Delivery, Evidence, Offer
from broker.offers import actions
from broker.taking import take
from tests import make, people
from tests.client import PageClient, tags, words
from tests.make import DAY

pytestmark = pytest.mark.postgres


def _titles(client: PageClient) -> list[str]:
    assert client.page is not None
    cards = [li for li in tags(client.page, "li") if li.get("class") == "app-card"]
    return [words(tags(card, "h2")[0]) for card in cards]


def _counts(client: PageClient, name: str) -> dict[str, int]:
    """The choices of a filter that the page shows, with their counts."""
    assert client.page is not None
    boxes = [box for box in tags(client.page, "input") if box.get("name") == name]
    labels = {label.get("for"): words(label) for label in tags(client.page, "label")}
    said = {box.get("value") or "": labels[box.get("id")] for box in boxes}
    return {code: int(label.rpartition("(")[2].rstrip(")")) for code, label in said.items()}


def _offer(title: str, *, giver: str = "giver", theme: str = "mash", **said: object) -> Offer:
    """A published offer that says what the test needs."""
    by = people.person(giver)
    provider = by.memberships[0].authority
    assert provider is not None
    terms = replace(
        make.offer_terms(title=title), themes=((make.theme(theme), Evidence.STATED),), **said
    )
    offer = actions.draft(provider=provider, programme=people.programme(), terms=terms, by=by)
    actions.publish(offer, by=by)
    return offer


@pytest.fixture
def three(app: Flask) -> None:
    """Leeds gives two and has no days; Hertfordshire gives one, with days from next quarter."""
    with transaction():
        _offer("Neglect: seeing the whole child", theme="neglect", delivery=Delivery.REMOTE)
        _offer("Y drws ffrynt: 50% yn gynt", theme="mash")
        _offer(
            "الباب الأول_خطوة",
            giver="second_giver",
            theme="fostering",
            what_we_do="نعمل معكم",
            delivery=Delivery.ON_SITE,
        )
        make.capacity(giver="second_giver")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", 3),
        ("NEGLECT child", 1),
        ("neglect fostering", 0),
        ("drws", 1),
        ("50%", 1),
        ("%", 3),
        ("_", 3),
        ("children’s neglecting", 0),
        ("CHILD'S neglecting", 1),
        ("child foster", 0),
        ("ffryn", 1),
        ("ffryn yn", 0),
        ("Dŵr", 0),
        ("DRŴS ffrynt", 1),
        ("الباب", 1),
        ("نعمل", 1),
        ("fostering", 1),
        ("leeds", 2),
        ("hertfordshire FOSTERING", 1),
        ("<script>alert(1)</script>", 0),
        ("x" * 5000, 0),
        ("' OR 1=1 --", 0),
        ("\x00", 3),
    ],
)
def test_every_word_must_stand_in_the_offer(client: PageClient, asked: str, found: int) -> None:
    client.browser.get("/offers")
    client.response = client.browser.get("/offers", query_string={"q": asked})
    client.get(client.response.request.full_path)
    assert len(_titles(client)) == found
    if not found:
        assert "No offer fits all of this" in client.text


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("theme=neglect", {"Neglect: seeing the whole child"}),
        ("theme=protection", {"Neglect: seeing the whole child"}),
        ("theme=nonsense", set()),
        ("region=E12000006", {"الباب الأول_خطوة"}),
        ("delivery=remote", {"Neglect: seeing the whole child", "Y drws ffrynt: 50% yn gynt"}),
        ("delivery=on_site", {"الباب الأول_خطوة", "Y drws ffrynt: 50% yn gynt"}),
        ("delivery=elsewhere&programme=own&region=E12000006", set()),
        ("programme=own&region=E12000006", {"الباب الأول_خطوة"}),
        ("programme=pip", set()),
        ("quarter=any", {"الباب الأول_خطوة"}),
        ("quarter=next", {"الباب الأول_خطوة"}),
        ("quarter=2026-27 Q4", {"الباب الأول_خطوة"}),
        ("quarter=2026/27q4&days=10", {"الباب الأول_خطوة"}),
        ("quarter=2026-27 Q4&days=11", set()),
        ("quarter=2019-20 Q1", set()),
        ("days=61", set()),
        ("theme=fostering&theme=neglect", {"Neglect: seeing the whole child", "الباب الأول_خطوة"}),
        ("within=50&from=E10000015", {"الباب الأول_خطوة"}),
    ],
)
def test_filters_hold_together(client: PageClient, query: str, found: set[str]) -> None:
    client.get(f"/offers?{query}")
    assert set(_titles(client)) == found


@pytest.mark.usefixtures("three")
def test_offers_with_free_days_come_first_and_other_orders_are_chosen(client: PageClient) -> None:
    client.get("/offers?sort=free")
    assert _titles(client)[0] == "الباب الأول_خطوة"
    assert "<strong>40 days free</strong> from 2026-27 Q4" in client.text
    assert client.text.count("No free days now") == 2
    client.get("/offers?sort=distance&from=E08000035")
    assert _titles(client)[-1] == "الباب الأول_خطوة" and "km away" in client.text
    client.get("/offers?sort=days_least;DROP TABLE offer")
    assert "is not an order" in client.text


@pytest.mark.usefixtures("three")
def test_themes_are_counted_with_the_other_filters_kept(client: PageClient) -> None:
    client.get("/offers?theme=neglect")
    assert _counts(client, "theme") == {"protection": 1, "neglect": 1} | {
        "front-door": 1,
        "mash": 1,
        "care": 1,
        "fostering": 1,
    }
    client.get("/offers?quarter=any")
    assert set(_counts(client, "theme")) == {"care", "fostering"}


def test_free_days_follow_what_is_reserved(app: Flask, client: PageClient) -> None:
    with transaction():
        make.agreed()
    assert "<strong>32 days free</strong> from 2026-27 Q4" in client.get("/offers")
    with transaction():
        make.capacity({make.next_quarter() + n: 0 for n in (1, 2, 3)})
        make.capacity({make.next_quarter(): 8 * DAY})
    assert "No free days now" in client.get("/offers")


def test_only_published_offers_stand_in_the_prospectus(app: Flask, client: PageClient) -> None:
    with transaction():
        make.offer(title="A draft", published=False)
        paused, gone = make.offer(title="A paused one"), make.offer(title="One withdrawn")
        take(paused, "pause", by=people.person("giver"))
        take(gone, "withdraw", by=people.person("giver"), reason="We stopped.")
        make.offer(title="One that stands")
    for name in (None, "receiver", "giver"):
        if name:
            client.sign_in(name)
        client.get("/offers")
        assert _titles(client) == ["One that stands"]


def test_an_empty_prospectus_says_so(client: PageClient) -> None:
    assert "No offers are published yet" in client.get("/offers")


def _draft_many(count: int) -> None:
    with transaction():
        for number in range(count):
            giver = ("giver", "second_giver")[number % 2]
            make.offer(giver=giver, title=f"Offer {number}")
            make.capacity(giver=giver)


@pytest.mark.parametrize("address", ["/offers", "/offers/mine", "/authorities/E08000035"])
def test_the_number_of_questions_does_not_grow(
    app: Flask, client: PageClient, address: str
) -> None:
    client.sign_in("giver")
    counts = []
    for more in (3, 27):
        _draft_many(more)
        with client.counting() as statements:
            client.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 30


def test_pages_keep_the_filters(app: Flask, client: PageClient) -> None:
    _draft_many(25)
    client.get("/offers?q=offer&sort=free&page=2")
    assert len(_titles(client)) == 5 and "q=offer&amp;sort=free&amp;page=1" in client.text
    client.get("/offers?page=99999999999999999999&q=offer")
    assert len(_titles(client)) == 5
    client.get("/offers?page=-3")
    assert len(_titles(client)) == 20


def test_a_card_does_not_let_markup_through(app: Flask, client: PageClient) -> None:
    with transaction():
        offer = _offer("<script>alert('x')</script>", what_we_do="<b>bold</b> " + "w " * 500)
    client.get("/offers")
    assert "<script>alert" not in client.text and "&lt;b&gt;bold" in client.text
    client.get(f"/offers/{offer.id}")
    assert "<script>alert" not in client.text
    assert len(history_of(offer)) == 2
