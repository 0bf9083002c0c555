"""What was agreed elsewhere is written by one side, confirmed by the other, noted, and counts."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import clock, events, ledger, ledger_check
from broker.clock import this_quarter
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.matches.queries import listed as matches_of
from broker.models.match import Conversation, Origin, Suggestion
from broker.models.need import NeedState
from broker.models.offer import OfferState
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.recording import Recording, RecordingState
from broker.recordings import actions, queries
from broker.recordings.agreed import Given
from broker.recordings.sheet import COLUMNS
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

AT = "/agreed-elsewhere"
OCTOBER, JULY = date(2026, 10, 12), date(2026, 7, 6)


def parts(name: str, day: date) -> dict[str, str]:
    """A date as its form sends it."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def readers() -> set[str]:
    db.session.flush()
    return {
        name for name in people.NAMES if queries.listed(people.person(name), words="", state=None)
    }


def test_each_step_is_seen_by_those_whose_turn_it_is_and_by_nobody_else(app: Flask) -> None:
    made = make.recording()
    givers, receivers = {"giver", "giver_lead"}, {"receiver", "receiver_lead"}
    assert readers() == givers
    actions.send(made, by=people.person("giver"))
    assert readers() == givers | receivers
    actions.confirm(made, by=people.person("receiver_lead"))
    assert readers() == givers | receivers | {"coordinator", "deputy"}


@pytest.mark.postgres
@pytest.mark.parametrize("by", ["giver_lead", "receiver_lead"])
def test_noted_it_is_a_partnership_with_its_days_given_and_to_come(app: Flask, by: str) -> None:
    with transaction():
        make.capacity()
        ahead = make.next_quarter()
        made = make.recording(until="confirmed", to_come={ahead: 4 * DAY}, by=by)
        actions.note(made, by=people.person("coordinator"))
        partnership = db.session.scalars(select(Partnership)).unique().one()
        match = partnership.match
        assert (match.origin, match.conversation) == (Origin.RECORDED, None)
        assert match.need.state is NeedState.MATCHED
        assert match.offer_version.offer.state is OfferState.WITHDRAWN
        assert partnership.opened_at.astimezone(clock.LONDON).date() == date(2026, 9, 1)
        [day] = db.session.scalars(select(SupportDay)).unique()
        assert (day.state, day.given_on) == (SupportDayState.CONFIRMED, OCTOBER)
        held = ledger.balances_of_match(match.id)
        assert (held[this_quarter()].committed, held[this_quarter()].delivered) == (6, 6)
        assert (held[ahead].committed, held[ahead].delivered) == (16, 0)
    assert list(ledger_check.problems()) == []
    assert list(events.verify()) == []
    for noun in (Conversation, Suggestion):
        assert db.session.scalar(select(func.count()).select_from(noun)) == 0


def test_days_given_take_what_is_free_and_the_rest_is_offered_with_them(app: Flask) -> None:
    capacity = make.capacity({this_quarter(): DAY})
    made = make.recording(until="confirmed")
    actions.note(made, by=people.person("coordinator"))
    balance = ledger.balances([capacity.id])[capacity.id][this_quarter()]
    assert (balance.offered, balance.committed, balance.free) == (6, 6, 0)
    assert list(ledger_check.problems()) == []


def test_days_to_come_are_taken_from_what_is_free_or_refused_with_what_is_left(
    app: Flask,
) -> None:
    make.capacity({make.next_quarter(): 2 * DAY})
    made = make.recording(until="confirmed", to_come={make.next_quarter(): 3 * DAY})
    with pytest.raises(NotPossible, match="has 2 days left"):
        actions.note(made, by=people.person("coordinator"))


def test_nobody_confirms_or_notes_their_own(app: Flask) -> None:
    made = make.recording(until="sent")
    with pytest.raises(NotAllowed):
        actions.confirm(made, by=people.person("giver"))
    actions.confirm(made, by=people.person("receiver"))
    people.person("coordinator").employer = people.authority(people.GIVER)
    db.session.flush()
    for name in ("coordinator", "far_coordinator", "receiver", "manager"):
        with pytest.raises(NotAllowed):
            actions.note(made, by=people.person(name))


def test_a_question_sends_it_back_and_it_can_be_put_right(app: Flask) -> None:
    made = make.recording(until="sent")
    take(made, "query", by=people.person("receiver"), reason="It was two days.")
    actions.add_day(made, Given(date(2026, 11, 2), 2, "The rest of it"), by=people.person("giver"))
    actions.send(made, by=people.person("giver"))
    actions.confirm(made, by=people.person("receiver"))
    assert made.state is RecordingState.WITH_COORDINATOR
    assert sum(row.quarter_days for row in made.given) == 8
    with pytest.raises(NotPossible):
        actions.add_day(made, Given(OCTOBER, 1, "Later"), by=people.person("giver"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given(date(2026, 8, 31), 4, "Early"), "given_on"),
        (Given(date(2030, 1, 1), 4, "Ahead"), "given_on"),
        (Given(OCTOBER, 0, "None"), "days"),
        (Given(OCTOBER, 4, " "), "activity"),
        (Given(OCTOBER, 4, "x" * 201), "activity"),
    ],
)
def test_days_that_do_not_hold_are_refused(app: Flask, given: Given, field: str) -> None:
    made = make.recording()
    with pytest.raises(NotRight) as refused:
        actions.add_day(made, given, by=people.person("giver"))
    assert refused.value.field == field


def test_nothing_is_sent_without_days(app: Flask) -> None:
    made = make.recording(given=())
    with pytest.raises(NotPossible, match="Add the days"):
        actions.send(made, by=people.person("giver"))


def test_one_is_recorded_sent_confirmed_and_noted_on_pages(client: PageClient) -> None:
    client.sign_in("receiver_lead").get(f"{AT}/new")
    client.send(
        other=people.authority("Leeds").code,
        title="Agreed over the phone",
        theme=str(make.theme().id),
        programme=str(people.programme().id),
        **parts("starts_on", date(2026, 9, 1)),
    )
    number = db.session.scalars(select(Recording.id)).one()
    client.get(f"{AT}/{number}/days")
    assert "in the future" in client.send(
        expect=422,
        days="1",
        **parts("given_on", clock.today() + timedelta(days=1)),
        activity="A visit",
        delivery="remote",
    )
    client.send(days="1.5", **parts("given_on", OCTOBER))
    client.get(f"{AT}/{number}/change")
    client.send(aims="<b>Sooner</b>")
    client.get(f"{AT}/{number}")
    assert "<b>Sooner" not in client.press("Send to the other side")
    client.sign_in("giver").get(f"{AT}/{number}")
    client.press("Confirm that it is so")
    client.sign_in("coordinator").get(f"{AT}/{number}")
    assert "The partnership" in client.press("Note it")
    for name in ("receiver", "giver", "coordinator", "manager", "dfe"):
        [match] = matches_of(people.person(name), state=None, words="")
        client.sign_in(name).get(f"/matches/{match.id}")
    client.sign_in("giver").get("/partnerships")
    assert "Agreed over the phone" in client.text


# -- by spreadsheet ---------------------------------------------------------------------------


def line(**changed: str) -> list[str]:
    usual = {
        "Agreement": "Steadier decisions",
        "Our part": "gives",
        "Other authority": "Wirral",
        "Programme": "Own days",
        "Theme": make.theme().name,
        "Started on": "2026-04-01",
        "When": "2026-07-06",
        "Days": "1.5",
        "What was done": "A visit, with “quotes” and مرحبا",
    }
    return [{**usual, **changed}.get(name, "") for name in COLUMNS]


def sent(client: PageClient, lines: list[list[str]], expect: int) -> str:
    rows = [list(COLUMNS), *lines]
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    content = "\ufeff" + "\r\n".join(quoted)
    file = (io.BytesIO(content.encode()), "agreed.csv")
    return client.post(f"{AT}/sheet", data={"file": file}, expect=expect)


def test_a_sheet_becomes_drafts_that_are_sent_together(client: PageClient) -> None:
    client.sign_in("giver_lead").get(f"{AT}/sheet")
    ahead = str(make.next_quarter())
    lines = [
        line(),
        line(When="02/11/2026", Days="0.25", How="remote"),
        line(When=ahead, Days="4", **{"What was done": ""}),
        line(Agreement="Another", **{"Other authority": "Essex"}),
        [""] * len(COLUMNS),
    ]
    sent(client, lines, 302)
    first, second = db.session.scalars(select(Recording).order_by(Recording.id)).unique()
    assert [(d.given_on, d.quarter_days) for d in first.given] == [
        (JULY, 6),
        (date(2026, 11, 2), 1),
    ]
    assert [(str(d.quarter), d.quarter_days) for d in first.to_come] == [(ahead, 16)]
    assert second.receiver.name == "Essex"
    client.get(AT)
    client.press("Send all 2 to the other sides", recording=[first.id, second.id])
    states = db.session.scalars(select(Recording.state)).all()
    assert set(states) == {RecordingState.WITH_OTHER_SIDE}


WRONG = [
    ({"Our part": "lends"}, "there is no 'lends'"),
    ({"Other authority": "Narnia"}, "there is no 'Narnia'"),
    ({"Our authority": "Essex"}, "you do not act for 'Essex'"),
    ({"When": "31/02/2026"}, "write a date like"),
    ({"When": "2026-28 Q4"}, "is not a quarter"),
    ({"Days": "0.3"}, "quarters of a day"),
    ({"Days": "0"}, "more than 0"),
    ({"Theme": ""}, "‘Theme’"),
]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_a_line_that_does_not_hold_is_named_and_nothing_is_recorded(
    client: PageClient, changed: dict[str, str], words: str
) -> None:
    client.sign_in("giver_lead").get(f"{AT}/sheet")
    page = sent(client, [line(), line(**changed)], 422)
    assert "1 line does not hold" in page
    assert words.replace("'", "&#39;") in page and ">3<" in page
    assert db.session.scalar(select(func.count(Recording.id))) == 0


def test_a_rule_broken_by_the_last_agreement_keeps_all_of_them_out(client: PageClient) -> None:
    client.sign_in("giver_lead").get(f"{AT}/sheet")
    page = sent(client, [line(), line(Agreement="Too early", When="2026-03-01")], 422)
    assert "Too early: This date is before the start" in page
    assert db.session.scalar(select(func.count(Recording.id))) == 0


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"a,b\n1,2", b"PK\x03\x04 broken"])
def test_what_is_no_sheet_of_ours_is_refused_in_words(client: PageClient, content: bytes) -> None:
    client.sign_in("giver_lead").get(f"{AT}/sheet")
    file = (io.BytesIO(content), "x.csv")
    page = client.post(f"{AT}/sheet", data={"file": file}, expect=422)
    assert "Something needs putting right" in page


def test_the_empty_sheet_is_one_that_can_be_read(client: PageClient) -> None:
    client.sign_in("giver_lead").get(f"{AT}/empty-sheet.csv")
    content = client.response.get_data()
    client.get(f"{AT}/sheet")
    client.post(f"{AT}/sheet", data={"file": (io.BytesIO(content), "x.csv")}, expect=302)
    assert db.session.scalar(select(func.count(Recording.id))) == 1
