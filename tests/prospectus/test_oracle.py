"""200 random searches find, count and order what plain Python does, on either database."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
import snowballstemmer
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from broker.capacity import actions as capacities
from broker.clock import Quarter, coming_quarters
from broker.db import db, transaction
from broker.models.authority import Authority
from broker.models.offer import Delivery, Evidence, Offer, Situation
from broker.models.person import Person
from broker.models.programme import Choice, Theme
from broker.offers import actions
from broker.prospectus import faces, queries
from broker.prospectus.asked import read
from broker.prospectus.finding import lot
from tests import make, people

pytestmark = pytest.mark.postgres
GIVERS = ("giver", "second_giver", "other")
WORDS = (
    "children's children child homes home neglect neglected fostering foster decisions decision "
    "Dŵr dwr drws ymlaen مرحبا الباب café practice practise reviewing review reviews O'Neill "
    "front-door thresholds 50% team's managers coaching"
).split()
FILTERS = ("theme", "type", "mode", "level", "delivery", "region", "programme")
SITUATIONS = [one.value for one in Situation]
REGIONS = [f"E1200000{n}" for n in range(1, 10)]
TYPES = ["County council", "London borough", "Metropolitan district", "Unitary authority"]
KINDS = {"type": "support_type", "mode": "mode", "level": "level"}
english = snowballstemmer.stemmer("english")


@dataclass
class Known:
    """An offer as the oracle knows it: what was typed, and nothing from the index."""

    offer: Offer
    free: dict[Quarter, int]


def _made(rng: random.Random, number: int, themes: list[Theme], choices: list[Choice]) -> Offer:
    by = people.person(GIVERS[number % 3])
    least = rng.choice([1, 4, 8])
    terms = replace(
        make.offer_terms(title=" ".join(rng.sample(WORDS, 3))),
        what_we_do=" ".join(rng.sample(WORDS, rng.randint(1, 5))),
        themes=tuple((theme, Evidence.STATED) for theme in rng.sample(themes, rng.randint(1, 2))),
        choices=tuple(rng.sample(choices, rng.randint(0, 4))),
        delivery=rng.choice(list(Delivery)),
        days_least=least,
        days_most=least + rng.choice([0, 12, 80]),
        helps_situations=tuple(rng.sample(SITUATIONS, rng.choice([0, 0, 2]))),
        helps_regions=tuple(rng.sample(REGIONS, rng.choice([0, 0, 3]))),
        helps_types=tuple(rng.sample(TYPES, rng.choice([0, 0, 2]))),
    )
    place = by.memberships[0].authority
    assert place is not None
    offer = actions.draft(provider=place, programme=people.programme(), terms=terms, by=by)
    actions.publish(offer, by=by)
    return offer


def _free(rng: random.Random) -> dict[str, dict[Quarter, int]]:
    """Days confirmed for two of the three givers: all of them are free."""
    days = {}
    for name in GIVERS[:2]:
        given = {quarter: rng.choice([0, 3, 20, 60]) for quarter in coming_quarters(4)}
        by = people.person(name)
        place = by.memberships[0].authority
        assert place is not None
        capacities.confirm(provider=place, programme=people.programme(), days=given, by=by)
        days[place.name] = {quarter: n for quarter, n in given.items() if n}
    return days


@pytest.fixture
def known(app: Flask) -> list[Known]:
    rng = random.Random(20261122)
    with transaction():
        can = [t for t in db.session.scalars(select(Theme)) if t.parent_id is not None]
        choices = list(db.session.scalars(select(Choice)))
        free = _free(rng)
        offers = [_made(rng, number, can, choices) for number in range(40)]
        revised = replace(make.offer_terms(title="Revised café"), days_most=200)
        actions.revise(offers[0], revised, by=people.person("giver"))
    return [Known(offer, free.get(offer.provider.name, {})) for offer in offers]


def _tokens(text: str) -> list[str]:
    text = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", unicodedata.normalize("NFKC", text))


def _texts(offer: Offer) -> list[tuple[int, str]]:
    """What an offer says, with how much a word there weighs."""
    said, place = offer.current, offer.provider
    parents = [row.theme.parent.name for row in said.themes if row.theme.parent]
    names = [*parents, *(choice.name for choice in said.choices), offer.programme.name]
    return [
        (8, said.title),
        *((4, row.theme.name) for row in said.themes),
        (4, f"{place.name} {place.short_name}"),
        (2, " ".join([*names, place.region.name])),
        (1, said.what_we_do),
    ]


@cache
def _weights(offer: Offer) -> dict[str, int]:
    weights: dict[str, int] = {}
    for weight, text in sorted(_texts(offer)):
        words = _tokens(text)
        weights |= dict.fromkeys([*words, *english.stemWords(words)], weight)
    return weights


def _score(offer: Offer, asked: str) -> int:
    """0 where a word is missing; the last one may be a beginning, which weighs 1."""
    weights = _weights(offer)
    *before, last = _tokens(asked) or [""]
    found = [weights.get(stem, 0) for stem in {english.stemWord(word) for word in before}]
    begins = any(word.startswith(last) for word in weights)
    found.append(weights.get(english.stemWord(last)) or int(begins))
    return sum(found) if all(found) else 0


@cache
def _codes(offer: Offer, name: str) -> set[str]:
    said = offer.current
    if name == "theme":
        own = {row.theme for row in said.themes}
        return {t.code for t in own} | {t.parent.code for t in own if t.parent}
    if name in KINDS:
        return {choice.code for choice in said.choices if choice.kind == KINDS[name]}
    if name == "delivery":
        either = said.delivery is Delivery.EITHER
        return {"on_site", "remote", "either"} if either else {said.delivery.value}
    return {offer.provider.region.code} if name == "region" else {offer.programme.code}


def _fits(one: Known, asked: dict[str, Any], *, but: str = "") -> bool:
    said = one.offer.current
    for name in FILTERS:
        codes = set(asked.get(name, ()))
        if codes and name != but and not codes & _codes(one.offer, name):
            return False
    helps = asked.get("helps", ())
    named = (said.helps_situations, said.helps_regions, said.helps_types)
    for codes, own in zip((SITUATIONS, REGIONS, TYPES), named, strict=True):
        wanted = set(helps) & set(codes)
        if wanted and own and not wanted & set(own):
            return False
    days, quarter = asked.get("days"), asked.get("quarter")
    if days and not said.days_least <= float(days) * 4 <= said.days_most:
        return False
    if quarter and one.free.get(Quarter.named(quarter), 0) < (float(days) * 4 if days else 1):
        return False
    return _score(one.offer, asked.get("q", "")) > 0


def _ordered(fitting: list[Known], asked: dict[str, Any]) -> list[int]:
    """The ids in the order asked for; where offers are level, the soonest, then the week's lot."""

    def place(one: Known) -> tuple[int, int, int]:
        soonest = min((quarter.ordinal for quarter in one.free), default=10**9)
        by_words = asked.get("sort", "relevance") == "relevance" and bool(asked["q"])
        first = -_score(one.offer, asked["q"]) if by_words else 0
        return first, soonest, lot(queries.week(), one.offer.id)

    return [one.offer.id for one in sorted(fitting, key=place)]


def _asked(rng: random.Random, lists: dict[str, list[str]]) -> dict[str, Any]:
    """A random search: no, one or two words, and up to three filters."""
    words = rng.sample(WORDS, rng.choice([0, 1, 1, 2]))
    if words and rng.random() < 0.4:
        words[-1] = words[-1][: rng.randint(1, 5)]
    asked: dict[str, Any] = {"q": " ".join(words)}
    for name in rng.sample(FILTERS, rng.randint(0, 3)):
        asked[name] = rng.sample(lists[name], min(rng.randint(1, 2), len(lists[name])))
    if rng.random() < 0.3:
        asked["helps"] = rng.sample(SITUATIONS + REGIONS + TYPES, 2)
    if rng.random() < 0.3:
        asked["sort"] = rng.choice(["relevance", "free"])
    if rng.random() < 0.3:
        asked["quarter"] = str(rng.choice(coming_quarters(5)))
    if rng.random() < 0.3:
        asked["days"] = rng.choice(["0.5", "2", "5", "20"])
    return asked


def test_two_hundred_searches_agree_with_plain_python(known: list[Known]) -> None:
    rng = random.Random(7)
    lists = {
        name: sorted({code for one in known for code in _codes(one.offer, name)}) + ["nonsense"]
        for name in FILTERS
    }
    hits = 0
    for _ in range(200):
        asked = _asked(rng, lists)
        found = queries.search(read(MultiDict(asked)), None).found
        shown = [one.face.offer_id for one in found.candidates]
        expected = _ordered([one for one in known if _fits(one, asked)], asked)
        assert shown == expected, asked
        hits += bool(expected)
        for name in FILTERS:
            others = [one for one in known if _fits(one, asked, but=name)]
            for code in lists[name]:
                count = sum(code in _codes(one.offer, name) for one in others)
                assert found.count(name, code) == count, (asked, name, code)
    assert hits > 60, "the searches are too odd to prove anything"


def test_the_index_is_what_the_offers_say_and_forgets_what_was_undone(known: list[Known]) -> None:
    def titles(word: str) -> int:
        return len(queries.search(read(MultiDict({"q": word})), None).found.candidates)

    revised = replace(make.offer_terms(title="Zymurgy"), days_most=400)
    actions.revise(known[0].offer, revised, by=people.person("giver"))
    assert titles("zymurgy") == 1
    db.session.rollback()
    assert titles("zymurgy") == 0
    assert faces.problems() == []
    with transaction():
        known[3].offer.current.title = "Changed behind its back"
        db.session.flush()
    assert len(faces.problems()) == 1
    with transaction():
        assert faces.rewrite() == 1
    assert faces.problems() == []


def test_free_days_are_what_the_ledger_says_and_forget_what_was_undone(known: list[Known]) -> None:
    before = queries.free_days()
    _free(random.Random(1))
    assert queries.free_days() != before
    db.session.rollback()
    assert queries.free_days() == before


def test_distances_and_orders_are_true(known: list[Known]) -> None:
    wirral = db.session.scalars(select(Authority).filter_by(name="Wirral")).one()
    director = db.session.scalars(select(Person).filter_by(email=people.address("receiver"))).one()
    near = queries.search(read(MultiDict({"within": "120"})), director).found.candidates
    assert {one.place.name for one in near} == {"Leeds"}
    assert all(one.km is not None and 80 < one.km < 120 for one in near)
    asked = read(MultiDict({"sort": "distance", "from": wirral.code}))
    far = [one.km for one in queries.search(asked, None).found.candidates]
    assert far == sorted(far, key=lambda km: km or 0) and len(far) == 40
    soon = queries.search(read(MultiDict({"sort": "free"})), None).found.candidates
    firsts = [one.first_free for one in soon]
    assert firsts == sorted(firsts)
