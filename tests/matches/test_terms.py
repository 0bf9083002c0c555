"""Terms on one page: carried forward from need and offer, changed in one step, agreed by both."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from broker.clock import Quarter
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.matches import actions
from broker.matches.terms import Terms, reshaped, terms_of
from broker.models.match import Match
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

FIRST = Quarter.named("2026-27 Q4")


@given(
    days=st.dictionaries(st.integers(0, 7), st.integers(0, 400), min_size=1),
    total=st.integers(1, 2000),
    ahead=st.integers(0, 6),
)
def test_another_total_and_start_keep_the_shape_to_the_quarter_day(
    days: dict[int, int], total: int, ahead: int
) -> None:
    before = Terms(days={FIRST + n: amount for n, amount in days.items()}, aims="")
    after = reshaped(before, total=total, start=FIRST + ahead).days
    assert sum(after.values()) == total
    whole = sum(days.values())
    if whole:
        shift = FIRST + ahead
        first = min(n for n, amount in days.items() if amount)
        for n, amount in days.items():
            got = after.get(shift + (n - first), 0) if amount else 0
            assert abs(got - amount * total / whole) < 1


def test_a_match_begins_with_what_need_and_offer_say(app: Flask) -> None:
    match = make.match()
    [lead] = match.leads
    assert lead.theme == match.need.themes[0].theme
    assert match.aims == "Children are seen sooner." and match.delivery.value == "either"


def test_fewer_days_and_another_start_in_one_step(client: PageClient) -> None:
    with transaction():
        make.capacity()
        number = make.match().id
    later = make.next_quarter() + 1
    client.sign_in("giver_lead").get(f"/matches/{number}/counter")
    client.send(total="5.5", start=str(later))
    match = db.session.get_one(Match, number)
    assert {row.quarter: row.quarter_days for row in match.days} == {later: 22}
    assert match.aims == "Children are seen sooner."
    client.get(f"/matches/{number}/counter")
    assert "at most 60 days" in client.send(expect=422, total="61")
    assert 'value="61"' in client.text


def test_leads_boundaries_and_delivery_are_proposed_and_read_by_both(client: PageClient) -> None:
    with transaction():
        match = make.match()
        number, theme = match.id, match.leads[0].theme_id
    client.sign_in("receiver_lead").get(f"/matches/{number}/terms")
    client.send(
        **{
            f"receiver_lead_{theme}": "Head of the front door",
            f"provider_lead_{theme}": "Service manager",
            "boundaries": "<b>No</b> case decisions",
            "delivery": "remote",
        }
    )
    for name in ("receiver", "giver", "coordinator"):
        text = client.sign_in(name).get(f"/matches/{number}")
        assert "Head of the front door" in text and "Service manager" in text
        assert "<b>No" not in text and "case decisions" in text and "Remote" in text


def test_terms_of_a_larger_need_say_their_aims_before_they_are_agreed(app: Flask) -> None:
    make.capacity({make.next_quarter(): 40 * DAY})
    match = make.match(make.need(days=24 * DAY))
    without = Terms(days=terms_of(match).days, aims=" ")
    actions.counter_offer(match, without, by=people.person("giver"))
    with pytest.raises(NotPossible, match="what this is to change"):
        actions.agree(match, by=people.person("receiver"))
