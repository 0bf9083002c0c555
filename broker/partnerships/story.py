"""A partnership's story on one page: what happened, in the order in which it did, in plain words.

Read off the events of the partnership, its agreement, its plans and what was asked for on top. What
people wrote about the other side, a day or an early end is left to the pages that guard it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from broker.agreements import leads
from broker.clock import LONDON
from broker.days import format_days
from broker.db import db
from broker.models.agreement import WorkingAgreement
from broker.models.ending import FollowUp
from broker.models.event import Event
from broker.models.extension import Extension, ExtensionState
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.plan import ChangeReason, Plan, PlanState
from broker.partnerships.queries import plan_of


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    on: date
    words: str
    order: int


@dataclass(frozen=True)
class Sums:
    """The story in figures. Days in quarter-days."""

    approved: int
    given: int
    queried: int
    versions: int
    changes_of_people: int


TOLD = {
    "open": "The partnership opened.",
    "begin_papers": "The agreement and the plan were begun.",
    "end": "It ended as planned.",
    "end_early": "It ended early.",
    "resume": "It went on again.",
    "record_tests": "The three tests were recorded.",
    "write_report": "The closing report was written.",
    "read_report": "The receiving authority read the closing report.",
    "close": "It was closed.",
}
PHASES = {
    "early": "The early phase began.",
    "steady": "The steady phase began.",
    "tapering": "The help began to taper off.",
}


def story_of(partnership: Partnership) -> list[Line]:
    """Everything worth telling, the earliest first."""
    lines = [
        *_of_events(partnership),
        *_of_plans(partnership),
        *_of_people(partnership),
        *_of_days(partnership),
        *_of_what_was_said(partnership),
    ]
    return sorted(lines, key=lambda line: (line.on, line.order))


def sums_of(partnership: Partnership) -> Sums:
    days = plan_of(partnership)
    versions = select(Plan.id).where(
        Plan.partnership_id == partnership.id,
        Plan.state.in_([PlanState.AGREED, PlanState.REPLACED]),
    )
    return Sums(
        approved=days.planned,
        given=days.delivered,
        queried=len(_queried(partnership)),
        versions=len(db.session.scalars(versions).all()),
        changes_of_people=leads.churn(leads.all_of(partnership)),
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _events(partnership: Partnership) -> list[Event]:
    """Of the partnership, its agreement, and what was asked for on top."""
    agreement = select(WorkingAgreement.id).where(WorkingAgreement.partnership_id == partnership.id)
    more = select(Extension.id).where(Extension.partnership_id == partnership.id)
    of = or_(
        and_(Event.noun == Partnership.noun, Event.record_id == partnership.id),
        and_(Event.noun == WorkingAgreement.noun, Event.record_id.in_(agreement)),
        and_(Event.noun == Extension.noun, Event.record_id.in_(more)),
    )
    return list(db.session.scalars(select(Event).where(of).order_by(Event.id)).unique())


def _of_events(partnership: Partnership) -> Iterator[Line]:
    looked = {f"after {one.months} months": one for one in partnership.follow_ups}
    for event in _events(partnership):
        if words := _words(event, looked):
            yield Line(_day(event.happened_at), words, 3)


def _words(event: Event, looked: dict[str, FollowUp]) -> str | None:
    if event.noun == WorkingAgreement.noun:
        both = event.verb == "agree" and event.to_state == "agreed"
        return "Both directors agreed how to work together." if both else None
    if event.noun == Extension.noun:
        is_decided = event.to_state == ExtensionState.APPROVED.value
        return "More days were approved." if is_decided else None
    if event.verb == "move_on":
        return PHASES.get(event.to_state or "")
    if event.verb == "pause":
        return "It was paused; the days ahead went back."
    if event.verb in ("vary", "move_days", "carry"):
        return f"Days were spread otherwise: {event.detail}."
    if event.verb == "hand_over":
        return f"A strand found its home: {event.detail}."
    if event.verb == "look_back" and (one := looked.get(event.detail or "")):
        return f"A look back after {one.months} months: {one.holds.words.lower()}."
    return TOLD.get(event.verb)


def _of_plans(partnership: Partnership) -> Iterator[Line]:
    wanted = select(Plan).where(
        Plan.partnership_id == partnership.id,
        Plan.state.in_([PlanState.AGREED, PlanState.REPLACED]),
    )
    before: Plan | None = None
    for plan in db.session.scalars(wanted.order_by(Plan.number)).unique():
        if plan.agreed_at is not None:
            yield Line(_day(plan.agreed_at), _plan_words(plan, before), 4)
        before = plan


def _plan_words(plan: Plan, before: Plan | None) -> str:
    if before is None or plan.reason_code is ChangeReason.FIRST:
        return f"Both agreed to the first plan, with an exit on {_said(plan.exit_on)}."
    kept = {one.key for one in plan.objectives}
    dropped = [one.aim for one in before.objectives if one.key not in kept]
    let_go = f" Let go: {' '.join(dropped)}" if dropped else ""
    return f"Both agreed to version {plan.number}: {plan.reason_code.words.lower()}.{let_go}"


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _of_people(partnership: Partnership) -> Iterator[Line]:
    every = leads.all_of(partnership)
    for gone in [one for one in every if one.until_on is not None]:
        later = [one for one in every if one.place == gone.place and one.id > gone.id]
        after = next((one for one in later if one.from_on == gone.until_on), None)
        side = partnership.receiver if gone.side.value == "receiver" else partnership.provider
        words = f"{gone.post.words} of {side.name}: {gone.who}"
        if gone.until_on is not None:
            yield Line(gone.until_on, f"{words} → {after.who if after else 'nobody yet'}.", 5)


def _of_what_was_said(partnership: Partnership) -> Iterator[Line]:
    """That a review was held, and that a side spoke at a moment; never what was said."""
    for review in partnership.reviews:
        if review.held_on is not None:
            phase = review.phase.value.replace("_", " ")
            yield Line(review.held_on, f"A review was held ({phase}).", 9)
    for said, words in (
        (partnership.feedback, "The receiving authority said how it went"),
        (partnership.learned, "The providing authority said what it learned"),
    ):
        for one in said:
            yield Line(_day(one.answered_at), f"{words}, {one.moment.words}.", 10)


def _queried(partnership: Partnership) -> list[Event]:
    days = select(SupportDay.id).where(SupportDay.partnership_id == partnership.id)
    asked = select(Event).where(
        Event.noun == SupportDay.noun, Event.verb == "query", Event.record_id.in_(days)
    )
    return list(db.session.scalars(asked.order_by(Event.id)).unique())


def _of_days(partnership: Partnership) -> Iterator[Line]:
    """The first and the last day, and each that was queried."""
    wanted = select(SupportDay).where(
        SupportDay.partnership_id == partnership.id, SupportDay.state != SupportDayState.VOID
    )
    given = list(db.session.scalars(wanted.order_by(SupportDay.given_on, SupportDay.id)).unique())
    by_id = {day.id: day for day in given}
    if given:
        yield Line(given[0].given_on, f"The first support day: {given[0].activity}.", 6)
    if len(given) > 1 and not partnership.is_live:
        yield Line(given[-1].given_on, f"The last support day: {given[-1].activity}.", 7)
    for event in _queried(partnership):
        if day := by_id.get(event.record_id):
            about = f"{format_days(day.quarter_days)} of {_said(day.given_on)}"
            yield Line(_day(event.happened_at), f"A day was queried: {about}.", 8)
