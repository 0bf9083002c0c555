"""The staff pulse is asked by link and read together, from five answers on, when it has closed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from broker import clock, clockwork
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.pulse import LEAST, Pulse, PulseLink, PulseState, Statement, nothing_said
from broker.pulse import actions, queries
from broker.showings.queries import shown_of
from broker.system import the_system
from tests import make, people
from tests.client import PageClient

AGREE = dict.fromkeys(Statement, 5)
TYPED = {one.name.lower(): "5" for one in Statement}
LAST_DAY, DAY_AFTER = date(2026, 12, 11), date(2026, 12, 12)


def answered(count: int) -> Pulse:
    """A pulse to which so many people have answered."""
    pulse, tokens = make.pulse()
    for token in tokens[:count]:
        actions.answer(pulse, token, AGREE)
    return pulse


def closed(pulse: Pulse) -> Pulse:
    with clock.set_to(DAY_AFTER):
        actions.close_due(DAY_AFTER, by=the_system())
    return pulse


def test_links_are_made_shown_once_and_answered_without_signing_in(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        partnership = make.steady()
    client.sign_in("giver_lead").get(f"/partnerships/{partnership.id}/pulse")
    client.send(count="3")
    client.follow()
    links = set(re.findall(r'href="http://localhost(/pulse/[^"]+)"', client.text))
    assert len(links) == 3 and "keep no list" in client.text
    client.get("/pulses/links", expect=302)
    staff = PageClient(app)
    for link in links:
        staff.get(link)
        assert "No name, time or order" in staff.text
        staff.send(**TYPED)
        assert "Thank you" in staff.follow()
    [pulse] = db.session.query(Pulse)
    assert pulse.counts == [[0, 0, 0, 0, 3]] * 3


def test_a_statement_left_out_is_asked_for_and_the_others_are_kept(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        pulse, [token, *_] = make.pulse()
    client.get(f"/pulse/{pulse.code}/{token}")
    client.send(expect=422, purpose="4", together="9", use="")
    assert client.text.count('value="4" checked') == 1
    client.send(expect=422, purpose="4", together="4")
    db.session.expire_all()
    assert pulse.counts == nothing_said()


def test_a_link_counts_once_and_looks_the_same_whatever_became_of_it(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        pulse, tokens = make.pulse()
    pages = set()
    for token in (tokens[0], tokens[0], tokens[1], "f" * 40):
        page = client.get(f"/pulse/{pulse.code}/{token}")
        pages.add(page.replace(client.token(), ""))
        client.send(**TYPED)
        pages.add(client.follow().replace(client.token(), ""))
    assert len({len(page) for page in pages}) == 2
    db.session.expire_all()
    assert pulse.answered == 2


def test_answering_asks_the_database_the_same_whether_the_link_is_good_or_not(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        pulse, tokens = make.pulse()
    asked = []
    for token in (tokens[0], tokens[0], "f" * 40):
        client.get(f"/pulse/{pulse.code}/{token}")
        with client.counting() as statements:
            client.send(**TYPED)
        asked.append(statements)
    assert asked[0] == asked[1] == asked[2]


def test_somebody_signed_in_answers_as_nobody(app: Flask, client: PageClient) -> None:
    with transaction():
        pulse, [token, *_] = make.pulse()
    page = client.sign_in("practitioner").get(f"/pulse/{pulse.code}/{token}")
    assert "Practitioner, Leeds" not in page
    client.send(**TYPED)
    db.session.expire_all()
    assert pulse.answered == 1


def test_stopped_links_count_no_more_and_what_was_said_stays(app: Flask) -> None:
    pulse, tokens = make.pulse()
    actions.answer(pulse, tokens[0], AGREE)
    actions.stop_links(pulse, reason="The list was left on a train.", by=people.person("giver"))
    actions.answer(pulse, tokens[1], AGREE)
    assert pulse.answered == 1
    seed = actions.make_links(pulse, count=2, by=people.person("receiver"))
    actions.answer(pulse, actions.tokens(seed, 2)[1], AGREE)
    assert pulse.answered == 2


def test_five_answers_are_released_when_it_closes_and_not_a_day_before(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        pulse = answered(LEAST)
    with clock.set_to(LAST_DAY):
        clockwork.tick(clock.now())
    db.session.expire_all()
    assert pulse.state is PulseState.OPEN and queries.statements_said(pulse) == []
    with clock.set_to(DAY_AFTER):
        clockwork.tick(clock.now())
    db.session.expire_all()
    assert pulse.state is PulseState.RELEASED
    assert dict(queries.statements_said(pulse)) == {
        "Who answered": "5 to 9 people",
        **{one.value: "Most agree" for one in Statement},
    }
    for name in ("receiver", "giver_lead"):
        assert "Most agree" in client.sign_in(name).get(f"/pulses/{pulse.id}")


def test_others_read_it_once_both_authorities_have_read_it_first(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        pulse = closed(answered(LEAST))
    others = ("coordinator", "dfe", "manager", "practitioner")
    make.read_first(pulse, by="receiver")
    db.session.commit()
    for name in others:
        client.sign_in(name).get(f"/pulses/{pulse.id}", expect=404)
    make.read_first(pulse, by="giver", comment="We shall meet the teams more often.")
    db.session.commit()
    for name in others:
        page = client.sign_in(name).get(f"/pulses/{pulse.id}")
        assert "Most agree" in page and "meet the teams more often" in page


def test_fewer_than_five_are_destroyed(app: Flask, client: PageClient) -> None:
    with transaction():
        pulse = closed(answered(LEAST - 1))
    assert pulse.state is PulseState.TOO_FEW
    assert pulse.counts == nothing_said()
    assert db.session.query(PulseLink).count() == 0
    assert shown_of(pulse.noun, [pulse.id]) == {}
    assert "nothing was kept" in client.sign_in("giver").get(f"/pulses/{pulse.id}")
    for name in ("coordinator", "manager"):
        client.sign_in(name).get(f"/pulses/{pulse.id}", expect=404)


def test_a_closed_pulse_takes_no_answers(app: Flask, client: PageClient) -> None:
    with transaction():
        pulse, [token, *_] = make.pulse()
    with clock.set_to(DAY_AFTER):  # though the clock has not come round yet
        client.get(f"/pulse/{pulse.code}/{token}", expect=404)
        with transaction():
            actions.answer(pulse, token, AGREE)
        assert pulse.answered == 0
        with pytest.raises(NotPossible):
            actions.make_links(pulse, count=1, by=people.person("giver"))


def test_staff_are_asked_once_at_a_moment_by_either_side_and_nobody_else(app: Flask) -> None:
    early = make.partnership()
    with pytest.raises(NotPossible):
        actions.open_pulse(early, by=people.person("giver"))
    partnership = make.steady(early)
    for name in ("practitioner", "coordinator", "manager", "other"):
        with pytest.raises(NotAllowed):
            actions.open_pulse(partnership, by=people.person(name))
    pulse, _ = make.pulse(partnership)
    with pytest.raises(NotPossible):
        actions.open_pulse(partnership, by=people.person("giver"))
    for count in (0, 101, -1):
        with pytest.raises(NotRight):
            actions.make_links(pulse, count=count, by=people.person("giver"))


@given(some.lists(some.lists(some.integers(1, 5), min_size=3, max_size=3), min_size=5, max_size=70))
def test_words_say_no_more_than_a_leaning_and_a_band(answers: list[list[int]]) -> None:
    """No figure is shown that one answer more or less would change."""
    said = dict(queries.statements_said(released(answers)))
    assert not any(ch.isdigit() for one in Statement for ch in said[one.value])
    assert said["Who answered"] in {queries.FEWEST, *(words for _, words in queries.BANDS)}


def released(answers: Iterable[list[int]]) -> Pulse:
    counts = nothing_said()
    for one in answers:
        for row, rating in zip(counts, one, strict=True):
            row[rating - 1] += 1
    return Pulse(state=PulseState.RELEASED, counts=counts)


@pytest.mark.postgres
def test_one_link_pressed_twice_at_once_and_others_beside_it_lose_no_answer(
    fresh_app: Flask,
) -> None:
    with fresh_app.app_context(), transaction():
        pulse, tokens = make.pulse()
        pulse_id = pulse.id
    presses = [tokens[0], tokens[0], tokens[1], tokens[2]]
    start = Barrier(len(presses))

    def press(token: str) -> None:
        start.wait()
        with fresh_app.app_context(), transaction():
            actions.answer(db.session.get_one(Pulse, pulse_id), token, AGREE)

    with ThreadPoolExecutor(len(presses)) as pool:
        list(pool.map(press, presses))
    with fresh_app.app_context():
        assert db.session.get_one(Pulse, pulse_id).answered == 3
        db.session.remove()
