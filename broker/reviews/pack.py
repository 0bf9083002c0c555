"""The evidence pack of a review: always the same headings, filled from the records alone.

A pack is [[heading, [[name, words], …]], …]. It is kept with the review as it was built, so that
everybody looked at the same page; `renew` builds it again until the review is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from broker import clock
from broker.agreements.queries import agreement_of
from broker.days import format_days
from broker.health.facts import Facts, facts_of
from broker.models.partnership import Partnership
from broker.models.plan import Measure, Objective
from broker.models.review import Review
from broker.partnerships.queries import plan_of
from broker.plans.queries import standing_plan
from broker.pulse.queries import statements_said

Rows = list[list[str]]


def build(partnership: Partnership) -> list[list[object]]:
    """What the records say today."""
    facts = facts_of([partnership], as_party=True)[partnership.id]
    return [[heading, rows(partnership, facts)] for heading, rows in HEADINGS]


def in_words(day: date | datetime) -> str:
    if isinstance(day, datetime):
        day = day.astimezone(clock.LONDON).date()
    return f"{day.day} {day:%B %Y}"


def _day_or(day: date | None, otherwise: str) -> str:
    return in_words(day) if day else otherwise


def _where_it_stands(partnership: Partnership, facts: Facts) -> Rows:
    return [
        ["Phase", partnership.state.value.replace("_", " ").capitalize()],
        ["In this phase since", in_words(partnership.state_since)],
        ["Opened", in_words(partnership.opened_at)],
        ["Aims", partnership.aims],
    ]


def _plan(partnership: Partnership, facts: Facts) -> Rows:
    """What both agreed to: who decides, the plan's aims, who carries on, and its measures."""
    agreement, plan = agreement_of(partnership), standing_plan(partnership)
    rows = [["Who decides what", agreement.decides]] if agreement and agreement.decides else []
    if plan is None or facts.plan is None:
        return [*rows, ["The plan", "None is agreed yet"]]
    rows += [
        ["Agreed", f"Version {plan.number}, on {in_words(facts.plan.agreed_on)}"],
        ["The help ends", in_words(plan.exit_on)],
    ]
    rows += [[f"Aim: {one.aim}", _home(one)] for one in plan.objectives]
    return rows + [[f"Measure: {one.name}", _measured(one)] for one in plan.measures]


def _home(objective: Objective) -> str:
    who = objective.handover_to
    return f"Carried on by: {who}" if who else "Nobody named yet to carry it on"


def _measured(measure: Measure) -> str:
    began = f"Began at: {measure.baseline}. " if measure.baseline else ""
    return f"{began}Aims for: {measure.target}" if measure.target else began or "No target yet"


def _days(partnership: Partnership, facts: Facts) -> Rows:
    by_quarter = [
        [
            str(row.quarter),
            f"{format_days(row.delivered)} given of {format_days(row.committed)} committed",
        ]
        for row in plan_of(partnership).quarters
    ]
    return [
        ["Given so far", f"{format_days(facts.delivered)} of {format_days(facts.committed)}"],
        ["Not confirmed for more than 10 working days", _entries(facts.log.overdue)],
        ["Queried and not answered", _entries(facts.log.queried)],
        ["Last day given", _day_or(facts.log.last_given_on, "None yet")],
        *by_quarter,
    ]


def _entries(count: int) -> str:
    return "No entry" if count == 0 else f"{count} {'entry' if count == 1 else 'entries'}"


def _who(partnership: Partnership, facts: Facts) -> Rows:
    if not facts.changes:
        return [["Directors and leads", "Unchanged since it opened"]]
    return [[change.who, f"New since {in_words(change.on)}"] for change in facts.changes]


def _said(partnership: Partnership, facts: Facts) -> Rows:
    receiver, provider = partnership.receiver.name, partnership.provider.name
    rows = [
        [f"{receiver}, {one.moment.words}", f"Effectiveness {one.effectiveness} of 5"]
        for one in partnership.feedback
    ]
    rows += [
        [f"{provider}, {one.moment.words}", f"Worth its time {one.worth} of 5"]
        for one in partnership.learned
    ]
    rows += [
        [f"Staff, {pulse.moment.words}: {name}", said]
        for pulse in partnership.pulses
        for name, said in statements_said(pulse)
    ]
    return rows or [["Feedback", "None yet"]]


def _last_time(partnership: Partnership, facts: Facts) -> Rows:
    last = partnership.last_review
    if last is None or last.held_on is None:
        return [["Earlier reviews", "This is the first"]]
    rows = [["Last review", in_words(last.held_on)]]
    rows += [[f"Decided: {one.words}", _done(one.done_at, one.due_on)] for one in last.decisions]
    return rows + [[one.name, f"{one.value} ({in_words(one.as_of)})"] for one in last.measures]


def _done(done_at: datetime | None, due_on: date) -> str:
    if done_at is not None:
        return f"Done on {in_words(done_at)}"
    late = "late, it was" if due_on < clock.today() else "not done yet,"
    return f"{late} due on {in_words(due_on)}".capitalize()


HEADINGS: tuple[tuple[str, Callable[[Partnership, Facts], Rows]], ...] = (
    ("Where it stands", _where_it_stands),
    ("The plan", _plan),
    ("Days", _days),
    ("Who works on it", _who),
    ("What was said", _said),
    ("Since the last review", _last_time),
)


def words_going_out(review: Review) -> list[tuple[str, str]]:
    """What others may come to read of a recorded review: never a rating or a note of one side."""
    rows = [
        ("Phase", review.phase.value.replace("_", " ").capitalize()),
        ("Held", in_words(review.held_on) if review.held_on else ""),
        ("What was found", review.summary),
    ]
    rows += [
        (one.name, f"{one.value} ({in_words(one.as_of)}, {one.source})") for one in review.measures
    ]
    rows += [
        ("Decided", f"{one.words} ({one.who}, by {in_words(one.due_on)})")
        for one in review.decisions
    ]
    rows.append(("How the two sides see it", _both(review)))
    return rows


def _both(review: Review) -> str:
    """Whether the two sides agree, in words."""
    gaps = [
        asked.words.rstrip(".").lower()
        for asked, sides in review.ratings.items()
        if len(sides) == 2 and max(sides.values()) - min(sides.values()) >= 2
    ]
    if not review.ratings or any(len(sides) < 2 for sides in review.ratings.values()):
        return "One side has not said"
    return f"Differently: {'; '.join(gaps)}" if gaps else "Alike"
