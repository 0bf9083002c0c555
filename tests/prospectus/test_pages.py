"""The prospectus's pages, as anybody and as a director meets them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker.capacity import actions as capacities
from broker.db import db, transaction
from broker.facts.review import review
from broker.models.authority import Grade
from broker.models.offer import Offer
from broker.models.searching import SavedSearch, SearchAlert
from broker.models.work import Message
from broker.offers import actions, joint
from broker.prospectus import actions as searching
from broker.prospectus import faces
from broker.system import the_system
from broker.taking import take
from tests import make, people
from tests.client import PageClient, tags, words
from tests.make import DAY


def _revised(offer: Offer, **change: object) -> None:
    terms = replace(make.offer_terms(), **change)
    actions.revise(offer, terms, by=people.person("giver"))


# -- hostile addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "page=-1", "page=1e9", "theme=%00", "q=" + "x" * 10_000, "q=%25", "q=_", "q='\"<>&",
        "q=" + quote("y drws مرحبا"), "sort=';DROP TABLE offer", "days=-1", "days=1e999",
        "days=NaN", "within=0", "within=-5", "within=100", "from=nobody&within=10",
        "quarter=2026-27 Q9", "quarter=99999", "quarter=٢٠٢٦", "compare=x&compare=-1&compare=99999",
        "theme=" + "a" * 500, "&".join(f"theme=t{n}" for n in range(300)), "delivery=either",
        "helps=E12000002&helps=inadequate&helps=nonsense", "print=1&page=7", "level=%ff",
    ],
)  # fmt: skip
def test_no_address_is_an_error(client: PageClient, query: str) -> None:
    with transaction():
        make.offer()
    client.get(f"/offers?{query}")
    client.get(f"/offers.json?{query}")
    json.loads(client.text)
    client.get(f"/offers/compare?offer={query}")


def test_what_cannot_be_read_is_said_in_words(client: PageClient) -> None:
    client.get("/offers?days=lots&quarter=soon&within=near&sort=name&q=%25")
    for said in ("The days ‘lots’", "The quarter ‘soon’", "The distance ‘near’", "‘name’ is not"):
        assert said in client.text
    client.get("/offers?within=100&sort=distance")
    assert "Choose an authority to measure distances from" in client.text


# -- finding ----------------------------------------------------------------------------------


def test_an_offer_that_helps_some_is_found_by_them_alone(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
        _revised(offer, helps_situations=("inadequate",), helps_regions=("E12000002",))
        make.offer(title="For everybody")
    for query, found in {
        "helps=inadequate": 2,
        "helps=early": 1,
        "helps=inadequate&helps=E12000003": 1,
        "helps=inadequate&helps=E12000002": 2,
        "helps=Unitary authority": 2,
    }.items():
        client.get(f"/offers?{query}")
        assert f"<strong>{found} offer" in client.text, query


def test_taking_one_thing_away_is_offered_where_nothing_fits(client: PageClient) -> None:
    with transaction():
        make.offer()
    client.get("/offers?q=front+door&quarter=next")
    assert "Nearly:" in client.text and "without Free days in 2026-27 Q4" in client.text


def test_what_is_compared_is_kept_while_filtering_and_paging(client: PageClient) -> None:
    with transaction():
        ids = [make.offer(title=f"Offer {number}").id for number in range(22)]
    client.get(f"/offers?compare={ids[0]}&compare={ids[1]}&page=2&delivery=remote")
    assert client.page is not None
    kept = [f.get("value") for f in tags(client.page, "input") if f.get("name") == "compare"]
    assert kept == [str(ids[0]), str(ids[1])]
    assert f"compare={ids[0]}&amp;compare={ids[1]}&amp;compare=" in client.text
    assert "page=2#offer-" in client.text and "Compare these 2" in client.text
    four = "&".join(f"compare={one}" for one in ids[:6])
    client.get(f"/offers?{four}")
    assert "Four are chosen to compare" in client.text and "Compare these 4" in client.text


def test_offers_stand_side_by_side(client: PageClient) -> None:
    with transaction():
        make.capacity()
        one, two = make.offer(title="One"), make.offer(title="<b>Two</b>")
        draft = make.offer(title="A secret draft", published=False)
    query = "&".join(f"offer={offer.id}" for offer in (two, one, draft))
    client.sign_in("receiver").get(f"/offers/compare?{query}")
    assert client.page is not None
    assert [words(h).split(" Illus")[0] for h in tags(client.page, "h2")] == ["<b>Two</b>", "One"]
    assert "One of those chosen is not in the prospectus now" in client.text
    assert "km away" in client.text and "secret" not in client.text
    client.get("/offers/compare")
    assert "Nothing to compare yet" in client.text


def test_a_providers_page_tells_its_journey_strengths_first(client: PageClient) -> None:
    with transaction():
        make.offer(title="Ours")
    client.get(f"/providers/{people.authority('Leeds').code.lower()}")
    assert "Ours" in client.text and "Outstanding in" in client.text
    client.get("/providers/E99999999", expect=404)
    client.get("/providers/%00", expect=404)


# -- files ------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_the_whole_list_is_a_file(client: PageClient) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 10})
        for number in range(23):
            make.offer(title=f"=Offer {number:02}")
        make.offer(title="Not out", published=False)
    client.get("/offers.csv?q=offer")
    rows = list(csv.DictReader(io.StringIO(client.text.removeprefix("\ufeff"))))
    assert len(rows) == 23 and {row["provider"] for row in rows} == {"Leeds"}
    assert all(row["title"].startswith("'=Offer") for row in rows)
    assert rows[0]["days_free_by_quarter"] == "2026-27 Q4: 2.5" and rows[0]["days_free"] == "2.5"
    with client.counting() as few:
        client.get("/offers.json?q=offer 07")
    [one] = json.loads(client.text)
    assert (one["title"], one["days_free_by_quarter"]) == ("=Offer 07", {"2026-27 Q4": 2.5})
    assert one["themes"] and list(one) == list(rows[0])
    with client.counting() as many:
        client.get("/offers.json")
    assert len(json.loads(client.text)) == 23 and len(few) == len(many)
    client.get("/offers?q=offer&print=1")
    assert client.text.count('class="app-card"') == 23
    client.get("/offers.json?q=nobodyhasthis")
    assert json.loads(client.text) == []


# -- saved searches ---------------------------------------------------------------------------


def _alerts() -> list[str]:
    told = select(Message.subject).where(Message.key.like("search-%")).order_by(Message.id)
    return list(db.session.scalars(told))


@pytest.mark.postgres
def test_a_saved_search_tells_its_owner_of_each_offer_once(client: PageClient) -> None:
    with transaction():
        make.saved_search("q=front+door&days=5")
        make.saved_search("theme=fostering")
        far = make.saved_search("within=30", by="receiver_lead")
        first = make.offer(title="A front door")
    assert _alerts() == ["An offer fits your saved search ‘Front door’: A front door"]
    with transaction():
        _revised(first, title="A better front door")
        make.offer(title="Something else", most=4 * DAY)
    assert len(_alerts()) == 1
    with transaction():
        _revised(first, title="Front door again", days_most=10 * DAY)
        searching.forget(far, by=people.person("receiver_lead"))
    assert len(_alerts()) == 1 and db.session.scalar(select(func.count(SearchAlert.offer_id))) == 1


def test_who_looks_for_free_days_hears_when_an_offer_has_them(client: PageClient) -> None:
    quarter = make.next_quarter()
    with transaction():
        make.offer(title="A front door")
        make.offer(title="Another front door")
        make.saved_search(f"q=front+door&quarter={quarter}")
        make.saved_search("quarter=any&q=nothing")
        make.saved_search("q=front", by="receiver_lead")
        make.capacity({quarter + 1: 4 * DAY})
    assert _alerts() == []
    with transaction():
        make.capacity({quarter: 4 * DAY})
        make.capacity({quarter: 6 * DAY})
    told = "2 offers fit your saved search ‘Front door’: A front door; Another front door"
    assert _alerts() == [told]


def test_likely_days_tell_nobody_until_they_are_confirmed(client: PageClient) -> None:
    with transaction():
        make.offer(title="A front door")
        make.saved_search("q=front+door&quarter=any")
        giver, likely = people.person("giver"), {make.next_quarter(): 8 * DAY}
        place, plan = people.authority(people.GIVER), capacities.Plan(indicated=likely)
        [capacity] = capacities.set_out(provider=place, plans={people.programme(): plan}, by=giver)
    assert _alerts() == []
    with transaction():
        capacities.firm_up(capacity, by=giver)
    assert _alerts() == ["An offer fits your saved search ‘Front door’: A front door"]


def test_what_a_search_finds_when_it_is_saved_is_no_news(client: PageClient) -> None:
    with transaction():
        known, paused = make.offer(title="A front door"), make.offer(title="A paused front door")
        take(paused, "pause", by=people.person("giver"))
        make.saved_search("q=front")
        _revised(known, title="A better front door")
    assert _alerts() == []
    with transaction():
        actions.resume(paused, by=people.person("giver"))
    assert _alerts() == ["An offer fits your saved search ‘Front door’: A paused front door"]


def test_an_offer_that_stands_again_is_news(client: PageClient) -> None:
    with transaction():
        make.offer(programme=people.programme("pip"), title="A front door")
        make.judged(people.GIVER, Grade.REQUIRES_IMPROVEMENT, date(2026, 11, 10))
        review(by=the_system())
        make.saved_search("q=front")
        make.judged(people.GIVER, Grade.GOOD, date(2026, 11, 12))
        review(by=the_system())
    assert _alerts() == ["An offer fits your saved search ‘Front door’: A front door"]


def test_an_offer_given_together_is_found_with_each_and_left_by_one(client: PageClient) -> None:
    with transaction():
        offer = make.offer(title="Across two counties")
        by = people.person("giver")
        actions.begin_revision(offer, by=by)
        actions.write_in(offer, {"partners": (people.authority(people.OTHER),)}, by=by)
        joint.ask_partners(offer, by=by)
        joint.join(offer, by=people.person("other"))
    code = people.authority(people.OTHER).code
    client.get("/offers?q=essex")
    assert "Across two counties" not in client.text
    with transaction():
        actions.sign_off(offer, by=people.person("giver"))
    for address in ("/offers?q=essex", f"/offers/compare?offer={offer.id}", f"/providers/{code}"):
        assert "Leeds together with Essex" in re.sub("<[^>]+>", "", client.get(address))
    client.get("/offers.json?q=essex")
    assert json.loads(client.text)[0]["given_with"] == ["Essex"]
    with transaction():
        joint.leave(offer, reason="No time", by=people.person("other"))
    client.get("/offers?q=essex")
    assert "Across two counties" not in client.text and faces.problems() == []
    assert "Across two counties" not in client.get(f"/providers/{code}")


def test_searches_are_saved_renamed_and_deleted_by_their_owner_alone(client: PageClient) -> None:
    with transaction():
        make.offer()
    client.get("/offers?q=front")
    assert "Save this search" not in client.text
    client.sign_in("receiver").get("/offers?q=front&sort=distance&compare=1")
    client.send(name="  Our   front door <b> ", action="/searches")
    client.follow()
    assert "Our front door &lt;b&gt;" in client.text and "1 offer fits now" in client.text
    saved = db.session.scalars(select(SavedSearch)).one()
    assert saved.query == "q=front&sort=distance"
    client.get(f"/searches/{saved.id}/rename")
    client.send(expect=422, name="x" * 81)
    client.send(name="Front door")
    client.sign_in("other").get(f"/searches/{saved.id}/rename", expect=404)
    client.post(f"/searches/{saved.id}/delete", expect=404)
    client.post("/searches", {"name": "Nothing asked"}, expect=422)
    client.post("/searches", {"name": "", "q": "front"}, expect=422)
    client.sign_in("receiver").get("/searches")
    client.press("Delete ‘Front door’")
    assert "No saved searches yet" in client.text


def test_there_is_an_end_to_saved_searches(app: Flask, client: PageClient) -> None:
    with transaction():
        for number in range(searching.SEARCHES_MOST):
            make.saved_search(f"q=word{number}")
    client.sign_in("receiver").get("/offers?q=one+more")
    client.send(expect=409, name="One more", action="/searches")
    assert "Delete one first" in client.text


# -- can we use this? -------------------------------------------------------------------------


def test_can_we_use_this_answers_in_the_readers_own_case(client: PageClient) -> None:
    with transaction():
        offer = make.offer()
    address = f"/offers/{offer.id}/can-we-use-this"
    client.get(address)
    assert "Sign in" in client.text and "Wirral" not in client.text
    client.sign_in("receiver").get(address)
    assert "Nothing stands in the way" in client.text and "For Wirral" in client.text
    with transaction():
        _revised(db.session.get_one(Offer, offer.id), helps_regions=("E12000003",))
    client.get(address)
    assert "It is for authorities in other regions" in client.text
    client.sign_in("giver").get(address)
    assert "This is your own authority" in client.text


@pytest.mark.parametrize(
    ("name", "asks"),
    [("receiver", True), ("receiver_lead", True), ("giver", False), ("coordinator", False),
     ("practitioner", False), ("adviser", False), (None, True)],
)  # fmt: skip
def test_asking_is_offered_only_to_those_who_may(
    client: PageClient, name: str | None, asks: bool
) -> None:
    with transaction():
        offer = make.offer()
    if name:
        client.sign_in(name)
    for address in ("/offers", f"/offers/{offer.id}", f"/offers/compare?offer={offer.id}"):
        assert ("Ask in a minute" in client.get(address)) is asks, address
