"""Starting, writing, certifying, reopening and freezing returns."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.attributes import set_committed_value

from broker import clock
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.models.return_ import Freeze, Return, ReturnState, ReturnVersion
from broker.returns import actions, queries, sections
from broker.returns.content import figures_in, is_intact, sha256_of
from broker.returns.freezing import preview
from broker.returns.totals import DoesNotAddUp, rows_of, totals_of
from broker.system import the_system
from broker.taking import take
from tests import people
from tests.returns import walk

pytestmark = pytest.mark.postgres


def freeze() -> Freeze:
    return actions.freeze(
        programme=people.programme("pip"), quarter=walk.QUARTER, by=people.person("manager")
    )


def test_a_return_opens_on_the_first_working_day_after_its_quarter(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(date(2027, 1, 3)), pytest.raises(NotPossible, match="4 January 2027"):
        walk.opened()
    with clock.set_to(walk.AFTER):
        assert walk.opened().state is ReturnState.IN_PROGRESS


def test_starting_it_twice_gives_the_one_there_is(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        assert walk.opened() is walk.opened()


def test_a_return_is_refused_where_none_is_expected(app: Flask) -> None:
    with clock.set_to(walk.AFTER):
        with pytest.raises(NotPossible, match="no return is expected"):
            walk.opened()
        with pytest.raises(NotPossible, match="asks for no returns"):
            actions.open_return(
                provider_id=people.authority("Leeds").id,
                programme=people.programme("own"),
                quarter=walk.QUARTER,
                by=people.person("giver"),
            )


@pytest.mark.parametrize("name", ["receiver", "coordinator", "practitioner", "other"])
def test_only_the_provider_the_manager_or_the_clock_starts_a_return(app: Flask, name: str) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER), pytest.raises(NotAllowed):
        actions.open_return(
            provider_id=people.authority("Leeds").id,
            programme=people.programme("pip"),
            quarter=walk.QUARTER,
            by=people.person(name),
        )


def test_the_clock_opens_what_is_due_once(app: Flask) -> None:
    walk.partnership()
    assert actions.open_due(by=the_system()) == []
    with clock.set_to(walk.AFTER):
        opened = actions.open_due(by=the_system())
        assert [(r.provider.name, r.quarter) for r in opened] == [("Leeds", walk.QUARTER)]
        assert actions.open_due(by=the_system()) == []
    assert db.session.scalar(select(func.count(Return.id))) == 1


def test_words_come_along_from_the_return_before(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        walk.certified()
    with clock.set_to(date(2027, 4, 1)):
        following = actions.open_return(
            provider_id=people.authority("Leeds").id,
            programme=people.programme("pip"),
            quarter=walk.QUARTER + 1,
            by=people.person("giver_lead"),
        )
        assert following.outcomes == "Children are seen sooner."
        before = queries.previous_of(following)
        assert before is not None and before.quarter == walk.QUARTER


def test_the_lead_hands_over_and_only_the_director_certifies(app: Flask) -> None:
    walk.partnership()
    lead, director = people.person("giver_lead"), people.person("giver")
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        with pytest.raises(NotPossible, match="outcomes"):
            actions.hand_over(return_, by=lead)
        actions.write(return_, outcomes="Seen sooner.", priorities="More.", by=lead)
        with pytest.raises(NotPossible, match="Show Wirral its section"):
            actions.hand_over(return_, by=lead)
        sections.show(return_, by=lead)
        actions.hand_over(return_, by=lead)
        with pytest.raises(NotAllowed):
            actions.certify(return_, by=lead)
        walk.shown_and_read(return_, by=lead)
        version = actions.certify(return_, by=director)
    assert return_.state is ReturnState.SUBMITTED
    assert version.number == 1
    assert version.sha256 == sha256_of(version.content)


def test_words_that_are_too_long_are_refused_at_their_field(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        with pytest.raises(NotRight) as refused:
            actions.write(return_, outcomes="", priorities="x" * 10_001, by=people.person("giver"))
    assert refused.value.field == "priorities"


def test_a_submitted_return_cannot_be_written_or_certified_again(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        with pytest.raises(NotPossible):
            actions.certify(return_, by=people.person("giver"))
        with pytest.raises(NotPossible):
            actions.write(return_, outcomes="x", priorities="", by=people.person("giver"))
    assert db.session.scalar(select(func.count(ReturnVersion.id))) == 1


def test_what_is_shown_after_certifying_is_what_was_certified(app: Flask) -> None:
    within = walk.partnership()
    day = walk.day(within)
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        take(day, "confirm", by=people.person("receiver"))
        shown = queries.shown(return_, people.person("giver"))
    assert shown.figures.total.unconfirmed == 4
    assert shown.version is return_.versions[0]
    assert "All receivers: confirmed days" in [change.what for change in shown.changes]


def test_reopening_and_certifying_again_keeps_both_versions_and_says_what_changed(
    app: Flask,
) -> None:
    within = walk.partnership()
    day = walk.day(within)
    manager, director = people.person("manager"), people.person("giver")
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        take(return_, "accept", by=manager)
        take(return_, "reopen", by=manager, reason="A day was missing.")
        take(day, "confirm", by=people.person("receiver"))
        actions.write(return_, outcomes="Seen much sooner.", priorities="", by=director)
        second = actions.certify(return_, by=director)
    assert [version.number for version in return_.versions] == [1, 2]
    assert all(is_intact(version) for version in return_.versions)
    said = {change.what: (change.before, change.after) for change in queries.changes_in(second)}
    assert said["Wirral: confirmed days"] == ("0 days", "1 day")
    assert said["Outcomes: what changed"] == ("Children are seen sooner.", "Seen much sooner.")
    assert queries.changes_in(return_.versions[0]) == []


def test_the_manager_asks_for_changes_with_a_reason(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        with pytest.raises(NotRight):
            take(return_, "request_changes", by=people.person("manager"))
        with pytest.raises(NotAllowed):
            take(return_, "request_changes", by=people.person("giver"), reason="Why not.")
        take(return_, "request_changes", by=people.person("manager"), reason="Say how measured.")
        assert actions.certify(return_, by=people.person("giver")).number == 2


def test_a_freeze_takes_the_latest_versions_and_lists_who_is_missing(app: Flask) -> None:
    walk.day(walk.partnership())
    walk.partnership(giver="second_giver")
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        take(return_, "request_changes", by=people.person("manager"), reason="Say how measured.")
        actions.certify(return_, by=people.person("giver"))
        frozen = freeze()
    assert [taken.version.number for taken in frozen.versions] == [2]
    assert [(m["name"], m["state"]) for m in frozen.missing] == [("Hertfordshire", "not started")]
    assert [event.verb for event in history_of(frozen)] == ["freeze"]


def test_a_return_that_is_being_changed_is_frozen_as_last_certified(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        take(return_, "reopen", by=people.person("manager"), reason="A slip.")
        seen = preview(people.programme("pip"), walk.QUARTER)
        assert seen.being_changed == seen.versions == return_.versions
        freeze()
        with pytest.raises(NotPossible, match="frozen"):
            actions.certify(return_, by=people.person("giver"))


def test_a_return_is_reopened_with_a_reason_and_no_more_once_it_is_frozen(app: Flask) -> None:
    walk.partnership()
    manager = people.person("manager")
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        with pytest.raises(NotRight):
            take(return_, "reopen", by=manager)
        freeze()
        for verb in ("reopen", "request_changes"):
            with pytest.raises(NotPossible, match="frozen"):
                take(return_, verb, reason="A slip.", by=manager)


def test_a_quarter_freezes_once_when_it_is_over_and_by_its_manager(app: Flask) -> None:
    walk.partnership()
    with pytest.raises(NotPossible, match="not over"):
        freeze()
    with clock.set_to(walk.AFTER):
        with pytest.raises(NotAllowed):
            actions.freeze(
                programme=people.programme("pip"),
                quarter=walk.QUARTER,
                by=people.person("giver"),
            )
        db.session.rollback()
        walk.partnership()
        freeze()
        with pytest.raises(NotPossible, match="frozen already"):
            freeze()
        with pytest.raises(NotPossible, match="no returns"):
            actions.freeze(
                programme=people.programme("own"),
                quarter=walk.QUARTER,
                by=people.person("manager"),
            )


def test_national_is_the_sum_of_regions_and_of_providers(app: Flask) -> None:
    walk.day(walk.partnership(), quarter_days=7)
    walk.day(walk.second_partnership(), quarter_days=5)
    with clock.set_to(walk.AFTER):
        walk.certified()
        frozen = freeze()
    totals = totals_of(frozen)
    assert totals.national.unconfirmed == 12
    assert {name: days.unconfirmed for name, days in totals.regions.items()} == {
        "East of England": 5,
        "North West": 7,
    }
    assert {name: days.unconfirmed for name, days in totals.providers.items()} == {"Leeds": 12}
    assert [(row.provider, row.receiver) for row in rows_of(frozen)] == [
        ("Leeds", "Essex"),
        ("Leeds", "Wirral"),
    ]


def test_a_version_that_was_tampered_with_stops_the_totals(app: Flask) -> None:
    walk.day(walk.partnership())
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        frozen = freeze()
    [version] = return_.versions
    figures = {**version.content["figures"], "partnerships_live": 9}
    set_committed_value(version, "content", {**version.content, "figures": figures})
    assert figures_in(version).partnerships_live == 9
    with pytest.raises(DoesNotAddUp):
        totals_of(frozen)


def test_a_certified_version_cannot_be_changed_in_the_database(app: Flask) -> None:
    walk.partnership()
    with clock.set_to(walk.AFTER):
        [version] = walk.certified().versions
    version.content = {}
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_totals_that_do_not_add_up_are_never_frozen(app: Flask) -> None:
    walk.day(walk.partnership())
    with clock.set_to(walk.AFTER):
        return_ = walk.certified()
        [version] = return_.versions
        figures = version.content["figures"]
        wrong = {**figures, "total": {**figures["total"], "confirmed": 400}}
        set_committed_value(version, "content", {**version.content, "figures": wrong})
        set_committed_value(version, "sha256", sha256_of(version.content))
        with pytest.raises(DoesNotAddUp):
            freeze()
