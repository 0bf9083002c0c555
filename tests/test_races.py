"""Two people at once: never two promises of the same days, and a plain refusal for the second."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from broker import ledger_check
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.matches import actions as matches
from broker.models.match import Match, MatchState
from broker.taking import take
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.postgres


def race(app: Flask, *runners: Callable[[], None]) -> list[str]:
    """Run all at the same moment, each in its own transaction; the refusals, in words."""
    ready = threading.Barrier(len(runners))
    refused: list[str] = []
    broken: list[BaseException] = []

    def run(do: Callable[[], None]) -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    do()
            except NotPossible as error:
                refused.append(error.words)
            except BaseException as error:
                broken.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not broken, broken
    return refused


def _two_matches_for_the_last_days(*, with_capacity: bool = True) -> tuple[int, int]:
    """Two needs of ten days each, both one agreement short, and ten days to be had."""
    with transaction():
        if with_capacity:
            make.capacity({make.next_quarter(): 10 * DAY})
        ids = []
        for title in ("First need", "Second need"):
            match = make.match(
                make.need(title=title, days=10 * DAY), make.offer(title=f"For the {title}")
            )
            matches.agree(match, by=people.person("receiver"))
            ids.append(match.id)
    db.session.remove()
    return ids[0], ids[1]


def _agree(match_id: int, *, load_first: bool) -> None:
    if load_first:
        match = db.session.get_one(Match, match_id)
        assert match.state is MatchState.TALKING and match.need.title and match.days
    match = db.session.get_one(Match, match_id)
    matches.agree(match, by=people.person("giver"))


def _states(app: Flask) -> list[MatchState]:
    with app.app_context():
        assert list(ledger_check.problems()) == []
        return sorted(db.session.scalars(select(Match.state)), key=lambda state: state.value)


@pytest.mark.parametrize("load_first", [False, True], ids=["fresh", "already loaded"])
def test_two_agreements_for_the_last_days_give_one_agreement_and_one_refusal(
    fresh_app: Flask, load_first: bool
) -> None:
    with fresh_app.app_context():
        first, second = _two_matches_for_the_last_days()
    refused = race(
        fresh_app,
        lambda: _agree(first, load_first=load_first),
        lambda: _agree(second, load_first=load_first),
    )
    assert len(refused) == 1 and "has 0 days left" in refused[0]
    assert _states(fresh_app) == [MatchState.AGREED, MatchState.TALKING]


def test_racing_where_no_capacity_row_stands_yet_refuses_both(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        first, second = _two_matches_for_the_last_days(with_capacity=False)
    refused = race(
        fresh_app,
        lambda: _agree(first, load_first=True),
        lambda: _agree(second, load_first=True),
    )
    assert len(refused) == 2
    assert _states(fresh_app) == [MatchState.TALKING, MatchState.TALKING]


def test_confirming_first_days_at_once_makes_one_capacity(fresh_app: Flask) -> None:
    refused = race(fresh_app, *[lambda: make.capacity() and None for _ in range(4)])
    assert refused == []
    with fresh_app.app_context():
        assert list(ledger_check.problems()) == []


def test_both_directors_agreeing_at_the_same_moment_agree_once(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        make.capacity()
        match_id = make.match().id

    def agree_as(name: str) -> Callable[[], None]:
        def run() -> None:
            matches.agree(db.session.get_one(Match, match_id), by=people.person(name))

        return run

    assert race(fresh_app, agree_as("receiver"), agree_as("giver")) == []
    assert _states(fresh_app) == [MatchState.AGREED]


def test_two_approvals_at_once_open_one_partnership(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        match_id = make.agreed().id

    def approve_as(name: str) -> Callable[[], None]:
        def run() -> None:
            matches.approve(db.session.get_one(Match, match_id), by=people.person(name))

        return run

    refused = race(fresh_app, approve_as("coordinator"), approve_as("deputy"))
    assert len(refused) == 1 and "it is approved" in refused[0]
    assert _states(fresh_app) == [MatchState.APPROVED]


def test_agreeing_races_with_retracting_the_days(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        first, _ = _two_matches_for_the_last_days()

    def retract() -> None:
        make.capacity({make.next_quarter(): 0})

    refused = race(fresh_app, lambda: _agree(first, load_first=True), retract)
    assert len(refused) == 1
    _states(fresh_app)


def test_racing_to_log_the_last_days_of_a_partnership(fresh_app: Flask) -> None:
    with fresh_app.app_context(), transaction():
        make.partnership()

    def log() -> None:
        from broker.models.partnership import Partnership

        make.day(db.session.scalars(select(Partnership)).unique().one(), quarter_days=6 * DAY)

    refused = race(fresh_app, log, log)
    assert len(refused) == 1 and "2 days left" in refused[0]
    _states(fresh_app)


def test_declining_races_with_agreeing(fresh_app: Flask) -> None:
    with fresh_app.app_context():
        first, _ = _two_matches_for_the_last_days()

    def decline() -> None:
        take(
            db.session.get_one(Match, first),
            "decline",
            by=people.person("receiver"),
            reason="Another way was found",
        )

    race(fresh_app, lambda: _agree(first, load_first=False), decline)
    _states(fresh_app)
