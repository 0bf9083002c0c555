"""After a programme's last day nothing new begins; what is agreed by then runs to its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask

from broker import clock
from broker.capacity.queries import free_days
from broker.conversations import actions as conversations
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.extensions import actions as extensions
from broker.matches import actions as matches
from broker.matches.terms import terms_of
from broker.models.match import Match, MatchState
from broker.models.offer import Offer, OfferState
from broker.models.programme import Programme
from broker.offers import actions as offers
from broker.prospectus import queries as prospectus
from broker.returns.expected import expected, is_expected
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY


def closed_yesterday(programme: Programme) -> None:
    programme.closes_on = clock.today() - timedelta(days=1)


@contextmanager
def refused(words: str) -> Iterator[None]:
    """What is done inside is refused in these words, and leaves nothing."""
    with pytest.raises(NotPossible, match=words), db.session.begin_nested():
        yield


def talking(*, also: str = "") -> tuple[Programme, Match]:
    """A match that is talked about under a programme, whose offer may be open to another too."""
    north = make.programme()
    make.capacity(programme=north)
    given = make.offer(programme=north, published=False)
    if also:
        make.capacity(programme=people.programme(also))
        both = (north, people.programme(also))
        offers.write_in(given, {"programmes": both}, by=people.person("giver"))
    offers.publish(given, by=people.person("giver"))
    return north, make.match(make.need(programme=north), given)


def test_no_match_is_agreed_under_it(app: Flask) -> None:
    north, match = talking()
    matches.agree(match, by=people.person("receiver"))
    closed_yesterday(north)
    with refused("Days for the North is not open today"):
        matches.agree(match, by=people.person("giver"))
    north.closes_on = make.next_quarter().last_day
    matches.agree(match, by=people.person("giver"))
    assert match.state is MatchState.AGREED


def test_new_terms_go_on_under_another_programme_of_the_offer(app: Flask) -> None:
    north, match = talking(also="own")
    assert match.programme is north
    closed_yesterday(north)
    matches.counter_offer(match, terms_of(match), by=people.person("receiver"))
    assert match.programme is people.programme("own")
    make.agreed(match)
    assert match.state is MatchState.AGREED


def test_a_match_begins_under_a_programme_that_is_open(app: Flask) -> None:
    north = make.programme()
    offer = make.offer(programme=north)
    need = make.need(programme=north)
    own = people.programme("own")
    offer.current.programmes.append(own)
    assert make.match(need, offer).programme is north
    closed_yesterday(north)
    assert make.match(make.need(title="Another"), offer).programme is own
    assert offer.programme_on(clock.today()) is own


def test_what_was_agreed_by_then_is_approved_and_runs_on_without_more_days(app: Flask) -> None:
    north, match = talking()
    make.agreed(match)
    closed_yesterday(north)
    within = make.begun(make.partnership(match))
    make.day(within, on=clock.today())
    with refused("not open today"):
        make.extension(within)
    north.closes_on = None
    more = make.extension(within, agreed=False)
    closed_yesterday(north)
    with refused("not open today"):
        extensions.agree(more, by=people.person("giver"))


def test_the_first_days_are_given_in_a_quarter_that_has_begun_by_then(app: Flask) -> None:
    north, match = talking()
    north.closes_on = make.next_quarter().first_day - timedelta(days=1)
    with refused("The last day of Days for the North is 31 December 2026"):
        matches.agree(match, by=people.person("receiver"))
    north.closes_on = make.next_quarter().first_day
    matches.agree(match, by=people.person("receiver"))


def test_free_days_alone_ask_for_no_return_of_a_later_quarter(app: Flask) -> None:
    north, match = talking()
    north.rules = people.programme("pip").rules
    first, second = make.next_quarter(), make.next_quarter() + 1
    key, giver = [north.id], people.authority(people.GIVER).id
    assert is_expected(giver, north.id, second)
    make.partnership(make.agreed(match))
    north.closes_on = first.first_day - timedelta(days=1)
    assert expected(key, [first, second]) == {(north.id, first): {giver}}
    north.closes_on = second.first_day
    assert is_expected(giver, north.id, second)


def test_no_days_are_free_in_it_for_whoever_looks_for_help(app: Flask) -> None:
    north = make.programme()
    pair = (make.capacity(programme=north).provider_id, north.id)
    assert free_days([pair])[pair].first and prospectus.free_days()[pair]
    closed_yesterday(north)
    db.session.flush()
    assert not free_days([pair])[pair].first and pair not in prospectus.free_days()


def test_nobody_asks_about_what_cannot_be_agreed(app: Flask) -> None:
    north = make.programme()
    offer, need = make.offer(programme=north), make.need(programme=north)
    asked = make.suggestion(need, offer)
    closed_yesterday(north)
    with refused("not open today"):
        conversations.ask(asked, message="May we talk?", by=people.person("receiver"))
    with refused("not open today"):
        make.small_ask(offer)
    offer.current.programmes.append(people.programme("own"))
    assert make.small_ask(offer).programme is people.programme("own")


def test_an_offer_comes_back_while_one_of_its_programmes_is_open(app: Flask) -> None:
    north = make.programme()
    offer: Offer = make.offer(programme=north)
    take(offer, "pause", by=people.person("giver"))
    closed_yesterday(north)
    with refused("not open today"):
        take(offer, "resume", by=people.person("giver"))
    offer.current.programmes.append(people.programme("own"))
    take(offer, "resume", by=people.person("giver"))
    assert offer.state is OfferState.PUBLISHED


def test_before_its_first_day_nothing_begins_either(app: Flask) -> None:
    north = make.programme()
    north.opens_on, north.closes_on = date(2027, 4, 1), date(2027, 4, 2)
    assert north.is_open_on(north.opens_on) and north.is_open_on(north.closes_on)
    with refused("not open today"):
        make.capacity({make.next_quarter(): DAY}, programme=north)


def test_the_page_of_an_offer_that_no_open_programme_holds_says_so(client: PageClient) -> None:
    with transaction():
        north = make.programme()
        make.capacity(programme=north)
        offer = make.offer(programme=north)
    client.sign_in("receiver")
    page = client.get(f"/offers/{offer.id}")
    assert "Ask in a minute" in page and "No free days now" not in page
    with transaction():
        closed_yesterday(people.programme(north.code))
    page = client.get(f"/offers/{offer.id}")
    assert "Nobody can ask about this offer just now." in page and "No free days now" in page
    assert "not open today" in client.get(f"/offers/{offer.id}/ask", expect=409)
    client.sign_in("giver")
    page = client.get(f"/offers/{offer.id}")
    assert "Nobody can ask about this offer just now." in page
    assert f"{north.name} is not open today. Days that are free below are given to nobody." in page


def test_a_conversation_names_every_programme_until_a_match_settles_one(client: PageClient) -> None:
    with transaction():
        north, match = talking(also="own")
        both = f"{north.name}, {people.programme('own').name}"
        other = make.conversation(
            make.need(title="Another", programme=north), match.offer_version.offer
        )
    client.sign_in("giver")
    assert both in client.get(f"/conversations/{other.id}")
    page = client.get(f"/conversations/{match.conversation_id}")
    assert north.name in page and both not in page


def test_who_asks_for_a_need_reads_every_programme_of_the_offer(client: PageClient) -> None:
    with transaction():
        north, match = talking(also="own")
        make.need(title="Another", programme=north)
    client.sign_in("receiver")
    page = client.get(f"/offers/{match.offer_version.offer_id}/ask/need")
    assert f"{north.name} or {people.programme('own').name}" in page
