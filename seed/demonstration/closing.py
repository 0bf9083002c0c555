"""How the demonstration's partnerships pause, ask for more, end and are looked back on."""

from __future__ import annotations

from broker import clock
from broker.endings import actions as endings
from broker.endings.queries import taper_of, taper_words
from broker.extensions import actions as extensions
from broker.models.ending import EarlyReason
from broker.models.partnership import Holds, Partnership
from broker.phases import actions as phases
from broker.plans.queries import standing_plan
from seed.demonstration import walking
from seed.demonstration.company import Company

TESTS = endings.Tests(
    performance_met=True,
    performance="Eight of ten cases audited as good or better, two quarters running.",
    capacity_met=True,
    capacity="Two practice leads hold the audits, in their job descriptions.",
    succession_met=True,
    succession="A deputy is named for each of them, and sat in on the last two rounds.",
    budget_protected=True,
    budget="In the base budget for three years.",
)


def hand_over(company: Company, partnership: Partnership) -> None:
    """Every strand of the plan finds the home that the plan meant for it."""
    plan = standing_plan(partnership)
    for strand in plan.objectives if plan else ():
        endings.hand_over(
            partnership,
            strand,
            to_whom=strand.handover_to,
            note="The tools are on the shared drive; a call each quarter is agreed.",
            by=company.improvement_lead(partnership.receiver),
        )


def end(company: Company, partnership: Partnership) -> None:
    hand_over(company, partnership)
    endings.record_tests(partnership, TESTS, by=company.improvement_lead(partnership.receiver))
    walking.end(company, partnership)


def report(company: Company, partnership: Partnership) -> None:
    """The provider's lead writes the closing report."""
    answers = endings.Report(
        changed="Plans are clearer, and families say that they know what happens next.",
        worked="The same two people came each time and worked beside the managers.",
        did_not_work="A weekly meeting about figures took time and changed little; it was let go.",
        taper_words=taper_words(taper_of(partnership)),
        carries_on="The principal social worker, with the audit group.",
        advice="Name on the first day who carries each strand on.",
    )
    endings.write_report(partnership, answers, by=company.partnership_lead(partnership.provider))


def read_report(company: Company, partnership: Partnership) -> None:
    endings.read_report(
        partnership,
        comment="We agree, and would add that the first month was slower than it sounds.",
        by=company.improvement_lead(partnership.receiver),
    )


HELD = {
    Holds.PARTLY: "Audits go on each month. One of both leads has left, and the post was filled.",
    Holds.YES: "Both leads are in post, and the last three audits were as good as those before.",
}


def look_back(company: Company, partnership: Partnership, holds: Holds = Holds.PARTLY) -> None:
    endings.look_back(
        partnership,
        holds,
        words=HELD[holds],
        by=company.improvement_lead(partnership.receiver),
    )


def say_why(company: Company, partnership: Partnership) -> None:
    endings.say_why(
        partnership,
        EarlyReason.PEOPLE,
        words="Three leaders changed within a month. We will ask again.",
        by=company.improvement_lead(partnership.receiver),
    )


def pause(company: Company, partnership: Partnership) -> None:
    phases.pause(
        partnership,
        reason="The team moves offices in the winter; both would rather wait than rush.",
        by=company.director(partnership.receiver),
    )


def ask_for_more(company: Company, partnership: Partnership) -> None:
    """Two days more in the next quarter, where the provider has them; both have agreed."""
    quarter, days = clock.this_quarter() + 1, 2 * walking.DAY
    if not walking.has_room(partnership, quarter, days):
        return
    more = extensions.propose(
        partnership,
        days={quarter: days},
        exit_on=quarter.last_day,
        because="A second team begins in the new year and would like the same workshop.",
        by=company.improvement_lead(partnership.receiver),
    )
    extensions.agree(more, by=company.director(partnership.receiver))
    extensions.agree(more, by=company.director(partnership.provider))
