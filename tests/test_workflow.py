"""The table of verbs is complete, and the only way a state changes."""

from __future__ import annotations

import ast
from enum import Enum
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from broker import day_sights, sights
from broker.config import ROOT
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.agreement import WorkingAgreement
from broker.models.day_import import DayImport
from broker.models.exception import EligibilityException
from broker.models.extension import Extension
from broker.models.extra import Extra
from broker.models.fact_import import FactImport
from broker.models.grant import Grant
from broker.models.intervention import Intervention
from broker.models.ledger import Capacity
from broker.models.match import Conversation, Match, Round, Suggestion
from broker.models.need import Need
from broker.models.offer import Offer, OfferState
from broker.models.partnership import Partnership, SupportDay
from broker.models.plan import Plan
from broker.models.pulse import Pulse
from broker.models.recording import Recording
from broker.models.return_ import Freeze, Return, ReturnSection
from broker.models.review import Review
from broker.models.showing import Showing
from broker.models.suggested_need import SuggestedNeed
from broker.outcomes import Outcome
from broker.taking import take
from broker.workflow import ROWS, STATES, Row
from tests import make, people

NOUNS = {
    "offers": Offer,
    "capacities": Capacity,
    "needs": Need,
    "suggested_needs": SuggestedNeed,
    "suggestions": Suggestion,
    "conversations": Conversation,
    "matches": Match,
    "partnerships": Partnership,
    "pulses": Pulse,
    "reviews": Review,
    "showings": Showing,
    "support_days": SupportDay,
    "extras": Extra,
    "day_imports": DayImport,
    "rounds": Round,
    "exceptions": EligibilityException,
    "fact_imports": FactImport,
    "recordings": Recording,
    "returns": Return,
    "return_sections": ReturnSection,
    "grants": Grant,
    "freezes": Freeze,
    "interventions": Intervention,
    "working_agreements": WorkingAgreement,
    "plans": Plan,
    "extensions": Extension,
}
NOT_REACHED_YET = {("need", "lapsed")}


def _ends(row: Row) -> tuple[Enum, ...]:
    if isinstance(row.to, Outcome):
        return row.to.ends
    return (row.to,) if row.to else ()


def test_every_state_is_reached_by_a_verb() -> None:
    reached = {(row.noun, state.value) for row in ROWS for state in _ends(row)}
    for noun, states in STATES.items():
        missing = {(noun, state.value) for state in states} - reached - NOT_REACHED_YET
        assert not missing, f"no verb leads to {missing}"


def test_no_verb_stands_twice() -> None:
    names = [(row.noun, row.verb) for row in ROWS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.noun}-{row.verb}")
def test_every_part_of_a_row_can_be_read_aloud(row: Row) -> None:
    for part in (*row.who, *row.when, *row.tells, *([row.effect] if row.effect else [])):
        assert part.__doc__, f"{part.__name__} has no words"
    assert row.who, "somebody may do it"
    assert row.label[0].isupper() and row.past


@pytest.mark.parametrize("row", [r for r in ROWS if r.from_], ids=lambda r: f"{r.noun}-{r.verb}")
def test_every_from_state_belongs_to_the_noun(row: Row) -> None:
    assert {type(state) for state in (*row.from_, *_ends(row))} <= {STATES[row.noun]}


def _python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def test_only_taking_writes_a_state() -> None:
    """`job.state` belongs to jobs.py: a job is the worker's, not a noun with verbs."""
    allowed = {"taking.py", "jobs.py"}
    for file in _python_files("broker") + _python_files("seed"):
        if file.name in allowed:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            written = [t for target in targets for t in ast.walk(target)]
            for target in written:
                is_state = isinstance(target, ast.Attribute) and target.attr == "state"
                assert not is_state, f"{file}:{node.lineno} writes a state"


def test_who_is_not_signed_in_sees_published_offers_and_nothing_else(app: Flask) -> None:
    with transaction():
        make.day(make.partnership())
        make.need(until="private")
        make.offer(published=False)
    known = {**vars(sights), **vars(day_sights)}
    seen = {name: f for name, f in known.items() if name.endswith("_seen_by")}
    assert len(seen) >= 10
    for name, sight in seen.items():
        noun = NOUNS[name.removesuffix("_seen_by")]
        seen = db.session.scalars(select(noun).where(sight(None))).unique().all()
        if noun is Offer:
            assert {offer.state for offer in seen} == {OfferState.PUBLISHED}
        else:
            assert seen == [], name


@pytest.mark.postgres
def test_the_wrong_person_the_wrong_moment_and_the_missing_reason_are_told_apart(
    app: Flask,
) -> None:
    with transaction():
        need = make.need(until="submitted")
        with pytest.raises(NotAllowed, match="coordinator"):
            take(need, "send_back", by=people.person("receiver"), reason="x")
        with pytest.raises(NotRight, match="Say why"):
            take(need, "send_back", by=people.person("coordinator"), reason="  ")
        with pytest.raises(NotPossible, match="it is submitted"):
            take(need, "meet", by=people.person("receiver"))
