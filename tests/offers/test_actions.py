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
from broker.offers import actions, joint
from broker.offers.stamps import ChangedMeanwhile, stamp_of
from broker.offers.terms import terms_of
from broker.taking import take
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.postgres
PUBLISHED = Evidence.PUBLISHED


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
        ({"title": "\u200b – \u200b"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"what_we_do": "x" * 4001}, "what_we_do"),
        ({"days_least": 0}, "days_least"),
        ({"days_least": -4}, "days_least"),
        ({"days_least": 9, "days_most": 8}, "days_most"),
        ({"days_most": 20_001}, "days_most"),
        ({"commitment_months": 0}, "commitment_months"),
        ({"commitment_months": 61}, "commitment_months"),
        ({"open_from": date(2028, 2, 29), "open_until": date(2028, 2, 28)}, "open_until"),
        ({"helps_situations": ("failing",)}, "helps_situations"),
        ({"helped_before": "x" * 1001}, "helped_before"),
    ],
)
def test_terms_that_do_not_hold_are_refused_in_words(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(NotRight) as refused:
        _draft(**changed)
    assert refused.value.field == field and refused.value.words.endswith(".")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<b>x</b>",
        "ftp://example.org/x",
        "//example.org/x",
        "example.org",
        "https://",
        "https:///x",
        "http://localhost/x",
        "https://me:secret@example.org/",
        "https://me@example.org/",
        "https://exa mple.org/",
        "https://example.org/<b>",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/" + "x" * 400,
    ],
)
def test_only_plain_web_addresses_stand_beside_a_claim(link: str) -> None:
    theme = actions.Backed(make.theme(), Evidence.EVALUATED, link)
    with pytest.raises(NotRight) as refused:
        _draft(themes=(theme,))
    assert refused.value.field == f"link_{make.theme().code}"


def test_other_scripts_and_ports_are_no_reason_to_refuse_a_link() -> None:
    for link in ("https://sŵn.cymru/adroddiad", "http://example.org:8080/a?b=c#d"):
        offer = _draft(themes=(actions.Backed(make.theme(), Evidence.EVALUATED, f" {link} "),))
        assert offer.current.themes[0].link == link


def test_a_draft_need_not_be_complete_and_publishing_names_what_is_missing() -> None:
    empty = actions.draft(
        provider=people.authority(people.GIVER),
        programme=people.programme(),
        terms=actions.OfferTerms(),
        by=people.person("giver_lead"),
    )
    assert empty.title == "Offer without a title yet"
    with pytest.raises(NotPossible) as refused:
        actions.publish(empty, by=people.person("giver"))
    for words in ("a title", "what you do", "a theme", "where you work", "the most days"):
        assert words in refused.value.words
    bare = _draft(themes=((make.theme(), Evidence.EVALUATED), (make.theme("mash"), PUBLISHED)))
    with pytest.raises(NotPossible, match="a link to the evaluation.*where ‘.*’ is published"):
        actions.publish(bare, by=people.person("giver"))


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
    for changed in ({}, {"themes": (), "choices": (choice,)}):
        with pytest.raises(NotRight, match="No longer used"):
            _draft(**changed)
    with pytest.raises(NotPossible, match="No longer used"):
        actions.publish(offer, by=people.person("giver"))


def test_a_programme_that_is_not_open_takes_no_offers() -> None:
    offer = _draft()
    people.programme().closes_on = date(2025, 3, 31)
    with pytest.raises(NotRight) as refused:
        _draft()
    assert refused.value.field == "programmes"
    with pytest.raises(NotPossible, match="not open today"):
        actions.publish(offer, by=people.person("giver"))


def test_a_draft_changes_in_place() -> None:
    offer = _draft()
    themes = tuple(actions.Backed(make.theme(code), PUBLISHED) for code in ("mash", "assessment"))
    slip = people.programme("slip")
    terms = replace(
        make.offer_terms(title="Drws ffrynt"),
        themes=themes,
        choices=(_choice(),),
        programmes=(slip,),
    )
    actions.edit(offer, terms, by=people.person("giver_lead"))
    db.session.expire_all()
    assert offer.title == "Drws ffrynt" and offer.number == 1 and offer.programme == slip
    assert [row.theme.code for row in offer.current.themes] == ["mash", "assessment"]
    assert len(offer.versions) == 1 and offer.current.choices == [_choice()]
    changed = history_of(offer)[0].detail
    assert changed == "Title, Programmes, Themes, Links and words to the evidence, How hands-on"
    assert actions.edit(offer, terms, by=people.person("giver_lead")) == []
    assert history_of(offer)[0].number == 2


def test_a_page_saved_over_anothers_change_is_told_and_the_same_twice_is_not() -> None:
    offer, lead, director = _draft(), people.person("giver_lead"), people.person("giver")
    seen = stamp_of(terms_of(offer.current), ["title", "what_we_do"])
    actions.write_in(offer, {"title": "Hers"}, by=director, seen=seen)
    actions.write_in(offer, {"title": "Hers"}, by=director, seen=seen)
    with pytest.raises(ChangedMeanwhile) as told:
        actions.write_in(offer, {"title": "His"}, by=lead, seen=seen)
    assert told.value.theirs == {"Title": "Hers"} and offer.title == "Hers"
    actions.write_in(offer, {"days_most": 8 * DAY}, by=lead, seen=seen)
    actions.write_in(
        offer, {"title": "His"}, by=lead, seen=stamp_of(terms_of(offer.current), ["title"])
    )
    assert (offer.title, offer.current.days_most) == ("His", 8 * DAY)


def test_a_revision_stands_only_once_it_is_signed_off_and_the_old_version_stays() -> None:
    offer, director = make.offer(), people.person("giver")
    first = offer.current.id
    with pytest.raises(NotPossible):
        actions.edit(offer, make.offer_terms(title="Sly"), by=director)
    actions.begin_revision(offer, by=people.person("giver_lead"))
    again = actions.begin_revision(offer, by=director)
    assert again.number == 2 and len(offer.versions) == 2
    with pytest.raises(NotPossible, match="Nothing is different"):
        actions.sign_off(offer, by=director)
    terms = replace(terms_of(again), title="From the first call on", days_most=10 * DAY)
    actions.edit(offer, terms, by=people.person("giver_lead"))
    assert (offer.number, offer.title) == (1, "Help at the front door")
    with pytest.raises(NotAllowed):
        actions.sign_off(offer, by=people.person("giver_lead"))
    with pytest.raises(NotPossible, match="more than words"):
        actions.reword(offer, by=people.person("giver_lead"))
    actions.sign_off(offer, by=director)
    assert offer.number == 2 and offer.title == "From the first call on"
    assert offer.revision is None and offer.current.signed_off_by_id == director.id
    assert db.session.get_one(OfferVersion, first).title == "Help at the front door"
    assert history_of(offer)[0].detail == "Version 2: title, days in one partnership"


def test_words_alone_need_no_director() -> None:
    offer, lead = make.offer(), people.person("giver_lead")
    actions.begin_revision(offer, by=lead)
    theme = offer.current.themes[0]
    linked = actions.Backed(theme.theme, theme.evidence, "https://example.org/newer")
    actions.write_in(offer, {"title": "Better words", "themes": (linked,)}, by=lead)
    actions.reword(offer, by=lead)
    assert (offer.number, offer.title) == (2, "Better words")
    assert offer.current.signed_off_by_id == lead.id


def test_a_revision_is_discarded_without_a_trace_on_what_stands() -> None:
    offer, lead = make.offer(), people.person("giver_lead")
    actions.begin_revision(offer, by=lead)
    actions.write_in(offer, {"title": "A slip"}, by=lead)
    actions.discard(offer, by=lead)
    assert offer.revision is None and offer.title == "Help at the front door"
    with pytest.raises(NotPossible):
        actions.discard(offer, by=lead)
    assert actions.begin_revision(offer, by=lead).title == "Help at the front door"


def test_an_offer_is_copied_without_what_is_no_longer_used() -> None:
    offer = _draft(choices=(_choice(),), helped_before="Two neighbours")
    _choice().is_retired = True
    copied = actions.copy(offer, by=people.person("giver_lead"))
    assert copied.state is OfferState.DRAFT and copied.title == offer.title
    assert copied.current.choices == [] and copied.current.helped_before == "Two neighbours"
    assert copied.current.themes[0].link == offer.current.themes[0].link
    assert history_of(copied)[0].detail == f"Copied from offer {offer.id}, version 1"
    with pytest.raises(NotAllowed):
        actions.copy(offer, by=people.person("second_giver"))


def test_several_programmes_stand_in_the_version_and_one_is_the_first() -> None:
    own, slip, pip = (people.programme(code) for code in ("own", "slip", "pip"))
    offer = _draft(programmes=(slip,))
    actions.publish(offer, by=people.person("giver"))
    assert offer.programmes == [own, slip] and not offer.is_open_to(pip.id)
    actions.revise(
        offer, replace(terms_of(offer.current), programmes=(pip, slip)), by=people.person("giver")
    )
    assert offer.programme in (pip, slip) and set(offer.programmes) == {pip, slip}


def test_a_match_takes_the_needs_programme_where_the_offer_is_open_to_it() -> None:
    slip = people.programme("slip")
    offer = _draft(programmes=(slip,))
    actions.publish(offer, by=people.person("giver"))
    need = make.need(programme=slip, days=40 * DAY, until="submitted")
    match = make.match(make.opened(need), offer)
    assert (offer.programme, match.programme) == (people.programme(), slip)


def test_a_partner_is_named_only_once_its_director_agrees_to_what_stands() -> None:
    essex = people.authority(people.OTHER)
    offer, lead, other = (
        _draft(partners=(essex,)),
        people.person("giver_lead"),
        people.person("other"),
    )
    with pytest.raises(NotPossible, match="the agreement of Essex"):
        actions.publish(offer, by=people.person("giver"))
    with pytest.raises(NotAllowed):
        joint.join(offer, by=other)
    joint.ask_partners(offer, by=lead)
    joint.join(offer, by=other)
    actions.write_in(offer, {"title": "Only words"}, by=lead)
    assert [partner.authority for partner in offer.partners] == [essex]
    actions.write_in(offer, {"days_most": 70 * DAY}, by=lead)
    assert offer.partners == []
    joint.ask_partners(offer, by=lead)
    joint.join(offer, by=other)
    actions.publish(offer, by=people.person("giver"))
    assert actions.begin_revision(offer, by=lead).partners[0].is_named
    with pytest.raises(NotAllowed):
        joint.leave(offer, by=people.person("receiver"), reason="No")
    joint.leave(offer, by=other, reason="We have other duties now.")
    assert offer.partners == [] and offer.revision and offer.revision.partners == []


def test_a_partner_that_stays_out_stands_no_longer_in_the_draft() -> None:
    offer, other = _draft(partners=(people.authority(people.OTHER),)), people.person("other")
    joint.ask_partners(offer, by=people.person("giver_lead"))
    joint.stay_out(offer, by=other)
    assert offer.current.partners == []
    with pytest.raises(NotAllowed):
        joint.join(offer, by=other)
    for wrong in (people.GIVER,):
        with pytest.raises(NotRight, match="gives this offer already"):
            _draft(partners=(people.authority(wrong),))


def test_the_lead_hands_over_and_a_later_change_takes_it_back() -> None:
    offer, lead = _draft(), people.person("giver_lead")
    actions.hand_over(offer, by=lead)
    assert offer.current.handed_over_at is not None
    actions.write_in(offer, {"title": "One more thing"}, by=lead)
    assert offer.current.handed_over_at is None


def test_lead_and_deputy_are_two_people_of_the_provider() -> None:
    lead, director = people.person("giver_lead"), people.person("giver")
    assert _draft(lead=lead, deputy=director).current.deputy is director
    for wrong in ({"lead": people.person("receiver")}, {"lead": lead, "deputy": lead}):
        with pytest.raises(NotRight):
            _draft(**wrong)


def test_a_match_keeps_the_version_it_began_on() -> None:
    match = make.match(given=(offer := make.offer()))
    terms = replace(terms_of(offer.current), title="Another")
    actions.revise(offer, terms, by=people.person("giver"))
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
