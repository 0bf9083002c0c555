"""The demonstration: made by the real verbs, the same every time, and honest about what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, func, select
from werkzeug.datastructures import MultiDict

from broker import clock, create_app, demonstration_day, events, ledger_check
from broker.clock import Quarter
from broker.db import Base, db
from broker.models.event import Event
from broker.models.grant import Grant
from broker.models.ledger import EntryKind, LedgerEntry
from broker.models.match import Conversation, Match, MatchState, Suggestion
from broker.models.need import Need, NeedState
from broker.models.offer import Offer, OfferState, OfferTheme
from broker.models.partnership import Partnership, PartnershipState, SupportDay
from broker.models.partnership import SupportDayState as Day
from broker.models.person import Person, Role
from broker.models.pulse import Pulse, PulseState
from broker.models.return_ import (
    Freeze,
    Return,
    ReturnNote,
    ReturnSection,
    ReturnState,
    SectionState,
)
from broker.models.work import Message
from broker.prospectus import faces
from broker.prospectus.asked import read
from broker.prospectus.queries import search
from broker.setup import load_facts_if_changed, make_demonstration_if_absent
from broker.work.queries import waiting_on
from tests.client import PageClient
from tests.make import DAY

MADE_AFRESH = {
    ("person", "password_hash"),
    ("api_token", "sha256"),
    ("sign_link", "token_hash"),
    ("one_time_link", "nonce"),
    ("one_time_link", "token_hash"),
    ("pulse", "code"),
    ("pulse_link", "token_hash"),
}


class Built:
    """A built demonstration: its application, what building said, and every table's content."""

    def __init__(self, folder: Path) -> None:
        self.app = create_app(
            {
                "MODE": "demonstration",
                "DATABASE_URL": f"sqlite:///{folder / 'demonstration.sqlite'}",
                "VAR": str(folder),
            }
        )
        with self.app.app_context():
            Base.metadata.create_all(db.engine)
            with clock.set_to(demonstration_day.STATED_DAY):
                load_facts_if_changed()
            self.said = make_demonstration_if_absent()
            self.content = {table.name: _rows(table) for table in Base.metadata.sorted_tables}
            db.session.remove()


def _rows(table: Table) -> list[str]:
    """Every row of a table in words, in order; left out is what each build makes afresh."""
    kept = [c for c in table.columns if (table.name, c.name) not in MADE_AFRESH]
    return sorted(str(row._asdict()) for row in db.session.execute(select(*kept)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("demonstration"))


@pytest.fixture
def here(built: Built) -> Iterator[Flask]:
    with built.app.app_context():
        yield built.app
        db.session.remove()


def states(model: Any) -> Counter[Enum]:
    return Counter(db.session.scalars(select(model.state)))


def test_the_ledger_adds_up_and_the_history_holds(here: Flask) -> None:
    assert list(ledger_check.problems()) == []
    assert list(events.verify()) == []


def test_there_is_about_as_much_of_everything_as_stated(built: Built, here: Flask) -> None:
    providers = db.session.scalars(select(Offer.provider_id)).all()
    assert len(set(providers)) == 23
    assert 55 <= len(providers) <= 68
    needs = db.session.scalar(select(func.count(Need.id)))
    partnerships = db.session.scalar(select(func.count(Partnership.id)))
    assert (needs, partnerships) == (46, 15)
    made = len(providers) - 1  # what was recorded brought one of its own
    assert f"{made} offers, 46 needs, 15 partnerships" in built.said


def test_days_are_confirmed_for_eight_quarters_and_more(here: Flask) -> None:
    said = {
        kind: set(db.session.scalars(select(LedgerEntry.quarter).where(LedgerEntry.kind == kind)))
        for kind in (EntryKind.OFFER, EntryKind.INDICATE)
    }
    now = clock.this_quarter()
    assert said[EntryKind.OFFER] >= {now + ahead for ahead in range(5)}
    assert said[EntryKind.INDICATE] == {now + ahead for ahead in range(5, 8)}
    verbs = Counter(db.session.scalars(select(Event.verb)))
    assert all(verbs[verb] for verb in ("carry", "release_days", "move_days")), verbs


def test_something_stands_at_every_step_of_the_walk(here: Flask) -> None:
    assert states(Offer)[OfferState.PUBLISHED] >= 50
    assert {
        NeedState.PRIVATE, NeedState.IN_CONFIDENCE, NeedState.SUBMITTED, NeedState.OPEN,
        NeedState.MATCHED, NeedState.WITHDRAWN,
    } <= set(states(Need))  # fmt: skip
    assert {
        MatchState.TALKING, MatchState.AGREED, MatchState.WITH_PANEL, MatchState.APPROVED,
    } <= set(states(Match))  # fmt: skip
    assert set(states(Partnership)) == set(PartnershipState)
    assert {PulseState.OPEN, PulseState.RELEASED} <= set(states(Pulse))
    assert {Day.LOGGED, Day.CONFIRMED, Day.QUERIED} <= set(states(SupportDay))
    assert {
        ReturnState.IN_PROGRESS, ReturnState.AWAITING_CERTIFICATION, ReturnState.SUBMITTED,
        ReturnState.CHANGES_REQUESTED, ReturnState.ACCEPTED,
    } <= set(states(Return))  # fmt: skip
    assert len(states(Suggestion)) >= 2 and len(states(Conversation)) >= 2
    assert db.session.scalar(select(func.count(Freeze.id))) == 3
    assert set(states(ReturnSection)) >= {SectionState.SHOWN, SectionState.READ}
    assert db.session.scalar(select(func.count(Grant.id))) >= 8
    assert db.session.scalar(select(func.count(ReturnNote.id)))


def test_there_are_small_asks_and_large_packages(here: Flask) -> None:
    sizes = Counter(need.is_small for need in db.session.scalars(select(Need)).unique())
    assert sizes[True] >= 5 and sizes[False] >= 20
    assert max(db.session.scalars(select(Need.days_wanted))) >= 30 * DAY


def test_whatever_is_no_published_fact_is_marked_illustrative(here: Flask) -> None:
    for model in (Offer, Need, Partnership):
        assert set(db.session.scalars(select(model.is_illustrative))) == {True}, model


def test_what_is_said_to_be_published_names_its_source(here: Flask) -> None:
    claims = db.session.scalars(select(OfferTheme)).all()
    published = [claim for claim in claims if claim.evidence.value == "published"]
    assert published and all(claim.note for claim in published)
    assert all(claim.note is None for claim in claims if claim not in published)


def test_accounts_are_roles_and_never_invented_people(here: Flask) -> None:
    roles = tuple(role.words for role in Role)
    for person in db.session.scalars(select(Person)):
        assert person.email.endswith(".invalid") and person.password_hash is None
        is_role = person.name.startswith((*roles, "Panel member", "Deputy", "Support Exchange"))
        assert is_role, person.name


ACCOUNTS = (
    "Director, Wirral", "Improvement lead, Wirral", "Director, Leeds", "Partnership lead, Leeds",
    "Practitioner, Leeds", "Regional coordinator, North West",
    "Regional coordinator, Yorkshire and The Humber", "Deputy coordinator, North West",
    "DfE regional lead, North West", "Panel member 1", "Panel member 2", "Panel member 3",
    "Panel member 4", "Panel member 5", "Programme manager", "Adviser", "Administrator",
)  # fmt: skip


@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_account_is_one_press_away_and_its_work_opens(here: Flask, name: str) -> None:
    client = PageClient(here)
    client.get("/demo")
    assert "Your work" in client.press(name)


@pytest.mark.parametrize(
    "name",
    [
        "Director, Wirral", "Director, Leeds", "Partnership lead, Leeds",
        "Regional coordinator, North West", "Panel member 3", "Programme manager",
    ],
)  # fmt: skip
def test_who_decides_something_finds_something_to_decide(here: Flask, name: str) -> None:
    person = db.session.scalars(select(Person).filter_by(name=name)).one()
    assert waiting_on(person)


def test_nothing_happens_after_the_day_it_lives_on(here: Flask) -> None:
    assert clock.today().isoformat() == "2026-11-20"
    last = db.session.scalar(select(func.max(events.Event.happened_at)))
    assert last is not None and last.date() <= clock.today()
    given = db.session.scalar(select(func.max(SupportDay.given_on)))
    assert given is not None and given <= clock.today()


def test_days_were_given_in_every_quarter_since_the_first_partnership(here: Flask) -> None:
    given = {Quarter.of(day) for day in db.session.scalars(select(SupportDay.given_on))}
    assert len(given) >= 4 and clock.this_quarter() in given


def test_building_again_leaves_what_is_there(here: Flask) -> None:
    before = db.session.scalar(select(func.count(events.Event.id)))
    assert make_demonstration_if_absent() == "The demonstration is there."
    assert db.session.scalar(select(func.count(events.Event.id))) == before


def test_the_same_seed_and_day_make_the_same_data(
    built: Built, tmp_path_factory: pytest.TempPathFactory
) -> None:
    once, again = built.content, Built(tmp_path_factory.mktemp("again")).content
    assert once.keys() == again.keys()
    different = [
        f"{name}: {row} or {other}"
        for name in once
        for row, other in zip_longest(once[name], again[name])
        if row != other
    ]
    assert not different, f"{len(different)} rows differ: " + "\n".join(different[:20])


def test_the_featured_director_finds_three_front_doors_near_and_was_told(here: Flask) -> None:
    director = db.session.scalars(select(Person).filter_by(name="Director, Wirral")).one()
    asked = read(MultiDict({"theme": "front-door", "within": "100", "quarter": "next"}))
    assert len(search(asked, director).found.candidates) >= 3
    told = select(Message).where(Message.to_id == director.id, Message.key.like("search-%"))
    assert len(db.session.scalars(told).all()) >= 3
    assert faces.problems() == []
