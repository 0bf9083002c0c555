"""The demonstration: a year and more of the exchange, made by calling its own verbs.

The same seed and stated day give the same data. Whatever is not a published fact is illustrative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from broker import clock
from broker.clock import Quarter
from broker.models.authority import Authority
from broker.models.match import Conversation, Match, Vote
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.readiness import Readiness
from seed.demonstration import (
    answering,
    beside,
    checking,
    closing,
    finding,
    giving,
    long_ago,
    looking_back,
    planning,
    receiving,
    returning,
    walking,
)
from seed.demonstration.company import GIVER, Company, assemble, invite_somebody, name_deputies
from seed.demonstration.receiving import Asking, Askings, receivers

SEED = 2026
RECEIVERS = 24
# How many needs stop at each step, from the earliest.
STOPS = (
    ("private", 3),
    ("in confidence", 2),
    ("submitted", 4),
    ("open", 9),
    ("suggested", 3),
    ("withdrawn", 1),
    ("asked", 3),
    ("talking", 2),
    ("agreed", 3),
    ("with panel", 1),
    ("partnership", 14),
)


Step = Callable[[], object]

# What the featured receiving authority has on its desk: something at most steps, and with the
# featured provider where two sides are needed to show it.
FEATURED = {("private", 0), ("submitted", 0), ("suggested", 0), ("partnership", 9)}
FEATURED_PAIR = {("asked", 0), ("talking", 0), ("agreed", 0), ("partnership", 6)}

ENDED_OR_PAST = {0, 1, 2, 7}  # three are over; one asked for more days after its planned end
PLANNED_BEFORE, UNPLANNED_FROM = 11, 13  # of the partnerships, in the order of their opening

# How far each partnership has come by today, in the order of their opening.
STEPS = (0, 3, 3, 3, 2, 2, 1, 2, 1, 1, 0, 0, 0, 0)

# Who has given so often that what receivers said may be told together.
OFTEN_ASKED, OFTEN_UNTIL = "Ealing", 8


class Story:
    """Builds everything in order; `today` is the day that the demonstration lives on."""

    def __init__(self, system: Person) -> None:
        self.system = system
        self.rng = Random(SEED)
        self.today = clock.today()
        self.now = Quarter.of(self.today)
        self.company: Company
        self.offers: list[Offer]
        self.at_work: list[Partnership] = []
        self.closed: Partnership
        self.needs = 0

    def tell(self) -> None:
        first = self.now - 4
        with clock.set_to(first.first_day):
            self.company = assemble()
        long_ago.confirm_days(self.company, self.today)
        with clock.set_to(first.first_day):
            self.offers = giving.publish_offers(self.company, self.rng)
            giving.confirm_days(self.company, self.offers, first, self.rng)
        authorities = receivers(RECEIVERS)
        askings = Askings(authorities, self.offers)
        for stop, count in STOPS:
            for number in range(count):
                self._one_need(self._asking(askings, authorities, stop, number), stop, number)
        with clock.set_to(walking.next_working_day(self.today - timedelta(days=40))):
            self.offers += giving.offer_by_exception(self.company, self.rng)
            self.offers += finding.find_near(self.company)
            self.offers.append(giving.leave_a_draft(self.company, self.offers[2]))
            giving.give_together(self.company, self.offers[3], self.offers[6].provider)
            checking.look_at_known_facts(self.company)
            checking.add_a_programme(self.company)
        beside.set_out(self.company, authorities[0], self.offers, self.today)
        returning.report(self.company, self.system, [first + n for n in range(4)])
        returning.chase(self.company, first + 3)
        returning.remember_late(self.company, first + 2)
        with clock.set_to(walking.next_working_day(self.today - timedelta(days=40))):
            returning.fund(self.company)
            returning.let_programs_read(self.company)
        name_deputies(self.company, self.today)
        invite_somebody(self.company, self.today)
        for number, partnership in enumerate(self.at_work):
            self._bring_on(partnership, number)
        given = next(offer for offer in self.offers if offer.provider.name == GIVER)
        self.closed = long_ago.tell(
            self.company, authorities[0], given, today=self.today, system=self.system
        )
        self.needs += 1

    def _asking(
        self, askings: Askings, authorities: list[Authority], stop: str, number: int
    ) -> Asking:
        """Who asks: the featured receiver at chosen steps, of the featured provider in some."""
        if (stop, number) in FEATURED_PAIR:
            offered = [o.current.themes for o in self.offers if o.provider.name == GIVER]
            return askings.of(authorities[0], [row.theme for rows in offered for row in rows])
        if (stop, number) in FEATURED:
            return askings.of(authorities[0])
        return askings.next()

    def _one_need(self, asking: Asking, stop: str, number: int) -> None:
        day = self._begins(stop, number)
        offers = self._fitting(asking)
        if stop == "partnership" and number < OFTEN_UNTIL:
            offers.sort(key=lambda offer: offer.provider.name != OFTEN_ASKED)
        if stop == "with panel":
            offers.sort(key=lambda offer: -offer.current.most)
        days, quarters = self._size(stop, number)
        if stop == "partnership" and offers[0].provider.name == OFTEN_ASKED:
            days, quarters = 8, 2
        with clock.set_to(day):
            need = receiving.describe(
                self.company,
                asking,
                offers[0],
                days=min(days, offers[0].current.most // 4),
                first=Quarter.of(day + timedelta(days=60)),
                quarters=quarters,
                rng=self.rng,
            )
            if stop in ("in confidence", "open") and number % 3 == 0:
                receiving.speak_of_others(self.company, need, offers[-1])
        self.needs += 1
        for step in self._steps(need, offers, stop, number):
            day = min(walking.next_working_day(day + timedelta(days=6)), self.today)
            with clock.set_to(day):
                step()

    def _begins(self, stop: str, number: int) -> date:
        """Needs that became partnerships began over the last year; others lately."""
        back = 400 - 24 * number if stop == "partnership" else 48 - 3 * number
        return walking.next_working_day(self.today - timedelta(days=back))

    def _size(self, stop: str, number: int) -> tuple[int, int]:
        """Days and quarters wanted; every third is a small ask."""
        if stop == "with panel":
            return 100, 4
        if stop != "partnership" and number % 3 == 2:
            return self.rng.choice([3, 5, 8]), 1
        return self.rng.choice([20, 24, 30]), self.rng.choice([2, 3])

    def _fitting(self, asking: Asking) -> list[Offer]:
        """Offers of the theme by others, in turn; the featured provider's own before all."""
        found = [
            offer
            for offer in self.offers
            if offer.provider_id != asking.receiver.id
            and asking.theme.id in {row.theme_id for row in offer.current.themes}
        ]
        turn = self.needs % len(found)
        in_turn = found[turn:] + found[:turn]
        return sorted(in_turn, key=lambda offer: offer.provider.name != GIVER)

    def _steps(self, need: Need, offers: list[Offer], stop: str, number: int) -> Iterator[Step]:
        company = self.company
        if stop == "private":
            return
        if stop == "in confidence":
            yield lambda: receiving.share(company, need)
            return
        yield lambda: receiving.submit(company, need)
        if stop == "submitted":
            return
        conditional = stop == "with panel"
        outcome = Readiness.CONDITIONAL if conditional else Readiness.READY
        yield lambda: receiving.open_up(company, need, outcome)
        if stop == "open" and number % 4 == 0:
            yield lambda: receiving.rank(company, need)
        if stop == "suggested":
            same = [offer for offer in offers if offer.programme_id == need.programme_id]
            yield lambda: walking.suggest(company, need, same[:2])
        if stop == "withdrawn":
            yield lambda: receiving.withdraw(company, need)
        if stop in ("open", "suggested", "withdrawn"):
            return
        yield from self._matching_steps(need, offers[0], stop, number)

    def _matching_steps(self, need: Need, offer: Offer, stop: str, number: int) -> Iterator[Step]:
        company, rng = self.company, self.rng
        talks: list[Conversation] = []
        made: list[Match] = []
        yield lambda: talks.append(walking.ask(company, need, offer, rng))
        if stop == "asked":
            return
        yield lambda: made.append(walking.accept(company, talks[0]))
        if (stop, number) in FEATURED_PAIR and stop == "talking":
            yield lambda: walking.propose_times(company, talks[0])
            return
        yield lambda: walking.say_yes(company, talks[0])
        if stop == "talking":
            return
        if stop == "partnership":
            opened: list[Partnership] = []
            yield lambda: opened.append(walking.agree_and_approve(company, made[0]))
            self._work(opened[0])
            return
        yield lambda: walking.agree(company, made[0])
        if stop == "with panel":
            yield lambda: walking.send_to_panel(company, made[0])
            yield lambda: walking.vote(company, made[0], [Vote.FOR, Vote.RECUSED])

    def _work(self, partnership: Partnership) -> None:
        """Log days until today."""
        self.at_work.append(partnership)
        partnership.is_illustrative = True
        self._plan(partnership, len(self.at_work) - 1)
        until = self.today - timedelta(days=3)
        if len(self.at_work) == 1:
            until = min(until, clock.add_months(self.today, -7))
        walking.log_until(self.company, partnership, until, self.rng)
        if len(self.at_work) == 1:
            self._end_in_the_spring(partnership, until)
        elif STEPS[len(self.at_work) - 1] > 1:
            self._reach_the_mid_point(partnership)

    def _end_in_the_spring(self, partnership: Partnership, last_day: date) -> None:
        """The first partnership ended long enough ago to be looked back on."""
        company = self.company
        ends_on = walking.next_working_day(last_day + timedelta(days=2))
        with clock.set_to(ends_on):
            walking.move_on(company, partnership, 3)
            closing.end(company, partnership)
            closing.report(company, partnership)
            answering.say_how_it_went(company, partnership)
        with clock.set_to(ends_on + timedelta(days=5)):
            closing.read_report(company, partnership)

    def _reach_the_mid_point(self, partnership: Partnership) -> None:
        """Some months after the opening, in a quarter that is over: the receiver says how it goes,
        and the provider reads it."""
        company = self.company
        months = walking.next_working_day(clock.add_months(partnership.opened_at.date(), 4))
        with clock.set_to(min(months, self.now.first_day - timedelta(days=7))):
            walking.move_on(company, partnership, 2)
            answering.say_how_it_went(company, partnership)
            looking_back.read_feedback(company, partnership, len(self.at_work))

    def _plan(self, partnership: Partnership, number: int) -> None:
        """Both agree how they work and what they plan, a fortnight after the opening; the latest
        are still at it."""
        company = self.company
        fortnight = walking.next_working_day(partnership.opened_at.date() + timedelta(days=14))
        if number >= UNPLANNED_FROM:
            return
        with clock.set_to(min(fortnight, self.today)):
            planning.agree_how(company, partnership)
            plan = planning.write_plan(company, partnership)
            if number not in ENDED_OR_PAST:
                planning.end_by(company, plan, self.now + number % 2)
            if number < PLANNED_BEFORE:
                planning.agree_plan(company, plan)
            planning.name_a_deputy(company, partnership)

    def _bring_on(self, partnership: Partnership, number: int) -> None:
        """Bring a partnership to the phase it should be in today."""
        company = self.company
        steps = STEPS[number]
        with clock.set_to(self.today - timedelta(days=2)):
            walking.move_on(company, partnership, steps - 2 if steps > 1 else steps)
            if number in (2, 4):
                planning.drop_an_objective(company, partnership)
            if number in (3, 6):
                planning.change_a_lead(company, partnership)
            if steps > 1:
                looking_back.begin(company, partnership, number)
        with clock.set_to(self.today - timedelta(days=1)):
            if steps > 1:
                looking_back.go_on(company, partnership, number)
            for step in YESTERDAY.get(number, _usually(number)):
                step(company, partnership)
            for step in DAYS_OF_LATE.get(number, ()):
                step(company, partnership)


DAYS_OF_LATE: dict[int, tuple[Callable[[Company, Partnership], object], ...]] = {
    6: (walking.agree_extra, walking.propose_extra, walking.bring_in_days),
    8: (walking.agree_extra,),
    9: (walking.propose_extra, walking.bring_in_days),
}
YESTERDAY: dict[int, tuple[Callable[[Company, Partnership], object], ...]] = {
    0: (closing.look_back,),
    1: (walking.end_early, closing.say_why),
    2: (closing.end, closing.report),
    3: (closing.hand_over,),
    5: (closing.pause,),
    7: (closing.ask_for_more,),
}


def _usually(number: int) -> tuple[Callable[[Company, Partnership], object], ...]:
    """What happened yesterday in a partnership that has nothing of its own to show."""
    if number % 4 == 2:
        return (walking.query_one,)
    return (walking.move_some,) if number % 2 else ()


def build(*, by: Person) -> str:
    """Make the whole demonstration in the caller's transaction; says what was made."""
    story = Story(by)
    story.tell()
    return (
        f"The demonstration is made: {len(story.offers)} offers, {story.needs} needs, "
        f"{len(story.at_work) + 1} partnerships, as on {story.today}."
    )
