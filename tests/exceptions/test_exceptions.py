"""Exceptions: a coordinator's reason with an end, above the rule while it is in force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from broker import clock, clockwork, jobs, worker
from broker.db import db, transaction
from broker.errors import NotAllowed, NotRight
from broker.exceptions import actions
from broker.facts.review import review
from broker.models.authority import Grade
from broker.models.exception import EligibilityException, ExceptionState
from broker.models.offer import Offer, OfferState
from broker.system import the_system
from broker.taking import take
from tests import make, people
from tests.client import PageClient

UNTIL = date(2027, 2, 26)
LATER = date(2026, 11, 10)


def suspended() -> Offer:
    """An offer of Leeds's under Partners in Practice that the rules keep out."""
    offer = make.offer(programme=people.programme("pip"))
    make.judged(people.GIVER, Grade.REQUIRES_IMPROVEMENT, LATER)
    review(by=the_system())
    assert offer.state is OfferState.SUSPENDED
    return offer


def grant(**changed: object) -> EligibilityException:
    terms = {
        "provider": people.authority(people.GIVER),
        "programme": people.programme("pip"),
        "because": "Its work with families goes on unharmed.",
        "expires_on": UNTIL,
        "by": people.person("far_coordinator"),
    }
    return actions.grant(**{**terms, **changed})


def test_an_exception_lets_offers_stand_again_and_its_end_suspends_them(app: Flask) -> None:
    offer = suspended()
    exception = grant()
    assert offer.state is OfferState.PUBLISHED
    assert review(by=the_system()) == []
    actions.end(exception, reason="A new worry", by=people.person("far_coordinator"))
    assert exception.state is ExceptionState.ENDED_SOONER
    assert offer.state is OfferState.SUSPENDED


def test_an_exception_runs_out_by_itself_the_day_after_its_last(app: Flask) -> None:
    with transaction():
        offer_id, exception_id = suspended().id, grant().id
    for on, standing in (
        (UNTIL, OfferState.PUBLISHED),
        (UNTIL + timedelta(1), OfferState.SUSPENDED),
    ):
        with clock.set_to(on):
            clockwork.queue_today()
            while worker.once("test"):
                pass
            assert jobs.job_for(f"day-{on}").state.value == "done"
            db.session.rollback()
            assert db.session.get_one(Offer, offer_id).state is standing
    expired = db.session.get_one(EligibilityException, exception_id)
    assert expired.state is ExceptionState.EXPIRED


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"because": "  "}, "Say why"),
        ({"expires_on": date(2026, 11, 20)}, "after today"),
        ({"expires_on": date(2028, 2, 29)}, "a year at most"),
    ],
)
def test_what_an_exception_needs(app: Flask, changed: dict, words: str) -> None:
    suspended()
    with pytest.raises(NotRight, match=words):
        grant(**changed)


def test_who_needs_no_exception_or_has_one_gets_none(app: Flask) -> None:
    with pytest.raises(NotRight, match="without an exception"):
        grant()
    suspended()
    grant()
    with pytest.raises(NotRight, match="in force already"):
        grant()


def test_only_a_coordinator_of_the_region_who_is_not_of_the_authority_grants(app: Flask) -> None:
    suspended()
    for name in ("coordinator", "giver", "administrator", "manager"):
        with pytest.raises(NotAllowed):
            grant(by=people.person(name))
    own = people.person("far_coordinator")
    own.employer = people.authority(people.GIVER)
    with pytest.raises(NotAllowed):
        grant(by=own)


def test_an_exception_counts_when_a_match_is_agreed(app: Flask) -> None:
    pip = people.programme("pip")
    make.capacity(programme=pip)
    match = make.match(make.need(programme=pip), make.offer(programme=pip))
    make.judged(people.GIVER, Grade.REQUIRES_IMPROVEMENT, LATER)
    grant()
    assert make.agreed(match).state.value == "agreed"


@pytest.mark.parametrize("typed", ["", "x" * 2001, "<script>alert(1)</script>"])
def test_the_form_keeps_what_was_typed(app: Flask, client: PageClient, typed: str) -> None:
    client.sign_in("far_coordinator").get("/exceptions/new")
    date_typed = {"expires_on-day": "29", "expires_on-month": "2", "expires_on-year": "2027"}
    said = client.send(expect=422, because=typed, programme="pip", provider="9999", **date_typed)
    assert 'value="29"' in said and "must be one of the answers listed" in said
    assert "<script>" not in said


def test_granting_and_ending_on_the_pages(app: Flask, client: PageClient) -> None:
    with transaction():
        suspended()
        leeds = people.authority(people.GIVER).id
    client.sign_in("far_coordinator").get("/exceptions/new")
    date_typed = {"expires_on-day": "26", "expires_on-month": "2", "expires_on-year": "2027"}
    client.send(because="Gwaith da, عمل جيد", programme="pip", provider=str(leeds), **date_typed)
    assert "Gwaith da" in client.follow()
    found = client.get("/exceptions?q=leeds&state=in_force")
    assert "1 exception" in found and "26 February 2027" in found
    assert "No exceptions here" in client.get("/exceptions?q=nowhere")
    client.sign_in("giver").get("/exceptions/1")
    assert "End this exception" not in client.text
    client.sign_in("far_coordinator").get("/exceptions/1")
    assert "Ended the exception" in client.press("End this exception", reason="Not needed")


def test_a_person_expires_nothing(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        take(make.exception(), "expire", by=people.person("coordinator"))
