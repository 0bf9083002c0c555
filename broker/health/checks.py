"""The health checks: small named functions over facts, each with its evidence in words.

A check says how it stands, why, and what would help. What is not known says so: it is never
counted as well, nor as a worry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from broker import clock
from broker.days import format_days
from broker.health.facts import Facts
from broker.models.match import Side
from broker.models.partnership import Holds, PartnershipState
from broker.models.review import Asked

A_DAY = 4
OLD_AFTER = 6  # months after which what the sides said is old


class Stands(Enum):
    """How a check stands, in order of how much it asks of a coordinator."""

    ACT = "act"
    LOOK = "look"
    WELL = "well"
    UNKNOWN = "unknown"
    NOT_NOW = "not_now"

    @property
    def words(self) -> str:
        return {
            "act": "Needs a talk",
            "look": "Worth a look",
            "well": "Well",
            "unknown": "Not yet known",
            "not_now": "Not asked in this phase",
        }[self.value]


@dataclass(frozen=True)
class Finding:
    """What a check found. `evidence` says what shows it and of when; `todo`: what would help."""

    name: str
    stands: Stands
    evidence: str
    todo: str = ""


Check = Callable[[Facts], Finding]
HOLDS_UP = "Ask what holds the days up, and move or release them."
STILL_FIT = "Ask both leads whether the days still fit the plan."
NEW_END = "Agree on a new end in the plan, or end it as planned."
GO_ON_ALONE = "Ask what would let the receiver go on alone."
CARRIED_ON = "Name who carries each strand on, and what it needs."
NOT_ASKED = "It is asked of both sides at each review; none is recorded yet, or to be read."


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _asked(name: str, facts: Facts, *asked: Asked, todo: str) -> Finding:
    """A check that both sides are asked about, at reviews: the lowest answer counts."""
    rated = facts.rated
    ratings = [n for one in asked for n in rated.ratings.get(one, {}).values()] if rated else []
    if rated is None or not ratings:
        return Finding(name, Stands.UNKNOWN, NOT_ASKED, "Ask for a review to be held.")
    lowest = min(ratings)
    stands = Stands.WELL if lowest >= 4 else Stands.LOOK if lowest == 3 else Stands.ACT
    said = {
        Stands.WELL: "Both sides agree",
        Stands.LOOK: "At least one side is not sure",
        Stands.ACT: "At least one side disagrees",
    }[stands]
    return Finding(
        name,
        stands,
        f"{said}: asked of both at the review of {in_words(rated.on)}.",
        "" if stands is Stands.WELL else todo,
    )


def equality(facts: Facts) -> Finding:
    """The two authorities work as equals (asked of both at each review)"""
    return _asked(
        "Equality",
        facts,
        Asked.EQUALS,
        todo="Ask each director alone what would make it more equal.",
    )


def perception_gap(facts: Facts) -> Finding:
    """Both sides see the same partnership (computed from what both were asked)"""
    name = "How alike the two sides see it"
    rated = facts.rated
    both = (
        {asked: sides for asked, sides in rated.ratings.items() if len(sides) == len(Side)}
        if rated
        else {}
    )
    if rated is None or not both:
        return Finding(name, Stands.UNKNOWN, NOT_ASKED, "Ask for a review to be held.")
    gaps = {asked: max(sides.values()) - min(sides.values()) for asked, sides in both.items()}
    widest = max(gaps, key=lambda asked: gaps[asked])
    when = f"Computed from the review of {in_words(rated.on)}."
    if gaps[widest] < 2:
        return Finding(name, Stands.WELL, f"No answers lie far apart. {when}")
    about = f"Furthest apart on: {widest.words.rstrip('.').lower()}. {when}"
    stands = Stands.ACT if gaps[widest] > 2 else Stands.LOOK
    return Finding(name, stands, about, "Bring both leads together on this one question.")


def done_with(facts: Facts) -> Finding:
    """Work is done with the receiving authority, not to it (asked of both at each review)"""
    return _asked(
        "Done with, not to",
        facts,
        Asked.DONE_WITH,
        todo="Ask who chose the last three activities, and let the receiver choose the next.",
    )


def support_and_challenge(facts: Facts) -> Finding:
    """There is support and challenge, both (asked of both at each review)"""
    return _asked(
        "Support and challenge, both",
        facts,
        Asked.SUPPORT,
        Asked.CHALLENGE,
        todo="Ask which of the two is missing, and agree one thing that brings it in.",
    )


def decision_rights(facts: Facts) -> Finding:
    """It is clear who decides what (asked of both at each review)"""
    return _asked(
        "Who decides what",
        facts,
        Asked.DECISIONS,
        todo="Go through the agreement with both leads, and write down who decides.",
    )


def leads_unchanged(facts: Facts) -> Finding:
    """Directors and leads are those it began with (computed from who holds these roles)"""
    name = "The same people lead it"
    lately = [one for one in facts.changes if one.on > clock.add_months(clock.today(), -6)]
    if not facts.changes:
        return Finding(name, Stands.WELL, "No director or lead has changed since it opened.")
    listed = "; ".join(f"{one.who}, since {in_words(one.on)}" for one in facts.changes[:3])
    if not lately:
        return Finding(name, Stands.WELL, f"Nobody new in the last six months. Before: {listed}.")
    stands = Stands.LOOK if len(lately) == 1 else Stands.ACT
    return Finding(name, stands, f"New: {listed}.", "See that there was a handover, and meet them.")


def leaders_present(facts: Facts) -> Finding:
    """Leaders come when it matters (asked of both at each review)"""
    return _asked(
        "Leaders are present",
        facts,
        Asked.LEADERS,
        todo="Ask both directors to come to the next review themselves.",
    )


def plan_moves(facts: Facts) -> Finding:
    """The plan moves, and not all the time (computed from its versions)"""
    name = "The plan moves"
    if facts.plan is None:
        return Finding(name, Stands.UNKNOWN, "No plan is agreed yet.", "Ask when it will be.")
    months = max(1, (clock.today() - facts.opened_on).days // 30)
    said = f"{facts.plan.versions} agreed, the latest on {in_words(facts.plan.agreed_on)}."
    if facts.plan.versions > 1 + months / 2:
        return Finding(name, Stands.LOOK, f"It changes often: {said}", "Ask what keeps changing.")
    if facts.is_live and facts.plan.agreed_on < clock.add_months(clock.today(), -9):
        return Finding(
            name, Stands.LOOK, f"It has not moved for nine months: {said}", "Ask if it still fits."
        )
    return Finding(name, Stands.WELL, said)


def days_variance(facts: Facts) -> Finding:
    """Days are given about as committed (computed from the log and the ledger)"""
    name = "Days as planned"
    due, given = facts.due_by_now, facts.delivered
    whole = format_days(facts.committed)
    said = f"{format_days(given)} given, {format_days(due)} due by now of {whole}."
    waits = [
        f"{count} {'entry' if count == 1 else 'entries'} {words}"
        for count, words in (
            (facts.log.overdue, "unconfirmed for long"),
            (facts.log.queried, "queried"),
        )
        if count
    ]
    evidence = " ".join([said, *([f"In the log: {' and '.join(waits)}."] if waits else [])])
    if facts.is_live and (clock.today() - facts.opened_on).days < 30:
        return Finding(name, Stands.UNKNOWN, f"It opened lately. {evidence}")
    apart = abs(due - given)
    if apart <= max(2 * A_DAY, due // 4):
        stands = Stands.LOOK if waits else Stands.WELL
        todo = "Ask the side that waits to confirm or to answer." if waits else ""
        return Finding(name, stands, evidence, todo)
    if given < due // 2:
        return Finding(name, Stands.ACT, evidence, HOLDS_UP)
    return Finding(name, Stands.LOOK, evidence, STILL_FIT)


def dependency(facts: Facts) -> Finding:
    """The receiver leans less on the other's days as it tapers (computed from days by quarter)"""
    name = "Leaning less as it tapers"
    if facts.phase is not PartnershipState.TAPERING:
        return Finding(name, Stands.NOT_NOW, "It is looked at once it tapers.")
    now = clock.this_quarter()
    before, this = (
        facts.by_quarter[q].delivered if q in facts.by_quarter else 0 for q in (now - 1, now)
    )
    planned = facts.plan.taper.get(now) if facts.plan else None
    said = f"{format_days(this)} given this quarter, {format_days(before)} in the one before"
    if planned is not None:
        said += f"; the taper has {format_days(planned)} for this quarter"
    allowed = before if planned is None else planned
    if this > allowed + A_DAY:
        return Finding(name, Stands.LOOK, f"{said}.", GO_ON_ALONE)
    return Finding(name, Stands.WELL, f"{said}.")


def exit_readiness(facts: Facts) -> Finding:
    """It ends when its plan says, and the receiver could then go on alone (asked of both once it is
    steady; strands and the end from the plan)"""
    name = "Ready to go on alone"
    if facts.is_live and facts.plan and facts.plan.exit_on < clock.today():
        past = f"Its plan ended it on {in_words(facts.plan.exit_on)}, and it goes on."
        return Finding(name, Stands.LOOK, past, NEW_END)
    if facts.phase not in (PartnershipState.STEADY, PartnershipState.TAPERING):
        return Finding(name, Stands.NOT_NOW, "It is asked once the partnership is steady.")
    found = _asked(name, facts, Asked.EXIT, todo=CARRIED_ON)
    if facts.plan is None:
        return found
    homes = f"Strands with somebody to carry them on: {facts.plan.homes} of {facts.plan.strands}."
    exit_in = (facts.plan.exit_on - clock.today()).days
    is_near = exit_in < 90 and facts.plan.homes < facts.plan.strands
    stands = Stands.ACT if is_near else found.stands
    evidence = f"{found.evidence} {homes} It ends on {in_words(facts.plan.exit_on)}."
    return Finding(name, stands, evidence, found.todo or ("Name the others." if is_near else ""))


def post_exit(facts: Facts) -> Finding:
    """What was gained holds (asked of the receiver 6 and 12 months after the end)"""
    name = "It holds after the end"
    if facts.ended_on is None:
        return Finding(name, Stands.NOT_NOW, "It is asked 6 and 12 months after the end.")
    if facts.held is None:
        due = clock.add_months(facts.ended_on, 6)
        if clock.today() < due:
            return Finding(name, Stands.NOT_NOW, f"It is asked from {in_words(due)} on.")
        return Finding(name, Stands.UNKNOWN, "The receiver has not said yet.", "Ask how it is now.")
    stands = {Holds.YES: Stands.WELL, Holds.PARTLY: Stands.LOOK, Holds.NO: Stands.ACT}[
        facts.held.holds
    ]
    said = f"{facts.held.holds.words}, by the receiver {facts.held.at.words}."
    return Finding(name, stands, said, "" if stands is Stands.WELL else "Talk about a follow-on.")


def reviews_held(facts: Facts) -> Finding:
    """Reviews are held when they are due (computed from their dates)"""
    name = "Reviews on time"
    due = facts.review_due_on
    if due is None:
        return Finding(name, Stands.NOT_NOW, "It has ended." if facts.ended_on else "It is paused.")
    if clock.today() <= clock.add_working_days(due, 10):
        return Finding(name, Stands.WELL, f"The next is due on {in_words(due)}.")
    return Finding(
        name, Stands.LOOK, f"One was due on {in_words(due)}.", "Ask both leads for a date."
    )


CHECKS: tuple[Check, ...] = (
    equality,
    perception_gap,
    done_with,
    support_and_challenge,
    decision_rights,
    leads_unchanged,
    leaders_present,
    plan_moves,
    days_variance,
    dependency,
    exit_readiness,
    post_exit,
    reviews_held,
)


def findings_of(facts: Facts) -> list[Finding]:
    """Every check, in its order."""
    return [check(facts) for check in CHECKS]
