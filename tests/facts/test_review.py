"""When facts change: offers suspended and lifted to where they stood, partnerships flagged."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.facts.review import clear, foresee, review
from broker.models.authority import Grade
from broker.models.offer import OfferState
from broker.models.partnership import Partnership
from broker.models.work import Message
from broker.system import the_system
from broker.taking import take
from broker.work.queries import waiting_on
from tests import make, people

LATER = date(2026, 11, 10)
pytestmark = pytest.mark.usefixtures("app")


def verbs(changes: list) -> list[str]:
    return [change.verb for change in changes]


def reviewed() -> list[str]:
    return verbs(review(by=the_system()))


def lose(name: str = people.GIVER) -> None:
    make.judged(name, Grade.REQUIRES_IMPROVEMENT, LATER)


def flagged() -> Partnership:
    partnership = make.partnership()
    lose()
    review(by=the_system())
    return partnership


def test_offers_are_suspended_and_lifted_to_where_they_stood() -> None:
    published, paused = make.offer(), make.offer(title="Paused")
    take(paused, "pause", by=people.person("giver"))
    elsewhere = make.offer(giver="second_giver")
    assert reviewed() == []
    lose()
    assert verbs(foresee()) == ["suspend", "suspend"]
    assert published.state is OfferState.PUBLISHED, "foreseeing changes nothing"
    assert reviewed() == ["suspend", "suspend"]
    assert published.state is paused.state is OfferState.SUSPENDED
    assert elsewhere.state is OfferState.PUBLISHED
    assert "good or outstanding" in (history_of(published)[0].reason or "")
    assert reviewed() == []
    make.judged(people.GIVER, Grade.GOOD, date(2026, 11, 15))
    assert reviewed() == ["lift", "lift"]
    assert (published.state, paused.state) == (OfferState.PUBLISHED, OfferState.PAUSED)


def test_an_area_for_priority_action_suspends_until_a_later_inspection() -> None:
    offer = make.offer()
    make.judged(people.GIVER, None, LATER, has_priority_action=True)
    assert reviewed() == ["suspend"]
    assert "priority action" in (history_of(offer)[0].reason or "")
    make.judged(people.GIVER, Grade.OUTSTANDING, date(2026, 11, 12))
    assert reviewed() == ["lift"]


def test_a_live_partnership_is_flagged_goes_on_and_people_are_told() -> None:
    partnership = flagged()
    assert "good or outstanding" in (partnership.review_reason or "")
    make.day(partnership)
    told = {m.to.email for m in db.session.query(Message) if "flagged for review" in m.subject}
    for name in ("giver", "receiver", "coordinator", "deputy"):
        assert people.address(name) in told
    work = waiting_on(people.person("coordinator"))
    assert ("Record your review", False) in {(one.label, one.is_late) for one in work}


def test_the_coordinator_clears_a_flag_once_for_one_cause() -> None:
    partnership = flagged()
    with pytest.raises(NotAllowed):
        clear(partnership, reason="Fine", by=people.person("giver"))
    with pytest.raises(NotRight):
        clear(partnership, reason=" ", by=people.person("coordinator"))
    clear(partnership, reason="Both want it to go on.", by=people.person("coordinator"))
    assert partnership.review_reason is None
    assert reviewed() == [], "the same cause does not flag it again"
    with pytest.raises(NotPossible):
        clear(partnership, reason="Again", by=people.person("coordinator"))
    make.judged(people.GIVER, Grade.INADEQUATE, date(2026, 11, 18))
    assert reviewed() == ["flag"]


def test_a_flag_is_lifted_with_its_cause_and_the_history_tells_it() -> None:
    partnership = flagged()
    make.judged(people.GIVER, Grade.GOOD, date(2026, 11, 15))
    assert "lift_flag" in reviewed()
    assert partnership.review_reason is None
    told = [event.verb for event in reversed(history_of(partnership))]
    assert told[-2:] == ["flag", "lift_flag"]


def test_the_page_says_why_it_is_flagged_and_takes_the_review(app: Flask, client) -> None:
    from broker.db import transaction

    with transaction():
        partnership_id = flagged().id
    page = client.sign_in("receiver").get(f"/partnerships/{partnership_id}")
    assert "Flagged for review" in page and "Record your review" not in page
    client.sign_in("coordinator").get(f"/partnerships/{partnership_id}")
    assert "Record your review" in client.text
    client.get(f"/partnerships/{partnership_id}/review")
    client.send(expect=422, reason=" ")
    client.send(reason="Seen with both directors.")
    assert "Your review is recorded" in client.follow()
    assert 'govuk-tag--orange">Flagged' not in client.get("/partnerships")
    client.get(f"/partnerships/{partnership_id}/review", expect=409)
