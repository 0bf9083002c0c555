"""How two sides work together, and who leads: carried over, agreed, changed with a handover."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from flask import Flask

from broker import clock
from broker.agreements import actions, leads
from broker.agreements.queries import agreement_of
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.agreement import Post, WorkingAgreement, WorkingState
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Role
from broker.models.work import Message
from tests import make, people
from tests.client import PageClient


def opened() -> tuple[Partnership, WorkingAgreement]:
    within = make.partnership()
    agreement = agreement_of(within)
    assert agreement is not None
    return within, agreement


def test_the_words_of_the_terms_are_carried_over_and_the_rest_is_named(app: Flask) -> None:
    within, agreement = opened()
    assert agreement.aims_receiver == within.aims
    assert within.match.need.themes[0].theme.name in agreement.scope_in
    with pytest.raises(NotPossible, match="what the provider wants from it"):
        actions.agree(agreement, by=people.person("giver"))


def test_both_directors_agree_and_other_words_ask_them_again(app: Flask) -> None:
    agreement = make.agreed_agreement(make.partnership())
    assert agreement.state is WorkingState.AGREED
    with pytest.raises(NotRight):
        actions.reopen(agreement, reason=" ", by=people.person("giver_lead"))
    actions.reopen(agreement, reason="Scope has grown.", by=people.person("giver_lead"))
    actions.agree(agreement, by=people.person("giver"))
    with pytest.raises(NotPossible, match="Your side has agreed"):
        actions.agree(agreement, by=people.person("giver"))
    with pytest.raises(NotAllowed):
        actions.agree(agreement, by=people.person("receiver_lead"))
    assert agreement.state is WorkingState.BEING_WRITTEN
    actions.agree(agreement, by=people.person("receiver"))
    assert agreement.state is WorkingState.AGREED


def test_whoever_agreed_before_the_other_side_wrote_on_has_not_agreed_to_that(app: Flask) -> None:
    agreement = make.agreed_agreement(make.partnership())
    actions.reopen(agreement, reason="Scope has grown.", by=people.person("giver_lead"))
    actions.agree(agreement, by=people.person("giver"))
    words = {one.name: getattr(agreement, one.name) for one in fields(actions.Terms)}
    terms = actions.Terms(**words | {"scope_in": "All of it."})
    actions.write(agreement, terms, [], by=people.person("receiver_lead"))
    assert agreement.sides_agreed == set()
    actions.agree(agreement, by=people.person("receiver"))
    assert agreement.state is WorkingState.BEING_WRITTEN


def test_a_measure_that_both_watch_says_from_when(app: Flask, client: PageClient) -> None:
    with transaction():
        within, agreement = opened()
    client.sign_in("giver_lead").get(f"/agreements/{agreement.id}/write")
    client.send(expect=422, kpi_0="Visits in time")
    assert "Give both" in client.text and "Visits in time" in client.text
    when = {"from_0-day": "1", "from_0-month": "4", "from_0-year": "2027"}
    client.send(aims_provider="To learn.", kpi_0="Visits in time", **when)
    assert "Visits in time, from 1 April 2027" in client.follow()
    client.sign_in("receiver").get(f"/partnerships/{within.id}/agreement")
    assert "Wirral has agreed to it" in client.press("Agree to this agreement")


def test_leads_are_paired_for_each_theme_from_who_holds_the_roles(app: Flask) -> None:
    within = make.partnership()
    pairs = leads.pairs(within, leads.all_of(within))
    directors, lead, deputy = pairs
    assert (directors.provider and directors.provider.who) == "Director, Leeds"
    assert (lead.receiver and lead.receiver.who) == "Improvement lead, Wirral"
    assert lead.theme and deputy.receiver is None and deputy.provider is None


def test_a_lead_changes_with_a_note_and_nothing_is_lost(app: Flask) -> None:
    within = make.partnership()
    theme = within.match.need.themes[0].theme
    named = {"post": Post.LEAD, "theme": theme, "by": people.person("receiver_lead")}
    with pytest.raises(NotRight, match="note"):
        leads.change(within, who="Head of practice", note="", **named)
    with clock.set_to(date(2027, 3, 1)):
        leads.change(within, who="Head of practice", note="Next: audits.", **named)
        with pytest.raises(NotRight, match="already"):
            leads.change(within, who="Head of practice", note="x", **named)
    every = leads.all_of(within)
    assert leads.churn(every) == 1
    [before] = [one for one in every if one.until_on]
    assert (before.note, before.until_on, before.side) == (
        "Next: audits.", date(2027, 3, 1), Side.RECEIVER,
    )  # fmt: skip
    held = leads.holding(within, Side.PROVIDER, Post.LEAD, theme)
    assert held and held.who == "Partnership lead, Leeds"


def test_naming_somebody_for_the_first_time_is_no_churn(app: Flask) -> None:
    within = make.partnership()
    theme = within.match.need.themes[0].theme
    leads.change(within, post=Post.DEPUTY, theme=theme, who="Team manager", note="",
                 by=people.person("giver"))  # fmt: skip
    assert leads.churn(leads.all_of(within)) == 0


def _became_director(name: str, on: date, *, left: date | None = None) -> None:
    """Somebody becomes Wirral's director; whoever was it until now leaves a day before `left`."""
    if left:
        people.person("receiver").memberships[0].ends_on = left
    new = people.add(name, Role.DIRECTOR, authority=people.authority("Wirral"))
    new.memberships[0].starts_on = on
    db.session.flush()


def test_a_directors_change_is_followed_once_and_counted(app: Flask) -> None:
    within = make.partnership()
    _became_director("new", date(2027, 2, 1), left=date(2027, 1, 31))
    for day, times in ((date(2027, 1, 20), 0), (date(2027, 2, 2), 1), (date(2027, 2, 3), 1)):
        with clock.set_to(day):
            leads.follow_directors()
            assert leads.churn(leads.all_of(within)) == times, day
    held = leads.holding(within, Side.RECEIVER, Post.DIRECTOR, None)
    assert held and held.from_on == date(2027, 2, 1)
    told = {m.to.name for m in db.session.query(Message) if "follow_director" in m.kind}
    assert "Director, Leeds" in told


def test_a_second_director_beside_the_first_changes_nothing(app: Flask) -> None:
    within = make.partnership()
    _became_director("second", date(2027, 2, 1))
    with clock.set_to(date(2027, 2, 2)):
        leads.follow_directors()
    assert leads.churn(leads.all_of(within)) == 0


def test_a_partnership_older_than_agreements_and_plans_begins_them_once(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        within = make.partnership()
        for one in (*leads.all_of(within), agreement_of(within), *make.plans_of(within)):
            db.session.delete(one)
    page = f"/partnerships/{within.id}"
    label = "Begin the agreement and the plan"
    for part in ("agreement", "plan"):
        assert label not in client.sign_in("coordinator").get(f"{page}/{part}")
        assert label in client.sign_in("giver_lead").get(f"{page}/{part}")
    assert "Who decides what" in client.press(label) and label not in client.text
    assert "Support as agreed in the terms" in client.get(f"{page}/plan")
    client.post(f"{page}/begin", expect=409)
    assert len(make.plans_of(within)) == 1 and len(leads.all_of(within)) == 4


def test_people_are_named_on_the_page_and_notes_are_for_the_sides(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        within = make.partnership()
    theme = within.match.need.themes[0].theme_id
    address = f"/partnerships/{within.id}/leads"
    client.sign_in("giver_lead").get(f"{address}/lead/{theme}")
    client.send(expect=422, who="", note="Half way.")
    assert "Half way." in client.text
    client.send(who="Head of early help", note="Half way.")
    said = client.follow()
    assert "Head of early help" in said and "1 post has gone" in said and "Half way." in said
    assert "Half way." not in client.sign_in("manager").get(address)
    client.sign_in("receiver").get(f"{address}/director/0")
    client.get(f"{address}/director/{theme}", expect=404)
    client.get(f"{address}/lead/0", expect=404)


def test_the_sheet_for_staff_and_the_pack_say_what_the_records_say(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        within = make.begun()
    said = client.sign_in("practitioner").get(f"/partnerships/{within.id}/kick-off")
    assert "They work beside you" in said and "Support as agreed in the terms" in said
    said = client.get(f"/partnerships/{within.id}/context")
    assert "A settled team of practice leaders" in said and "Inspections" in said
    client.sign_in("manager").get(f"/partnerships/{within.id}/context", expect=403)
