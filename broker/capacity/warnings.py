"""What a provider should look at: too much promised, days about to go unused, an inspection due.

Warnings are words for the provider and the programme; nothing is refused for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from broker import clock, ledger
from broker.balances import Balance
from broker.capacity.queries import QUARTERS_SHOWN, capacities_visible_to, giving_authorities
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.models.authority import Judgement
from broker.models.ledger import Backfill, Capacity
from broker.models.match import Side
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership, SupportDay, SupportDayState
from broker.models.person import Person

PROMISED_PERCENT = 90
WEEKS_LEFT = 6
MOST_PARTNERSHIPS = 3  # whose days one person logs
LOGGED_WITHIN = timedelta(days=90)
CYCLE_YEARS = 3  # between one graded inspection and the next, as they usually come


@dataclass(frozen=True)
class Warned:
    """One thing to look at: a heading, and what it is about in a sentence or two."""

    what: str
    words: str
    capacity: Capacity | None = None


def for_own(person: Person) -> list[Warned]:
    """What a person who gives should look at, over all of their authorities' capacity."""
    own = {one.id for one in giving_authorities(person)}
    if not own:
        return []
    visible = capacities_visible_to(person).where(Capacity.provider_id.in_(own))
    return list(_of(db.session.scalars(visible.order_by(Capacity.id)).unique().all()))


def for_one(capacity: Capacity) -> list[Warned]:
    return list(_of([capacity]))


def _of(capacities: Sequence[Capacity]) -> Iterator[Warned]:
    """The warnings of some capacities, in four questions however many there are."""
    ids = [capacity.id for capacity in capacities]
    balances, busy = ledger.balances(ids), ledger.partnerships_of(ids)
    for capacity in capacities:
        held = balances.get(capacity.id, {})
        yield from _full(capacity, busy.get(capacity.id, {}))
        yield from _stretched(capacity, held)
        yield from _unspent(capacity, held)
        yield from _uncovered(capacity, held)
    providers = {capacity.provider_id: capacity.provider.name for capacity in capacities}
    yield from _same_person(providers)
    yield from _inspection_due(providers)


def _full(capacity: Capacity, busy: Mapping[Quarter, set[int]]) -> Iterator[Warned]:
    """As many partnerships as it takes at once."""
    full = [
        str(quarter)
        for quarter in clock.coming_quarters(QUARTERS_SHOWN)
        if capacity.at_once and len(busy.get(quarter, ())) >= capacity.at_once
    ]
    if full:
        yield Warned(
            "Full",
            f"{capacity.title}: {capacity.at_once} partnerships at once, which is as many as you "
            f"take, in {_listed(full)}. Nobody else can agree to days there.",
            capacity,
        )


def _stretched(capacity: Capacity, held: Mapping[Quarter, Balance]) -> Iterator[Warned]:
    """Nearly everything promised."""
    near = []
    for quarter in clock.coming_quarters(QUARTERS_SHOWN):
        balance = held.get(quarter, Balance())
        promised = balance.reserved + balance.committed
        if promised and promised * 100 >= balance.offered * PROMISED_PERCENT:
            near.append(f"{quarter} ({format_days(promised)} of {format_days(balance.offered)})")
    if near:
        yield Warned(
            "Nearly everything is promised",
            f"{capacity.title}: {_listed(near)}. Leave some room for illness and for your own "
            f"front line.",
            capacity,
        )


def _unspent(capacity: Capacity, held: Mapping[Quarter, Balance]) -> Iterator[Warned]:
    """Free days of this quarter with few weeks left."""
    now = clock.this_quarter()
    weeks = ((now.last_day - clock.today()).days + 6) // 7
    free = held.get(now, Balance()).free
    if free > 0 and weeks <= WEEKS_LEFT:
        yield Warned(
            "Not used yet",
            f"{capacity.title}: {format_days(free)} of {now} are free and expire after "
            f"{_date(now.last_day)}, {weeks} {'week' if weeks == 1 else 'weeks'} from now.",
            capacity,
        )


def _uncovered(capacity: Capacity, held: Mapping[Quarter, Balance]) -> Iterator[Warned]:
    coming = [balance for quarter, balance in held.items() if quarter >= clock.this_quarter()]
    if capacity.backfill is Backfill.NOT_SECURED and any(b.offered for b in coming):
        yield Warned(
            "Backfill not secured",
            f"{capacity.title}: readers of your offers are told so. Say when it is secured.",
            capacity,
        )


def _same_person(providers: Mapping[int, str]) -> Iterator[Warned]:
    """One person logs the days of many live partnerships."""
    count = func.count(func.distinct(Partnership.id))
    rows = (
        select(Person.name, count)
        .join(SupportDay, SupportDay.logged_by_id == Person.id)
        .join(Partnership, Partnership.id == SupportDay.partnership_id)
        .where(
            Partnership.provider_id.in_(providers),
            Partnership.state.in_(PARTNERSHIPS_LIVE),
            SupportDay.logged_by_side == Side.PROVIDER,
            SupportDay.state != SupportDayState.VOID,
            SupportDay.given_on >= clock.today() - LOGGED_WITHIN,
        )
        .group_by(Person.id, Person.name)
        .having(count > MOST_PARTNERSHIPS)
        .order_by(Person.name)
    )
    for name, partnerships in db.session.execute(rows):
        yield Warned(
            "Much on one desk",
            f"{name} logged days for {partnerships} live partnerships in the last three months. "
            f"Could somebody share them?",
        )


def _inspection_due(providers: Mapping[int, str]) -> Iterator[Warned]:
    """An inspection that may come within the quarters shown, by the usual cycle."""
    inspected = func.coalesce(Judgement.inspected_on, Judgement.published_on)
    rows = (
        select(Judgement.authority_id, func.max(inspected))
        .where(Judgement.authority_id.in_(providers))
        .group_by(Judgement.authority_id)
    )
    for authority_id, last in db.session.execute(rows):
        due = Quarter.of(_years_after(last, CYCLE_YEARS))
        if due < clock.this_quarter() + QUARTERS_SHOWN:
            yield Warned(
                "An inspection may come",
                f"{providers[authority_id]} was last inspected on {_date(last)}. {_when(due)} "
                f"This is an estimate from the usual cycle of three years; nobody has announced "
                f"one. Think of it when you promise days.",
            )


def _when(due: Quarter) -> str:
    if due <= clock.this_quarter():
        return "Three years have passed or are about to."
    return f"Three years later is in {due}."


def _years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February gives 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _listed(names: list[str]) -> str:
    return ", ".join(names)
