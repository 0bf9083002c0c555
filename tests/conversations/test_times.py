"""Finding a time for the first talk, and the calendar file that comes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from broker import clock
from broker.conversations import actions, times
from broker.db import transaction
from broker.errors import NotAllowed, NotPossible
from broker.models.match import Conversation
from broker.models.talk_time import TalkTime
from tests import make, people
from tests.client import PageClient


def accepted() -> Conversation:
    talk = make.conversation()
    actions.accept(talk, by=people.person("giver"))
    return talk


def proposed(talk: Conversation, *days: int, by: str = "giver") -> list[TalkTime]:
    """At ten o'clock on days in December 2026."""
    starts = [datetime(2026, 12, day, 10, tzinfo=UTC) for day in days]
    return times.propose_times(
        talk, starts=starts, minutes=60, place="By telephone", by=people.person(by)
    )


def typed(**change: str) -> dict[str, str]:
    days = {"first-day": "3", "first-month": "12", "first-year": "2026", "first_at": "10:00"}
    return {**days, "minutes": "30", "place": "Room 4, ystafell 4", **change}


def test_one_side_proposes_and_the_other_chooses(client: PageClient) -> None:
    with transaction():
        talk = accepted()
    client.sign_in("giver").get(f"/conversations/{talk.id}/times")
    client.send(**typed())
    client.sign_in("receiver_lead").get(f"/conversations/{talk.id}")
    assert "can talk at this time" in client.text
    client.press("Choose 3 December 2026, 10:00")
    assert "You talk on 3 December 2026, 10:00" in client.text
    client.sign_in("giver").get(f"/conversations/{talk.id}")
    assert "Put it in your calendar" in client.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first-day": ""}, "First day"),
        ({"first-day": "31", "first-month": "2"}, "First day"),
        ({"first-day": "19", "first-month": "11"}, "A time has gone by"),
        ({"first-year": "2027", "first-month": "11"}, "in the next six months"),
        ({"first_at": "03:17"}, "must be one of the answers listed"),
        ({"second_at": "11:00"}, "Give both the day and the time"),
        ({"second-day": "3", "second-month": "12", "second-year": "2026", "second_at": "10:00"},
         "Two of these times are the same"),
        ({"place": ""}, "Fill in"),
        ({"place": "x" * 201}, "200 characters or fewer"),
        ({"minutes": "-5"}, "must be one of the answers listed"),
    ],
)  # fmt: skip
def test_times_that_do_not_hold_are_said_in_words(
    client: PageClient, change: dict[str, str], said: str
) -> None:
    with transaction():
        talk = accepted()
    client.sign_in("receiver").get(f"/conversations/{talk.id}/times")
    client.send(expect=422, **typed(**change))
    assert said in client.text
    assert times.times_of(talk).proposed == ()


def test_new_proposals_take_the_place_of_old_ones_but_a_chosen_time_stands(app: Flask) -> None:
    talk = accepted()
    first = proposed(talk, 1, 2)
    times.choose_time(talk, first[0].id, by=people.person("receiver"))
    later = proposed(talk, 8, by="receiver")
    assert times.times_of(talk).chosen is first[0]
    times.choose_time(talk, later[0].id, by=people.person("giver"))
    standing = times.times_of(talk)
    assert (standing.chosen, standing.proposed) == (later[0], ())
    with pytest.raises(NotPossible, match="no longer open"):
        times.choose_time(talk, first[1].id, by=people.person("receiver"))


def test_nobody_chooses_their_own_proposal_or_one_that_has_gone_by(app: Flask) -> None:
    talk = accepted()
    [only] = proposed(talk, 1)
    with pytest.raises(NotPossible):
        times.choose_time(talk, only.id, by=people.person("giver_lead"))
    with clock.set_to(datetime(2026, 12, 2, tzinfo=UTC)), pytest.raises(NotPossible):
        times.choose_time(talk, only.id, by=people.person("receiver"))
    with pytest.raises(NotAllowed):
        proposed(talk, 4, by="coordinator")


def test_a_time_of_another_conversation_cannot_be_chosen(app: Flask) -> None:
    talk, other = accepted(), make.conversation(make.need(title="Another"), make.offer(title="Two"))
    actions.accept(other, by=people.person("giver"))
    [only] = proposed(other, 1)
    with pytest.raises(NotPossible):
        times.choose_time(talk, only.id, by=people.person("receiver"))


def test_summer_time_is_kept(client: PageClient) -> None:
    with transaction():
        talk = accepted()
    client.sign_in("giver").get(f"/conversations/{talk.id}/times")
    client.send(**typed(**{"first-month": "4", "first-year": "2027"}))
    [only] = times.times_of(talk).proposed
    assert only.starts_at == datetime(2027, 4, 3, 9, tzinfo=UTC)
    client.follow()
    assert "3 April 2027, 10:00" in client.text


def calendar(client: PageClient, talk: Conversation) -> Any:
    client.get(f"/conversations/{talk.id}/talk.ics")
    return Calendar.from_ical(client.text).walk("VEVENT")[0]


def test_the_calendar_file_says_when_and_nothing_of_the_need(client: PageClient) -> None:
    with transaction():
        talk = accepted()
        [only] = proposed(talk, 1)
        times.choose_time(talk, only.id, by=people.person("receiver"))
    entry = calendar(client.sign_in("receiver"), talk)
    assert entry.start == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert people.GIVER in entry["summary"]
    assert talk.need.title not in client.text
    assert talk.message not in client.text
    before, uid = entry["sequence"], entry["uid"]
    with transaction():
        [later] = proposed(talk, 8)
        times.choose_time(talk, later.id, by=people.person("receiver"))
    entry = calendar(client, talk)
    assert entry["uid"] == uid
    assert entry["sequence"] > before
    client.sign_in("coordinator").get(f"/conversations/{talk.id}/talk.ics", expect=404)
