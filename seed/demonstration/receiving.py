"""The demonstration's receivers: what they ask for, and how far each need has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from broker.clock import Quarter, today
from broker.db import db
from broker.models.authority import Area, Authority, PublishedPartner
from broker.models.need import Need, Priority, Root, Shape, Wish
from broker.models.offer import Offer
from broker.models.programme import Choice, Theme
from broker.models.readiness import Item, Met, Readiness, WayOn
from broker.models.signing import BESIDE_THE_DIRECTOR
from broker.needs import actions as needs
from broker.readiness import actions as readiness
from broker.signing import actions as signing
from broker.taking import take
from seed.demonstration.company import RECEIVER, Company
from seed.demonstration.words import STRENGTHS, WORDS

DAY = 4


@dataclass(frozen=True)
class Asking:
    """An authority, and a theme that its published judgement leaves room in."""

    receiver: Authority
    theme: Theme


def receivers(count: int) -> list[Authority]:
    """Authorities whose latest judgement leaves room in some area; spread over England."""
    partners = set(db.session.scalars(select(PublishedPartner.authority_id)))
    loaded = select(Authority).options(selectinload(Authority.judgements)).order_by(Authority.code)
    able = [a for a in db.session.scalars(loaded) if a.id not in partners and areas_with_room(a)]
    own = [a for a in able if a.name == RECEIVER]
    rest = [a for a in able if a.name != RECEIVER]
    step = max(1, len(rest) // count)
    return [*own, *rest[::step]][:count]


def areas_with_room(authority: Authority) -> list[Area]:
    """The areas of the latest judgement that are not yet good."""
    latest = authority.latest_judgement
    grades = latest.area_grades if latest else {}
    return [area for area, grade in grades.items() if not grade.is_good_or_better]


class Askings:
    """Hands out authorities in turn, each with a theme of an area with room that is offered."""

    def __init__(self, authorities: list[Authority], offered: list[Offer]) -> None:
        self.turn = cycle(authorities)
        self.themes = sorted(
            {row.theme.id: row.theme for offer in offered for row in offer.current.themes}.values(),
            key=lambda theme: theme.position,
        )
        self.asked: Counter[int] = Counter()

    def next(self) -> Asking:
        return self.of(next(self.turn))

    def of(self, authority: Authority, among: Sequence[Theme] = ()) -> Asking:
        """The authority's next asking: another theme each time, as long as there are others."""
        room = areas_with_room(authority)
        able = [theme for theme in among or self.themes if theme.area in room]
        self.asked[authority.id] += 1
        return Asking(authority, able[(authority.id + self.asked[authority.id]) % len(able)])


def describe(
    company: Company,
    asking: Asking,
    offer: Offer,
    *,
    days: int,
    first: Quarter,
    quarters: int,
    rng: Random,
) -> Need:
    """A need in the words of its theme, under the programme of the offer it looks to."""
    words = WORDS[asking.theme.code]
    terms = needs.NeedTerms(
        title=words.need,
        themes=(asking.theme,),
        choices=kinds_of_help(asking.theme),
        days_wanted=days * DAY,
        days_least=max(1, days // 2) * DAY,
        first_quarter=first,
        quarters_wanted=quarters,
        shape=rng.choice(list(Shape)),
        change_wanted=words.change,
        strengths=rng.choice(STRENGTHS),
        children_view="Young people on our council say that they want fewer changes of worker.",
        strengths_found="Children told the reviewers that they feel listened to.",
        diagnosis="Practice differs from team to team, and managers see it too late.",
        diagnosis_source="A peer review with the region, which looked at case files",
        diagnosed_on=today() - timedelta(days=40),
        accepted_by="The leadership team and the improvement board",
        root=Root.SYSTEMIC,
        plan_item="Improvement plan, part 2: steadier practice",
        counterparts=("Assistant director for this service",),
        releases_region=rng.random() < 0.5,
    )
    return needs.describe(
        receiver=asking.receiver,
        programme=offer.programme,
        terms=terms,
        by=company.improvement_lead(asking.receiver),
        is_illustrative=True,
    )


def kinds_of_help(theme: Theme) -> tuple[Choice, ...]:
    """One entry of each list, another for another theme."""
    lists: dict[str, list[Choice]] = {}
    for choice in db.session.scalars(select(Choice).order_by(Choice.kind, Choice.position)):
        lists.setdefault(choice.kind, []).append(choice)
    return tuple(entries[theme.position % len(entries)] for entries in lists.values())


def speak_of_others(company: Company, need: Need, offer: Offer) -> None:
    """What the authority tells its coordinator, and nobody else, of a possible provider."""
    needs.speak_of(
        need,
        offer.provider,
        wish=Wish.PREFERRED,
        reason="Our teams met at a regional day and work in the same way.",
        by=company.improvement_lead(need.receiver),
    )


def rank(company: Company, need: Need) -> None:
    needs.set_priority(
        need,
        Priority.RAISED,
        because="A visit is near, and the authority is ready to begin.",
        by=company.coordinator(need.receiver),
    )


def submit(company: Company, need: Need) -> None:
    needs.submit(need, by=company.director(need.receiver))


def open_up(company: Company, need: Need, outcome: Readiness = Readiness.READY) -> None:
    """Check readiness where it must be checked, and open."""
    coordinator = company.coordinator(need.receiver)
    if not need.is_small:
        sign(need)
        check(company, need, outcome)
        readiness.see(need, comment="Fair, and useful to us.", by=company.director(need.receiver))
    needs.open_need(need, by=coordinator)


def sign(need: Need) -> None:
    """The chief executive by link, the lead member by signing in."""
    chief, member = BESIDE_THE_DIRECTOR
    lead = need.created_by
    signing.sign_by_link(signing.make_link(need, chief, by=lead))
    signing.sign(need, member, by=signing.signatory(need.receiver, member))


def check(company: Company, need: Need, outcome: Readiness) -> None:
    """What the coordinator looked at, and what must still be done."""
    condition = readiness.Condition(
        "A lead for data is named before the start.", "Director", today() + timedelta(days=30)
    )
    readiness.check_readiness(
        need,
        outcome=outcome,
        evidence="Board papers, a named lead for each theme and time set aside for staff.",
        parts=[readiness.Part(item, Met.YES, LOOKED_AT[item]) for item in LOOKED_AT],
        conditions=[condition] if outcome is Readiness.CONDITIONAL else [],
        way_on=WayOn.EARLY_HELP if outcome is Readiness.NOT_READY else None,
        by=company.coordinator(need.receiver),
    )


LOOKED_AT = {
    Item.ACCEPTANCE: "The improvement board's minutes",
    Item.PLAN: "The one plan, with dates and leads",
    Item.CHILDREN: "What the youth council said, and what changed",
    Item.STAFF: "Time set aside in two teams",
}


def share(company: Company, need: Need) -> None:
    take(need, "share", by=company.director(need.receiver))


def withdraw(company: Company, need: Need) -> None:
    needs.withdraw(
        need, by=company.director(need.receiver), reason="We found what we needed in our region."
    )
