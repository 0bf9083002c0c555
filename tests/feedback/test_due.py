"""Both sides and staff are asked at four moments; what is due is listed, reminded of, counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible
from broker.feedback import due
from broker.feedback.coverage import Coverage, coverage_in, coverage_of
from broker.feedback.due import Due, Voice, dues_of
from broker.feedback.queries import LEAST, shared_with, what_provider_learned
from broker.models.partnership import Holds, Moment, Partnership
from broker.models.work import Message
from broker.partnerships import actions as partnerships
from tests import make, people
from tests.client import PageClient
from tests.feedback.test_feedback import _elsewhere, _several

LEARNED = {
    "learned": "To listen first. الأطفال أولا",
    "at_home": "<script>alert(1)</script> We audit together.",
    "worth": "5",
    "would_again": "yes",
}


def ended(within: Partnership | None = None) -> Partnership:
    made = within or make.steady()
    partnerships.end_early(made, reason="A new plan", by=people.person("receiver"))
    return made


def due_of(partnership: Partnership, voice: Voice, moment: Moment) -> Due:
    found = [one for one in dues_of([partnership]) if (one.voice, one.moment) == (voice, moment)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 11, 20), Moment.END),
        (date(2027, 5, 19), Moment.END),
        (date(2027, 5, 20), Moment.SIX_MONTHS),
        (date(2027, 11, 19), Moment.SIX_MONTHS),
        (date(2027, 11, 20), Moment.TWELVE_MONTHS),
        (date(2028, 5, 19), Moment.TWELVE_MONTHS),
        (date(2028, 5, 20), None),
    ],
)
def test_after_the_end_the_calendar_says_which_moment_it_is(
    app: Flask, day: date, moment: Moment | None
) -> None:
    partnership = ended()
    with clock.set_to(day):
        assert partnership.moment is moment
        if moment is None:
            with pytest.raises(NotPossible):
                make.feedback(partnership)
        else:
            assert make.feedback(partnership).moment is moment


def test_six_months_after_the_31st_of_august_is_the_last_of_february(app: Flask) -> None:
    with clock.set_to(date(2027, 8, 31)):
        make.capacity({clock.this_quarter(): 40, clock.this_quarter() + 1: 40})
        partnership = ended(make.steady(make.partnership(make.agreed(make.match()))))
    assert partnership.after_end(6) == date(2028, 2, 29)


def test_whether_it_holds_is_asked_months_after_the_end_and_not_before(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        partnership = ended()
    address = f"/partnerships/{partnership.id}/feedback"
    assert "still hold" not in client.sign_in("receiver").get(address)
    with clock.set_to(date(2027, 6, 1)):
        client.get(address)
        typed = {
            "part_in_plan": "central", "outcomes_helped": "Seen sooner", "what_worked": "Visits",
            "effectiveness": "4", "would_recommend": "yes",
        }  # fmt: skip
        client.send(expect=422, **typed)
        client.send(**typed, holds="partly")
    db.session.expire_all()
    assert [one.holds for one in partnership.feedback] == [Holds.PARTLY]


def test_everybody_who_is_asked_stands_in_the_list_until_they_have_said(app: Flask) -> None:
    partnership = make.steady()
    stand = {one.voice: one.words for one in dues_of([partnership])}
    assert stand == dict.fromkeys(Voice, "Asked")
    make.feedback(partnership)
    make.learned(partnership)
    make.pulse(partnership)
    assert {one.words for one in dues_of([partnership])} == {"Said"}


def test_what_was_not_said_before_the_next_moment_is_not_late_but_missed(app: Flask) -> None:
    partnership = make.steady()
    with clock.set_to(date(2026, 12, 21)):
        assert due_of(partnership, Voice.PROVIDER, Moment.MID_POINT).words == "Late"
        ended(partnership)
        assert due_of(partnership, Voice.PROVIDER, Moment.MID_POINT).words == "Not said in time"
        assert due_of(partnership, Voice.PROVIDER, Moment.END).words == "Asked"


def letters(verb: str) -> set[str]:
    kind = f"partnership {verb}"
    told = select(Message).where(Message.kind == kind)
    return {message.to.name for message in db.session.scalars(told)}


def test_reminders_come_after_ten_and_twenty_working_days_each_once(app: Flask) -> None:
    partnership = make.steady()
    make.feedback(partnership)
    make.pulse(partnership)
    leeds = {"Director, Leeds", "Partnership lead, Leeds"}
    for day, verb, told in (
        (date(2026, 11, 20), "ask_feedback", leeds),
        (date(2026, 12, 3), "remind_feedback", set()),
        (date(2026, 12, 4), "remind_feedback", leeds),
        (date(2026, 12, 18), "remind_feedback_again", leeds),
        (date(2026, 12, 18), "tell_feedback_late",
         {"Regional coordinator, North West", "Deputy coordinator, North West"}),
    ):  # fmt: skip
        with clock.set_to(day):
            due.remind(day)
            due.remind(day)
        assert letters(verb) == told, (day, verb)
    count = db.session.query(Message).filter(Message.kind.like("partnership%feedback%")).count()
    with clock.set_to(date(2027, 3, 1)):
        due.remind(date(2027, 3, 1))
    after = db.session.query(Message).filter(Message.kind.like("partnership%feedback%")).count()
    assert after == count


def test_who_has_said_is_not_reminded(app: Flask) -> None:
    partnership = make.steady()
    make.learned(partnership)
    make.feedback(partnership)
    make.pulse(partnership)
    with clock.set_to(date(2026, 12, 18)):
        due.remind(date(2026, 12, 18))
    assert letters("remind_feedback_again") == set() == letters("tell_feedback_late")


def figures(partnership: Partnership) -> Callable[[Voice, Moment], Coverage]:
    found = coverage_in([partnership], dues_of([partnership]))
    return lambda voice, moment: next(
        one for one in found if (one.voice, one.moment) == (voice, moment)
    )


def test_not_asked_and_not_answered_differ(app: Flask) -> None:
    partnership = make.steady()
    make.feedback(partnership)
    found = figures(partnership)
    said = found(Voice.RECEIVER, Moment.MID_POINT)
    assert (said.asked, said.answered, said.not_answered, said.not_asked) == (1, 1, 0, 0)
    silent = found(Voice.PROVIDER, Moment.MID_POINT)
    assert (silent.asked, silent.answered, silent.not_answered) == (1, 0, 1)
    assert found(Voice.PROVIDER, Moment.END).not_asked == 1


def test_figures_of_a_moment_in_the_past_do_not_change(app: Flask) -> None:
    partnership = make.steady()
    with clock.set_to(date(2026, 11, 25)):
        make.feedback(partnership)
        frozen_at = clock.now()
        before = coverage_of(partnership.programme_id, frozen_at)
    with clock.set_to(date(2026, 11, 27)):
        make.feedback(partnership, effectiveness=1)
        make.learned(partnership)
        ended(partnership)
        assert coverage_of(partnership.programme_id, frozen_at) == before


def test_the_provider_says_what_it_learned_and_both_sides_read_it(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        partnership = make.steady()
    address = f"/partnerships/{partnership.id}"
    client.sign_in("giver_lead").get(f"{address}/learned")
    client.send(expect=422, **{**LEARNED, "worth": "9"})
    assert "الأطفال أولا" in client.text
    client.send(**LEARNED)
    for name in ("receiver", "receiver_lead", "giver", "practitioner"):
        page = client.sign_in(name).get(f"{address}/how-it-went")
        assert "To listen first" in page and "<script>alert" not in page
    for name in ("coordinator", "dfe", "manager"):
        assert "To listen first" not in client.sign_in(name).get(f"{address}/how-it-went")


def test_what_was_learned_can_be_said_anew_and_by_the_provider_alone(app: Flask) -> None:
    partnership = make.steady()
    first = make.learned(partnership)
    said_at = first.answered_at
    with clock.set_to(date(2026, 11, 27)):
        again = make.learned(partnership, by="giver", worth=1)
    assert again is first and (again.worth, again.answered_at) == (1, said_at)
    assert again.changed_at is not None
    for name in ("receiver", "practitioner", "coordinator", "manager"):
        with pytest.raises(NotAllowed):
            make.learned(partnership, by=name)
    assert shared_with(people.person("giver"), partnership) == [again]


def test_what_it_was_worth_is_told_of_four_or_more(app: Flask, client: PageClient) -> None:
    several = _several(LEAST)
    for one in several[1:]:
        make.learned(one, worth=5)
    assert what_provider_learned(people.authority("Leeds")) is None
    make.learned(several[0], worth=3)
    assert what_provider_learned(people.authority("Leeds")) is None, "one receiver is all of it"
    _elsewhere(several)
    db.session.commit()
    assert "4.5 of 5" in client.get("/providers/E08000035")


def test_the_list_shows_what_is_due_to_whom_it_concerns(app: Flask, client: PageClient) -> None:
    with transaction():
        partnership = make.steady()
        make.feedback(partnership)
    for name in ("receiver", "giver_lead", "coordinator", "manager", "dfe"):
        page = client.sign_in(name).get("/feedback")
        assert "2 things." in page and "The provider: what it learned" in page
        assert "Nothing here" in client.get("/feedback?stands=late")
        assert "how it went" in client.get("/feedback?stands=said")
        assert "Nothing here" in client.get("/feedback?q=zebra")
        rows = client.get("/feedback.csv?stands=all").splitlines()
        assert len(rows) == 4 and "mid_point" in rows[1]
    assert "Nothing here" in client.sign_in("other").get("/feedback")
    with clock.set_to(date(2027, 1, 8)):
        assert "Late" in client.sign_in("giver").get("/feedback?stands=late&voice=provider")


def test_the_list_asks_no_more_questions_for_more_partnerships(
    app: Flask, client: PageClient
) -> None:
    asked = []
    for count in (2, 3):
        with transaction():
            for one in _several(count):
                make.feedback(one)
                make.learned(one)
                make.pulse(one)
        db.session.remove()
        client.sign_in("coordinator")
        with client.counting() as statements:
            client.get("/feedback?stands=all")
        asked.append(len(statements))
    assert asked[0] == asked[1], asked
