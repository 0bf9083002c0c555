"""Fills an empty database with partnerships, their support days and a ledger that holds.

Rows go in by the thousand, not by verbs (those are measured elsewhere), but as the verbs would have
left them: `flask check` finds nothing to say about the ledger or the chains of events. The same
size gives the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from broker import clock, events
from broker.clock import Quarter
from broker.db import db, transaction
from broker.models.authority import Authority, Region
from broker.models.event import Event
from broker.models.ledger import Capacity, EntryKind, LedgerEntry
from broker.models.match import (
    Conversation,
    ConversationState,
    Match,
    MatchDays,
    MatchState,
    Origin,
    Side,
    Suggestion,
    SuggestionState,
)
from broker.models.need import Need, NeedOrigin, NeedState, NeedTheme, Shape
from broker.models.offer import (
    Delivery,
    Offer,
    OfferState,
    OfferVersion,
    offer_version_programme,
)
from broker.models.partnership import Partnership, PartnershipState, SupportDay, SupportDayState
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme, Theme

SEED = 20261128
START = date(2015, 4, 1)
SPAN = 4  # quarters in which one partnership gives its days
AT_A_TIME = 5_000
STATES = (
    [SupportDayState.CONFIRMED] * 85
    + [SupportDayState.LOGGED] * 10
    + [SupportDayState.QUERIED] * 3
    + [SupportDayState.VOID] * 2
)
LEFT = 8  # quarter-days that a live partnership still has to give


@dataclass(frozen=True)
class Size:
    """`quarters` that are over or running, the last being this one."""

    partnerships: int
    days: int
    providers: int
    quarters: int


A_REGION = Size(partnerships=300, days=10_000, providers=40, quarters=6)
ENGLAND = Size(partnerships=1_200, days=60_000, providers=153, quarters=12)
# Of a region; 152 has no factor in common with 9, so that every provider has partnerships now.
TEN_TIMES = Size(partnerships=3_000, days=100_000, providers=152, quarters=12)


@dataclass
class Filling:
    """What has been made so far. Ids are counted here, on from those of the database."""

    size: Size
    rng: Random = field(default_factory=lambda: Random(SEED))
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    before: dict[Any, int] = field(default_factory=dict)
    people: dict[tuple[int, Role], int] = field(default_factory=dict)
    offered: Counter[tuple[int, Quarter]] = field(default_factory=Counter)
    heads: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)

    def add(self, model: Any, **row: Any) -> int:
        """Keep a row to be written; its id."""
        rows = self.rows.setdefault(model, [])
        if model not in self.before:
            self.before[model] = db.session.scalar(select(func.max(model.id))) or 0
        number = self.before[model] + len(rows) + 1
        rows.append({"id": number, **row})
        return number

    def event(
        self, noun: str, record_id: int, verb: str, at: datetime, by: int, **more: Any
    ) -> int:
        """Keep an event at the end of its record's chain; its id."""
        number, before = self.heads.get((noun, record_id), (0, events.START))
        facts = {"noun": noun, "record_id": record_id, "number": number + 1, "verb": verb,
                 "happened_at": at, "by_id": by, **more}  # fmt: skip
        text = events.canonical_text(Event(**facts))
        value = events.digest(before + text)
        self.heads[noun, record_id] = number + 1, value
        return self.add(Event, **facts, canonical=text, hash=value)

    def write(self) -> None:
        for model, rows in self.rows.items():
            for at in range(0, len(rows), AT_A_TIME):
                db.session.execute(insert(model), rows[at : at + AT_A_TIME])
        _count_on(self.before)


def _count_on(models: Iterable[Any]) -> None:
    """PostgreSQL numbers new rows from where those with ids of ours end."""
    if db.engine.dialect.name != "postgresql":
        return
    for model in models:
        last = select(func.max(model.id)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(f'"{model.__tablename__}"', "id")
        db.session.execute(select(func.setval(sequence, last)))


def fill(size: Size) -> None:
    """Fill a database that holds the published facts and nothing else."""
    with transaction():
        made = Filling(size)
        places = list(db.session.scalars(select(Authority).order_by(Authority.id)).unique())
        programme = db.session.scalars(select(Programme).filter_by(code="pip")).one()
        themes = list(db.session.scalars(select(Theme).where(Theme.parent_id.is_not(None))))
        _people(made, places, programme)
        for place in places[: size.providers]:
            _offer(made, place, programme)
            made.add(Capacity, provider_id=place.id, programme_id=programme.id, at_once=99, note="")
        for number in range(size.partnerships):
            _partnership(made, number, places, programme, themes)
        _capacities(made, places)
        made.write()
        written_for = select(OfferVersion.id, Offer.programme_id).join(Offer)
        names = ["version_id", "programme_id"]
        db.session.execute(insert(offer_version_programme).from_select(names, written_for))


def _people(made: Filling, places: Sequence[Authority], programme: Programme) -> None:
    for place in places:
        for role in (Role.DIRECTOR, Role.PARTNERSHIP_LEAD, Role.IMPROVEMENT_LEAD):
            words = role.value.replace("_", " ").capitalize()
            made.people[place.id, role] = _person(
                made, f"{words}, {place.name}", role, authority_id=place.id
            )
    for region in db.session.scalars(select(Region).order_by(Region.id)):
        _person(made, f"Coordinator, {region.name}", Role.COORDINATOR, region_id=region.id)
    _person(made, "Manager, PiP", Role.PROGRAMME_MANAGER, programme_id=programme.id)


def _person(made: Filling, name: str, role: Role, **place: int) -> int:
    number = len(made.rows.get(Person, [])) + 101
    by = made.add(
        Person,
        email=f"person-{number}@bench.invalid",
        name=name,
        employer_id=place.get("authority_id"),
    )
    everything = {"authority_id": None, "region_id": None, "programme_id": None}
    made.add(Membership, person_id=by, role=role, starts_on=START, **{**everything, **place})
    return by


def _offer(made: Filling, place: Authority, programme: Programme) -> None:
    by = made.people[place.id, Role.PARTNERSHIP_LEAD]
    number = made.add(
        Offer,
        provider_id=place.id,
        programme_id=programme.id,
        state=OfferState.PUBLISHED,
        published_at=_moment(START),
        number=1,
        is_illustrative=True,
    )
    made.add(
        OfferVersion,
        offer_id=number,
        number=1,
        title=f"What {place.name} can give",
        what_we_do="Two leaders sit beside your team.",
        created_by_id=by,
        delivery=Delivery.EITHER,
        days_least=4,
        days_most=240,
    )


def _moment(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def _partnership(
    made: Filling,
    number: int,
    places: Sequence[Authority],
    programme: Programme,
    themes: Sequence[Theme],
) -> None:
    """One partnership with all before it, and its share of the days."""
    size, at = made.size, number % made.size.providers
    provider = places[at]
    receiver = places[(at + 1 + number * 7 % (len(places) - 1)) % len(places)]
    span = min(SPAN, size.quarters)
    first = clock.this_quarter() - (size.quarters - 1) + number % (size.quarters - span + 1)
    ends = first + (span - 1)
    is_live = ends >= clock.this_quarter()
    opened = _moment(first.first_day)
    director = made.people[receiver.id, Role.DIRECTOR]
    match_id = _match(made, number, (provider, receiver), programme, themes, opened, director)
    state = PartnershipState.STEADY if is_live else PartnershipState.ENDED
    made.add(
        Partnership,
        match_id=match_id,
        receiver_id=receiver.id,
        provider_id=provider.id,
        programme_id=programme.id,
        state=state,
        title=f"Practice that children notice, {number + 1}",
        aims="Children are seen sooner.",
        opened_at=opened,
        ended_at=None if is_live else _moment(ends.last_day, 18),
        is_illustrative=True,
    )
    event = made.event("partnership", match_id, "open", opened, director)
    given = _days(made, number, (provider, receiver), [first + n for n in range(span)])
    if is_live:
        given[ends] += LEFT
    for quarter, quarter_days in sorted(given.items()):
        made.add(MatchDays, match_id=match_id, quarter=quarter, quarter_days=quarter_days)
        for kind in (EntryKind.RESERVE, EntryKind.UNRESERVE, EntryKind.COMMIT):
            _entry(made, at + 1, quarter, kind, quarter_days, event, match_id)
        made.offered[at + 1, quarter] += quarter_days


def _match(
    made: Filling,
    number: int,
    parties: tuple[Authority, Authority],
    programme: Programme,
    themes: Sequence[Theme],
    opened: datetime,
    director: int,
) -> int:
    """Need, suggestion, conversation and approved match; all have the same id."""
    provider, receiver = parties
    both = {"receiver_id": receiver.id, "provider_id": provider.id}
    need = made.add(
        Need,
        receiver_id=receiver.id,
        programme_id=programme.id,
        state=NeedState.MATCHED,
        title=f"Practice that children notice, {number + 1}",
        change_wanted="Children are seen sooner.",
        days_wanted=100,
        days_least=4,
        first_quarter=Quarter.of(opened.date()),
        quarters_wanted=SPAN,
        shape=Shape.EVEN,
        delivery=Delivery.EITHER,
        origin=NeedOrigin.OWN,
        created_by_id=director,
        is_illustrative=True,
        opened_at=opened,
        submitted_at=opened,
    )
    theme = themes[number % len(themes)]
    made.rows.setdefault(NeedTheme, []).append(
        {"need_id": need, "theme_id": theme.id, "position": 1, "counterpart": ""}
    )
    offer = number % made.size.providers + 1
    made.add(
        Suggestion,
        need_id=need,
        offer_id=offer,
        origin=Origin.SHORTLIST,
        state=SuggestionState.ASKED,
        made_by_id=director,
    )
    made.add(
        Conversation,
        need_id=need,
        offer_id=offer,
        suggestion_id=need,
        state=ConversationState.HELD,
        message="May we talk?",
        asked_by_id=director,
        **both,
    )
    return made.add(
        Match,
        conversation_id=need,
        need_id=need,
        offer_version_id=offer,
        programme_id=programme.id,
        origin=Origin.SHORTLIST,
        originated_by_id=director,
        state=MatchState.APPROVED,
        agreed_at=opened,
        **both,
    )


def _days(
    made: Filling, number: int, parties: tuple[Authority, Authority], quarters: Sequence[Quarter]
) -> Counter[Quarter]:
    """The support days of a partnership, and its quarter-days by quarter that count."""
    size, rng = made.size, made.rng
    share = size.days // size.partnerships + (number < size.days % size.partnerships)
    last = min(quarters[-1].last_day, clock.today())
    begins = quarters[0].first_day
    open_days = (last - begins).days
    given: Counter[Quarter] = Counter()
    for n in range(share):
        on = begins + timedelta(days=n * open_days // max(share, 1))
        state = rng.choice(STATES)
        if Quarter.of(on) < clock.this_quarter() - 1 and state is not SupportDayState.VOID:
            state = SupportDayState.CONFIRMED  # a day of long ago waits for nobody
        quarter_days = rng.choice([1, 2, 4, 4, 6])
        _day(made, number, parties, on, quarter_days, state)
        if state is not SupportDayState.VOID:
            given[Quarter.of(on)] += quarter_days
    return given


VERBS = {
    SupportDayState.CONFIRMED: "confirm",
    SupportDayState.QUERIED: "query",
    SupportDayState.VOID: "void",
}


def _day(
    made: Filling,
    number: int,
    parties: tuple[Authority, Authority],
    on: date,
    quarter_days: int,
    state: SupportDayState,
) -> None:
    provider, receiver = parties
    lead = made.people[provider.id, Role.PARTNERSHIP_LEAD]
    other = made.people[receiver.id, Role.IMPROVEMENT_LEAD]
    at = _moment(on)
    day = made.add(
        SupportDay,
        partnership_id=number + 1,
        state=state,
        state_since=at,
        given_on=on,
        quarter_days=quarter_days,
        activity=made.rng.choice(("Joint audit", "Sat beside the team", "Workshop", "Coaching")),
        delivery=made.rng.choice((Delivery.ON_SITE, Delivery.REMOTE)),
        people_count=made.rng.randint(1, 6),
        logged_at=at,
        logged_by_id=lead,
        logged_by_side=Side.PROVIDER,
    )
    logged = SupportDayState.LOGGED.value
    event = made.event("support_day", day, "log", at, lead, to_state=logged)
    capacity, quarter = number % made.size.providers + 1, Quarter.of(on)
    _entry(made, capacity, quarter, EntryKind.DELIVER, quarter_days, event, number + 1, day)
    if verb := VERBS.get(state):
        by = lead if verb == "void" else other
        event = made.event(
            "support_day", day, verb, at, by, from_state=logged, to_state=state.value
        )
    if state is SupportDayState.VOID:
        _entry(made, capacity, quarter, EntryKind.VOID, quarter_days, event, number + 1, day)


def _entry(
    made: Filling,
    capacity: int,
    quarter: Quarter,
    kind: EntryKind,
    quarter_days: int,
    event: int,
    match_id: int | None = None,
    day: int | None = None,
) -> None:
    made.add(
        LedgerEntry,
        capacity_id=capacity,
        quarter=quarter,
        kind=kind,
        quarter_days=quarter_days,
        event_id=event,
        match_id=match_id,
        support_day_id=day,
    )


def _capacities(made: Filling, places: Sequence[Authority]) -> None:
    """The days that were offered, before all that was reserved of them; and ten days besides."""
    entries = made.rows.pop(LedgerEntry, [])
    made.rows[LedgerEntry] = []
    for (capacity, quarter), quarter_days in sorted(made.offered.items()):
        by = made.people[places[capacity - 1].id, Role.DIRECTOR]
        event = made.event("capacity", capacity, "set_out", _moment(START), by)
        _entry(made, capacity, quarter, EntryKind.OFFER, quarter_days + 40, event)
    for row in _in_order(entries):
        made.add(LedgerEntry, **{name: value for name, value in row.items() if name != "id"})


def _in_order(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was reserved and committed before what was delivered."""
    late = (EntryKind.DELIVER, EntryKind.VOID)
    return sorted(entries, key=lambda row: row["kind"] in late)
