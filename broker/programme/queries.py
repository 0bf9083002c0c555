"""Questions of a programme's manager."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from broker import clock, ledger, sights
from broker.clock import Quarter
from broker.db import db
from broker.ledger import Balance
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.need import Need
from broker.models.partnership import Partnership, SupportDay
from broker.models.person import Person, Role
from broker.models.programme import Programme
from broker.models.return_ import Freeze, FrozenVersion, Return, ReturnNote, ReturnState
from broker.returns.adjustments import Adjustment, adjustments, differences, frozen_quarters
from broker.returns.expected import expected
from broker.returns.figures import Figures, figures_by_provider

LOOK_BACK = 8
Key = tuple[int, Quarter]


def programmes_managed_by(person: Person) -> Select[Programme]:
    """The programmes that a person manages today."""
    held = person.holding(Role.PROGRAMME_MANAGER)
    return select(Programme).where(Programme.id.in_([m.programme_id for m in held]))


def freezes_visible_to(person: Person) -> Select[Freeze]:
    """The freezes that a person may see."""
    return select(Freeze).where(sights.freezes_seen_by(person))


def freezes_with_versions(person: Person) -> Select[Freeze]:
    """The same, with the certified versions that they took."""
    taken = selectinload(Freeze.versions).joinedload(FrozenVersion.version)
    return freezes_visible_to(person).options(taken)


@dataclass(frozen=True)
class DeskRow:
    """A programme's quarter on the manager's desk."""

    programme: Programme
    quarter: Quarter
    not_started: int
    states: Counter[ReturnState]
    days: Balance
    freeze: Freeze | None

    @property
    def in_progress(self) -> int:
        being_made = (
            ReturnState.IN_PROGRESS,
            ReturnState.AWAITING_CERTIFICATION,
            ReturnState.CHANGES_REQUESTED,
        )
        return sum(self.states[state] for state in being_made)

    @property
    def submitted(self) -> int:
        return self.states[ReturnState.SUBMITTED]

    @property
    def accepted(self) -> int:
        return self.states[ReturnState.ACCEPTED]

    @property
    def can_freeze(self) -> bool:
        return _asks_returns(self.programme, self.quarter) and self.freeze is None

    @property
    def is_empty(self) -> bool:
        return not self.not_started and not self.states and self.days == Balance()


def _asks_returns(programme: Programme, quarter: Quarter) -> bool:
    """The programme asks for returns, and the quarter is over."""
    return programme.policy.has_returns and clock.return_opens(quarter) <= clock.today()


def desk_of(person: Person) -> list[tuple[Programme, list[DeskRow]]]:
    """Programmes of a manager with their last quarters, newest first; in five questions."""
    programmes = list(db.session.scalars(programmes_managed_by(person).order_by(Programme.name)))
    ids = [programme.id for programme in programmes]
    quarters = [clock.this_quarter() - back for back in range(LOOK_BACK)]
    wanted = expected(ids, quarters)
    started = _started(ids)
    days = _days(ids)
    freezes = {
        (f.programme_id, f.quarter): f for f in db.session.scalars(freezes_visible_to(person))
    }

    def row(programme: Programme, quarter: Quarter) -> DeskRow:
        key = programme.id, quarter
        states = started.get(key, {})
        silent = wanted[key] - states.keys() if _asks_returns(programme, quarter) else set()
        return DeskRow(
            programme=programme,
            quarter=quarter,
            not_started=len(silent),
            states=Counter(states.values()),
            days=days.get(key, Balance()),
            freeze=freezes.get(key),
        )

    return [
        (programme, [one for quarter in quarters if not (one := row(programme, quarter)).is_empty])
        for programme in programmes
    ]


def _started(programme_ids: Collection[int]) -> dict[Key, dict[int, ReturnState]]:
    """(programme's id, quarter) → provider's id → the state of its return."""
    rows = select(Return.programme_id, Return.quarter, Return.provider_id, Return.state).where(
        Return.programme_id.in_(programme_ids)
    )
    found: dict[Key, dict[int, ReturnState]] = {}
    for programme_id, quarter, provider_id, state in db.session.execute(rows):
        found.setdefault((programme_id, quarter), {})[provider_id] = state
    return found


def _days(programme_ids: Collection[int]) -> dict[Key, Balance]:
    rows = (
        select(Capacity.programme_id, LedgerEntry.quarter, *ledger.SUMS)
        .join(Capacity, Capacity.id == LedgerEntry.capacity_id)
        .where(Capacity.programme_id.in_(programme_ids))
        .group_by(Capacity.programme_id, LedgerEntry.quarter)
    )
    return {
        (programme_id, quarter): Balance(*map(int, sums))
        for programme_id, quarter, *sums in db.session.execute(rows)
    }


@dataclass(frozen=True)
class Expected:
    """A provider whose return a quarter expects, on the manager's desk."""

    provider: Authority
    return_: Return | None
    figures: Figures
    reminded_at: datetime | None
    notes: list[ReturnNote]
    due: date

    @property
    def standing(self) -> str:
        """'due', 'in progress', 'overdue', 'certified' or 'accepted'."""
        if self.return_ is not None and self.return_.state in CERTIFIED:
            return CERTIFIED[self.return_.state]
        if clock.today() > self.due:
            return "overdue"
        return "due" if self.return_ is None else "in progress"

    @property
    def is_waited_for(self) -> bool:
        return self.standing not in CERTIFIED.values()


CERTIFIED = {ReturnState.SUBMITTED: "certified", ReturnState.ACCEPTED: "accepted"}
STANDINGS = ("overdue", "due", "in progress", "certified", "accepted")


def quarter_of(programme: Programme, quarter: Quarter) -> list[Expected]:
    """Every provider that a quarter expects a return of, those waited for longest first, then by
    name; in a constant number of questions."""
    returns = {one.provider_id: one for one in _returns(programme, quarter)}
    figures = figures_by_provider(programme.id, quarter)
    reminded = _reminded([one.id for one in returns.values()])
    notes = _notes(programme, quarter)
    wanted = {*expected([programme.id], [quarter])[programme.id, quarter], *returns}
    providers = select(Authority).where(Authority.id.in_(wanted))
    found = [
        Expected(
            provider=one,
            return_=returns.get(one.id),
            figures=figures.get(one.id, Figures(themes=(), types=())),
            reminded_at=reminded.get(returns[one.id].id) if one.id in returns else None,
            notes=notes.get(one.id, []),
            due=clock.return_due(quarter),
        )
        for one in db.session.scalars(providers).unique()
    ]
    return sorted(found, key=lambda row: (STANDINGS.index(row.standing), row.provider.name))


def _returns(programme: Programme, quarter: Quarter) -> list[Return]:
    known = select(Return).filter_by(programme_id=programme.id, quarter=quarter)
    return list(db.session.scalars(known.where(Return.state != ReturnState.JOINED)).unique())


def _reminded(return_ids: Collection[int]) -> dict[int, datetime]:
    rows = (
        select(Event.record_id, func.max(Event.happened_at))
        .where(Event.noun == Return.noun, Event.verb == "remind", Event.record_id.in_(return_ids))
        .group_by(Event.record_id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _notes(programme: Programme, quarter: Quarter) -> dict[int, list[ReturnNote]]:
    written = select(ReturnNote).filter_by(programme_id=programme.id, quarter=quarter)
    found: dict[int, list[ReturnNote]] = {}
    for note in db.session.scalars(written.order_by(ReturnNote.id.desc())).unique():
        found.setdefault(note.provider_id, []).append(note)
    return found


@dataclass(frozen=True)
class Since:
    """What a frozen quarter has become: signed days by provider, what is still to be carried by a
    coming return, and the entries that were logged or changed after the freeze, newest first."""

    by_provider: list[tuple[str, tuple[Adjustment, ...]]]
    to_carry: list[tuple[str, tuple[Adjustment, ...]]]
    entries: list[SupportDay]


def changes_since(freeze: Freeze, person: Person) -> Since:
    """In a constant number of questions."""
    changed, ahead = differences(freeze), _latest_frozen(freeze) + 1
    late = adjustments(freeze.programme_id, ahead)
    names = _names({*changed, *late})
    return Since(
        by_provider=sorted((names[id_], found) for id_, found in changed.items()),
        to_carry=sorted(
            (names[id_], mine)
            for id_, found in late.items()
            if (mine := tuple(one for one in found if one.quarter == str(freeze.quarter)))
        ),
        entries=_changed_entries(freeze, person),
    )


def _latest_frozen(freeze: Freeze) -> Quarter:
    return max(frozen_quarters(freeze.programme_id))


def _names(authority_ids: Collection[int]) -> dict[int, str]:
    known = select(Authority.id, Authority.name).where(Authority.id.in_(authority_ids))
    return {row.id: row.name for row in db.session.execute(known)}


def _changed_entries(freeze: Freeze, person: Person) -> list[SupportDay]:
    quarter = freeze.quarter
    changed = (
        select(SupportDay)
        .join(Partnership, Partnership.id == SupportDay.partnership_id)
        .where(
            sights.support_days_seen_by(person),
            Partnership.programme_id == freeze.programme_id,
            SupportDay.given_on.between(quarter.first_day, quarter.last_day),
            SupportDay.state_since > freeze.frozen_at,
        )
        .order_by(SupportDay.state_since.desc(), SupportDay.id.desc())
    )
    return list(db.session.scalars(changed).unique())


def titles_of(need_ids: Collection[int], person: Person) -> dict[int, str]:
    """The titles of those needs that the person may see now."""
    known = select(Need.id, Need.title).where(Need.id.in_(need_ids), sights.needs_seen_by(person))
    return {row.id: row.title for row in db.session.execute(known)}
