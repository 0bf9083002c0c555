"""What people do with capacity: say which days are likely and which are confirmed, quarter by
quarter, turn likely into confirmed, and put right an entry by another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy import Select, select

from broker import clock, ledger
from broker.capacity.queries import corrected_by, is_at_work
from broker.clock import Quarter
from broker.conditions import frozen_words
from broker.days import MAX_DAYS, format_days, format_number
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.ledger import Balance
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.ledger import COUNTERS, Backfill, Capacity, LedgerEntry
from broker.models.person import Person
from broker.models.programme import Programme
from broker.prospectus.actions import tell_of_days
from broker.taking import may, start, take
from broker.turns import in_turns

NOTE_LENGTH = 500
Days = Mapping[Quarter, int]


@dataclass(frozen=True)
class Plan:
    """What a provider says of one programme, in quarter-days; what is None or not named stays."""

    confirmed: Days = field(default_factory=dict)
    indicated: Days = field(default_factory=dict)
    at_once: int | None = None
    backfill: Backfill | None = None
    note: str | None = None


@dataclass(frozen=True)
class Wrong:
    """Why one part of a plan cannot be: `part` is the name of a field of Plan."""

    part: str
    quarter: Quarter | None
    words: str
    is_wrong_moment: bool = False


class WrongCells(NotRight):
    """What stands in the way of a plan for several programmes: (programme's code, wrong) each."""

    def __init__(self, cells: list[tuple[str, Wrong]]) -> None:
        super().__init__(cells[0][1].words)
        self.cells = cells


def confirm(
    *,
    provider: Authority,
    programme: Programme,
    days: Days,
    by: Person,
    at_once: int | None = None,
) -> Capacity:
    """Make the confirmed quarter-days of each quarter in `days` what they say.

    Quarters that are not named keep their days. Where nothing changes, nothing is written down.
    """
    plan = Plan(confirmed=days, at_once=at_once)
    try:
        [capacity] = set_out(provider=provider, plans={programme: plan}, by=by)
    except WrongCells as error:
        _, first = error.cells[0]
        if first.is_wrong_moment:
            raise NotPossible(first.words) from error
        raise NotRight(first.words, field=first.part) from error
    return capacity


def set_out(*, provider: Authority, plans: Mapping[Programme, Plan], by: Person) -> list[Capacity]:
    """Put several programmes' plans in place together, or none of them (WrongCells)."""
    capacities = [ledger.capacity_of(provider.id, programme) for programme in plans]
    for capacity in capacities:
        may(capacity, "confirm", by=by)
    ledger.lock(capacity.id for capacity in capacities)
    now = ledger.balances(capacity.id for capacity in capacities)
    changes = [
        _Change(capacity, plan, now.get(capacity.id, {}))
        for capacity, plan in zip(capacities, plans.values(), strict=True)
    ]
    if wrong := [(c.capacity.programme.code, one) for c in changes for one in c.wrong()]:
        raise WrongCells(wrong)
    for change in changes:
        change.carry_out(by=by)
    return capacities


@dataclass(frozen=True)
class _Change:
    """A plan beside what stands now."""

    capacity: Capacity
    plan: Plan
    now: Mapping[Quarter, Balance]

    def held_in(self, quarter: Quarter) -> Balance:
        return self.now.get(quarter, Balance())

    @property
    def confirmed(self) -> dict[Quarter, int]:
        """The quarters whose confirmed days would change."""
        return {q: n for q, n in self.plan.confirmed.items() if n != self.held_in(q).offered}

    @property
    def indicated(self) -> dict[Quarter, int]:
        return {q: n for q, n in self.plan.indicated.items() if n != self.held_in(q).indicated}

    def wrong(self) -> Iterator[Wrong]:
        programme = self.capacity.programme
        for part, days in (("confirmed", self.confirmed), ("indicated", self.indicated)):
            for quarter, wanted in sorted(days.items()):
                if not programme.is_open_on(clock.today()):
                    yield Wrong(part, quarter, f"{programme.name} is not open today.", True)
                else:
                    yield from _wrong_days(part, quarter, wanted)
        for quarter, wanted in sorted(self.confirmed.items()):
            balance = self.held_in(quarter)
            if 0 <= wanted < (held := balance.reserved + balance.committed):
                yield Wrong("confirmed", quarter, _below(held, quarter), True)
        yield from self._wrong_terms()

    def _wrong_terms(self) -> Iterator[Wrong]:
        programme, at_once, note = self.capacity.programme, self.plan.at_once, self.plan.note
        most = programme.policy.partnerships_at_once
        if at_once is not None and not 0 <= at_once <= most:
            words = f"{programme.name} allows from 0 to {most} partnerships at once."
            yield Wrong("at_once", None, words)
        if note is not None and len(note) > NOTE_LENGTH:
            yield Wrong("note", None, f"Keep the note under {NOTE_LENGTH} characters.")

    def carry_out(self, *, by: Person) -> None:
        said = "; ".join(self._in_words())
        if not said:
            return
        event = start(self.capacity, "confirm", by=by, detail=said)
        ledger.set_confirmed(self.capacity, self.confirmed, event)
        ledger.set_indicated(self.capacity, self.indicated, event)
        for name in ("at_once", "backfill", "note"):
            if (value := getattr(self.plan, name)) is not None:
                setattr(self.capacity, name, value)
        db.session.flush()
        tell_of_days(self.capacity, event)

    def _in_words(self) -> Iterator[str]:
        """What changes, for the history: '2026-27 Q4: 10 → 12.5 days'."""
        for quarter, wanted in sorted(self.confirmed.items()):
            yield f"{quarter}: {_from_to(self.held_in(quarter).offered, wanted)}"
        for quarter, wanted in sorted(self.indicated.items()):
            yield f"{quarter}, likely: {_from_to(self.held_in(quarter).indicated, wanted)}"
        plan, capacity = self.plan, self.capacity
        if plan.at_once is not None and plan.at_once != capacity.at_once:
            yield f"partnerships at once: {capacity.at_once} → {plan.at_once}"
        if plan.backfill is not None and plan.backfill is not capacity.backfill:
            yield f"backfill: {plan.backfill.words.lower()}"
        if plan.note is not None and plan.note != capacity.note:
            yield "note changed" if plan.note else "note taken out"


def _from_to(before: int, after: int) -> str:
    return f"{format_number(before)} → {format_days(after)}"


def _below(held: int, quarter: Quarter) -> str:
    return (
        f"{format_days(held)} of {quarter} are already promised, so the confirmed days cannot go "
        f"below that."
    )


def _wrong_days(part: str, quarter: Quarter, wanted: int) -> Iterator[Wrong]:
    if quarter < clock.this_quarter():
        yield Wrong(part, quarter, f"{quarter} is over. Its days no longer change.", True)
    elif not 0 <= wanted <= MAX_DAYS * 4:
        yield Wrong(part, quarter, f"Days in {quarter} must be from 0 to {MAX_DAYS:,}.")


def firm_up(capacity: Capacity, *, quarter: Quarter | None = None, by: Person) -> Event:
    """Turn likely days into confirmed ones: those of one quarter, or all from this quarter on."""
    may(capacity, "firm_up", by=by)
    ledger.lock([capacity.id])
    now, first = ledger.balances([capacity.id]).get(capacity.id, {}), clock.this_quarter()
    likely = {q: b.indicated for q, b in now.items() if b.indicated and q >= first}
    if quarter is not None:
        likely = {q: days for q, days in likely.items() if q == quarter}
    if not likely:
        raise NotPossible("No likely days are left there to confirm. Somebody may have been first.")
    said = "; ".join(f"{q}: {format_days(days)}" for q, days in sorted(likely.items()))
    event = take(capacity, "firm_up", by=by, detail=said)
    ledger.firm_up(capacity, likely, event)
    tell_of_days(capacity, event)
    return event


def correct(entry: LedgerEntry, *, quarter_days: int, reason: str, by: Person) -> Event:
    """Take back an entry, or a part of it, by a counter-entry; both stay in the history."""
    capacity = entry.capacity
    may(capacity, "correct", by=by)
    ledger.lock([capacity.id])
    if said := why_not_correct(entry):
        raise NotPossible(said)
    if not 0 < quarter_days <= entry.quarter_days:
        most = format_number(entry.quarter_days)
        raise NotRight(f"Take back from 0.25 to {most} of its days.", field="days")
    said = f"{format_days(quarter_days)} of entry {entry.id} ({entry.quarter}) taken back"
    event = take(capacity, "correct", by=by, reason=reason, detail=said)
    ledger.correct(entry, quarter_days, event)
    return event


def why_not_correct(entry: LedgerEntry) -> str | None:
    """Why an entry cannot be put right by another, in words; None when it can."""
    if entry.kind not in COUNTERS:
        return (
            "A reservation follows the terms of its match, and a delivery its support day. Put "
            "those right there."
        )
    if entry.corrects_id is not None or corrected_by(entry) is not None:
        return "This entry is part of a correction already."
    if entry.match_id is not None and not is_at_work(entry.match_id):
        return "That partnership has ended, so its days no longer change."
    return frozen_words(entry.capacity.programme_id, entry.quarter)


def tell_of_expired(*, by: Person) -> None:
    """On the first day after a quarter, write down what of it was free and has expired, once.

    There is no entry: free days of a quarter that is over count for nobody (docs/adr/0010).
    """
    over = clock.this_quarter() - 1
    known = select(Capacity).where(Capacity.id.not_in(_told_since(clock.this_quarter())))
    capacities = db.session.scalars(known.order_by(Capacity.id)).unique().all()
    balances = ledger.balances(capacity.id for capacity in capacities)
    for capacity in in_turns(capacities):
        balance = balances.get(capacity.id, {}).get(over, Balance())
        if balance.free > 0:
            said = f"{format_days(balance.free)} of {over} were free and have expired"
            take(capacity, "expire", by=by, detail=said)


def _told_since(quarter: Quarter) -> Select[int]:
    """The capacities whose expired days were written down since a quarter began."""
    begins = datetime.combine(quarter.first_day, time(), clock.LONDON)
    return select(Event.record_id).where(
        Event.noun == Capacity.noun, Event.verb == "expire", Event.happened_at >= begins
    )
