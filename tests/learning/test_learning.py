"""What we are learning: told together, suppressed twice, and still within a quarter."""

from __future__ import annotations

import csv
import io

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from broker import clock
from broker.dashboards import seats
from broker.dashboards.said import feedback_of
from broker.db import db, transaction
from broker.feedback.queries import LEAST
from broker.learning.queries import By, what_we_learn
from broker.learning.suppression import kept_together
from broker.models.partnership import Feedback, Partnership
from broker.models.showing import ShowingState
from broker.showings.queries import shown_of
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

PLACES = ("Wirral", "Essex", "Hertfordshire", "Manchester", "Kent", "Surrey", "Devon", "Salford")
ADDRESS = "/what-we-are-learning"


@given(st.dictionaries(st.text(max_size=3), st.sets(st.integers(0, 12), min_size=1), max_size=8))
def test_no_small_group_is_told_of_or_left_over(groups: dict[str, set[int]]) -> None:
    """Taking any lines from the whole leaves nobody, or as many as may be told of."""
    together = kept_together(groups, least=LEAST)
    lines = [members for name, members in groups.items() if name not in together]
    if together:
        lines.append(set().union(*(groups[name] for name in together)))
    everybody = set().union(*groups.values()) if groups else set()
    if len(everybody) >= LEAST:
        assert all(len(members) >= LEAST for members in lines)
    if len(together) == 1:
        assert len(groups) == 1
    assert not together or any(len(groups[name]) < LEAST for name in together)


def _partnerships(sizes: dict[str, int]) -> list[Partnership]:
    """Partnerships of Leeds at their mid-point, each with another place and so many days."""
    own = people.programme()
    own.rules = {**own.rules, "partnerships_at_once": 99, "panel_from": None, "small_below": 4000}
    make.capacity({make.next_quarter(): 400 * DAY}, at_once=99)
    made = []
    for number, (place, days) in enumerate(sizes.items()):
        need = make.need(title=f"Number {number}", days=days * DAY)
        match = make.match(need, make.offer(title=f"Offer {number}"))
        one = make.steady(make.partnership(make.agreed(match)))
        make.read_first(make.feedback(one, effectiveness=5 if days < 20 else 3))
        one.receiver = people.authority(place)  # the makers know one receiver
        made.append(one)
    db.session.flush()
    return made


def test_members_search_and_take_the_same_figures_away(app: Flask, client: PageClient) -> None:
    with transaction():
        made = _partnerships(dict.fromkeys(PLACES[:4], 5) | dict.fromkeys(PLACES[4:], 30))
        ids = [one.id for one in made]
    client.sign_in("practitioner").get(ADDRESS)
    assert "Nothing can be told yet" in client.text
    next_quarter = (clock.this_quarter() + 1).first_day
    with clock.set_to(next_quarter):
        page = client.get(f"{ADDRESS}?by=intensity&q=light")
        assert "Light: under 20 days" in page and "Medium: 20" not in page
        assert "need not be the cause" in page and not any(one in page for one in PLACES)
        with client.counting() as statements:
            file = client.browser.get(f"{ADDRESS}.csv?by=intensity").get_data(as_text=True)
        assert len(statements) < 16
        assert "No line has these words" in client.get(f"{ADDRESS}?q=zzz")
    rows = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))
    assert [(row["groups"], row["receivers"], row["effectiveness"]) for row in rows] == [
        ("Light: under 20 days", "4", "5.0"),
        ("Medium: 20 to 50 days", "4", "3.0"),
    ]
    with app.app_context(), clock.set_to(next_quarter):
        _count_each_receiver_once([db.session.get_one(Partnership, id_) for id_ in ids])


def _count_each_receiver_once(made: list[Partnership]) -> None:
    """Four partnerships of three receivers are too few; so are eight of three."""
    made[-1].receiver = made[-2].receiver
    db.session.flush()
    learned = what_we_learn()
    assert learned is not None
    assert (learned.whole.receivers, learned.whole.effectiveness) == (7, 4.1)
    [line] = learned.tables[By.INTENSITY]
    assert len(line.names) == 2 and (line.receivers, line.partnerships) == (7, 8)
    assert all(sum(x.partnerships for x in rows) == 8 for rows in learned.tables.values())
    assert _receivers_on_the_dashboard() == 7
    [shown] = shown_of(Feedback.noun, [made[0].feedback[0].id])[made[0].feedback[0].id]
    shown.state, shown.shown_at = ShowingState.SHOWN, clock.now()
    db.session.flush()
    assert (still := what_we_learn()) and still.whole.partnerships == 7, "not read yet"
    assert _receivers_on_the_dashboard() == 6
    for number, one in enumerate(made):
        one.receiver = made[number % 3].receiver
    db.session.flush()
    assert what_we_learn() is None
    assert _receivers_on_the_dashboard() is None
    db.session.rollback()


def _receivers_on_the_dashboard() -> int | None:
    """Those that a programme's dashboard says have spoken, by the same rule."""
    manager = people.person("manager")
    seat = {"seat": f"programme_manager-{people.programme().id}"}
    return feedback_of(manager, seats.read(seat, seats.choices(manager))).whole.receivers
