"""An offer is drafted, published, revised and withdrawn by its own people, and never half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight, Refused
from broker.events import history_of
from broker.models.authority import Grade, Judgement
from broker.models.offer import Evidence, Offer, OfferState, OfferVersion
from broker.models.programme import Choice, Theme
from broker.offers import actions
from broker.taking import take
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def nothing_is_left_open(app: Flask) -> Iterator[None]:
    with transaction():
        yield


def _heading() -> Theme:
    return db.session.scalars(select(Theme).where(Theme.parent_id.is_(None)).limit(1)).one()


def _choice(kind: str = "mode") -> Choice:
    return db.session.scalars(select(Choice).filter_by(kind=kind).limit(1)).one()


def _draft(**changed: Any) -> Offer:
    by = people.person("giver_lead")
    return actions.draft(
        provider=people.authority(people.GIVER),
        programme=people.programme(),
        terms=replace(make.offer_terms(), **changed),
        by=by,
    )


def test_a_lead_drafts_and_only_a_director_publishes() -> None:
    offer = _draft()
    assert offer.state is OfferState.DRAFT and offer.published_at is None
    with pytest.raises(NotAllowed):
        actions.publish(offer, by=people.person("giver_lead"))
    actions.publish(offer, by=people.person("giver"))
    assert offer.state is OfferState.PUBLISHED and offer.published_at is not None
    assert offer.current.signed_off_by_id == people.person("giver").id
    assert [event.verb for event in history_of(offer)] == ["publish", "draft"]


@pytest.mark.parametrize("name", ["receiver", "other", "second_giver", "practitioner", "manager"])
def test_nobody_else_drafts_for_an_authority(name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.draft(
            provider=people.authority(people.GIVER),
            programme=people.programme(),
            terms=make.offer_terms(),
            by=people.person(name),
        )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "   "}, "title"),
        ({"title": "\u200b – \u200b"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"what_we_do": "\n"}, "what_we_do"),
        ({"what_we_do": "x" * 4001}, "what_we_do"),
        ({"themes": ()}, "themes"),
        ({"days_least": 0}, "days_least"),
        ({"days_least": -4}, "days_least"),
        ({"days_least": 9, "days_most": 8}, "days_most"),
        ({"days_most": 20_001}, "days_most"),
        ({"source": "x" * 401}, "source"),
    ],
)
def test_terms_that_do_not_hold_are_refused_in_words(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(NotRight) as refused:
        _draft(**changed)
    assert refused.value.field == field and refused.value.words.endswith(".")


def test_least_and_most_may_be_the_same_quarter_of_a_day() -> None:
    offer = _draft(days_least=1, days_most=1)
    assert (offer.current.days_least, offer.current.days_most) == (1, 1)


def test_a_theme_counts_once_and_a_heading_is_no_theme() -> None:
    theme = (make.theme(), Evidence.STATED)
    for themes in ((theme, theme), ((_heading(), Evidence.STATED),)):
        with pytest.raises(NotRight) as refused:
            _draft(themes=themes)
        assert refused.value.field == "themes"


def test_what_is_retired_is_not_chosen_nor_published() -> None:
    offer, choice = _draft(), _choice()
    make.theme().is_retired = choice.is_retired = True
    for changed in ({}, {"choices": (choice,)}):
        with pytest.raises(NotRight, match="No longer used"):
            _draft(**changed)
    with pytest.raises(NotPossible, match="No longer used"):
        actions.publish(offer, by=people.person("giver"))


def test_a_programme_that_is_not_open_takes_no_offers() -> None:
    people.programme().closes_on = date(2025, 3, 31)
    with pytest.raises(NotRight) as refused:
        _draft()
    assert refused.value.field == "programme"


def test_a_draft_changes_in_place() -> None:
    offer = _draft()
    themes = tuple((make.theme(code), Evidence.PUBLISHED) for code in ("mash", "assessment"))
    terms = replace(make.offer_terms(title="Drws ffrynt"), themes=themes, choices=(_choice(),))
    slip = people.programme("slip")
    actions.edit(offer, terms, by=people.person("giver_lead"), programme=slip)
    db.session.expire_all()
    assert offer.title == "Drws ffrynt" and offer.number == 1 and offer.programme == slip
    assert [row.theme.code for row in offer.current.themes] == ["mash", "assessment"]
    assert len(offer.versions) == 1 and offer.current.choices == [_choice()]


def test_a_published_offer_is_revised_and_the_old_version_stays() -> None:
    offer = make.offer()
    first = offer.current.id
    with pytest.raises(NotPossible):
        actions.edit(offer, make.offer_terms(title="Sly"), by=people.person("giver"))
    terms = replace(make.offer_terms(title="Help from the first call on"), days_most=10 * DAY)
    actions.revise(offer, terms, by=people.person("giver"))
    assert offer.number == 2 and offer.title == "Help from the first call on"
    assert offer.current.signed_off_at is not None
    assert db.session.get_one(OfferVersion, first).title == "Help at the front door"
    assert history_of(offer)[0].detail == "Version 2: title, days"


def test_revising_needs_the_director_and_a_difference() -> None:
    offer = make.offer()
    with pytest.raises(NotAllowed):
        actions.revise(offer, make.offer_terms(title="New"), by=people.person("giver_lead"))
    with pytest.raises(NotRight, match="Nothing is different"):
        actions.revise(offer, make.offer_terms(), by=people.person("giver"))
    assert offer.number == 1


def test_a_match_keeps_the_version_it_began_on() -> None:
    match = make.match(given=(offer := make.offer()))
    actions.revise(offer, make.offer_terms(title="Another"), by=people.person("giver"))
    assert match.offer_version.number == 1 and offer.number == 2


def _judge(name: str, grade: Grade, on: date) -> None:
    """A newer judgement for an authority, the same grade in every area."""
    judgement = Judgement(
        authority_id=people.authority(name).id,
        framework="ILACS",
        kind="standard inspection",
        published_on=on,
        source="test",
        is_official=True,
    )
    for area in ("leaders", "help_and_protection", "children_in_care", "care_leavers"):
        setattr(judgement, area, grade)
    db.session.add(judgement)
    db.session.flush()
    db.session.expire_all()


def _not_eligible_any_more() -> None:
    _judge(people.GIVER, Grade.REQUIRES_IMPROVEMENT, date(2026, 11, 1))


def test_an_authority_publishes_only_what_the_rules_let_it() -> None:
    offer = _draft()
    _not_eligible_any_more()
    with pytest.raises(NotPossible, match="good or outstanding"):
        actions.publish(offer, by=people.person("giver"))
    assert offer.state is OfferState.DRAFT


def test_a_person_does_not_suspend() -> None:
    with pytest.raises(NotAllowed):
        take(make.offer(), "suspend", by=people.person("giver"), reason="Because")


def test_withdrawing_needs_a_reason_and_nobody_waiting() -> None:
    offer, by = make.offer(), people.person("giver")
    with pytest.raises(NotRight):
        take(offer, "withdraw", by=by, reason="  ")
    make.conversation(given=offer)
    with pytest.raises(NotPossible, match="Answer them first"):
        take(offer, "withdraw", by=by, reason="We are full.")


@pytest.mark.parametrize(
    "do",
    [
        lambda offer: actions.publish(offer, by=people.person("second_giver")),
        lambda offer: actions.edit(offer, make.offer_terms(), by=people.person("second_giver")),
        lambda offer: take(offer, "withdraw", by=people.person("receiver"), reason="No"),
    ],
    ids=["publish", "edit", "withdraw"],
)
def test_a_refused_verb_changes_and_records_nothing(do: Callable[[Offer], Any]) -> None:
    offer = _draft()
    before = (offer.title, offer.state, len(history_of(offer)))
    with pytest.raises(Refused):
        do(offer)
    assert (offer.title, offer.state, len(history_of(offer))) == before
