"""The records behind a dashboard's pictures: exactly those that the figures count, as filtered.

Each record says which rows of the figures count it, so that a row leads to its own records. Needs,
partnerships, capacities and grants are found by the conditions that the figures are made with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select

from broker.clock import Quarter
from broker.dashboards import support
from broker.dashboards.needs import WANTING
from broker.dashboards.scope import capacities_counted, needs_counted, partnerships_counted
from broker.dashboards.seats import Chosen
from broker.dashboards.support import Giving, Place
from broker.dashboards.waits import waiting, waits_name
from broker.days import format_number
from broker.db import db
from broker.grants.queries import Account
from broker.models.authority import Authority
from broker.models.ledger import Capacity
from broker.models.need import Need, NeedTheme
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.programme import Programme, Theme
from broker.money import format_money
from broker.web import format_date, state_words


@dataclass(frozen=True)
class Record:
    """One record: its title, where it is read (an endpoint that takes its id), what else the list
    says of it, and the keys of the rows that count it."""

    title: str
    endpoint: str
    id: int
    cells: tuple[str, ...]
    rows: frozenset[str]


Head = tuple[str, str]  # words, and 'text' or 'numeric'


def _heads(*words: str, numbers: int = 0) -> tuple[Head, ...]:
    """`numbers`: how many of the last columns hold numbers."""
    first_number = len(words) - numbers
    return tuple(
        (word, "text" if at < first_number else "numeric") for at, word in enumerate(words)
    )


@dataclass(frozen=True)
class Behind:
    """Records of one kind under their headings. `key`: what a row of the figures is known by."""

    noun: str
    nouns: str
    heads: tuple[Head, ...]
    records: Sequence[Record]
    key: Callable[[Any], str]

    def of_row(self, row: str) -> list[Record]:
        """Those that one row counts; all of them for none."""
        return [one for one in self.records if not row or row in one.rows]


class Board(Protocol):
    """What is asked of a dashboard."""

    person: Person
    chosen: Chosen

    @property
    def known(self) -> dict[int, Place]: ...
    @property
    def givings(self) -> list[Giving]: ...
    @property
    def cells(self) -> support.Cells: ...
    @property
    def accounts(self) -> list[Account]: ...


def _needs(board: Board) -> Behind:
    rows = (
        select(Need.id, Need.title, Need.receiver_id, Need.state, Need.state_since)
        .where(needs_counted(board.person, board.chosen))
        .order_by(Need.state_since, Need.id)
    )
    records = [
        Record(
            title,
            "needs.show",
            id_,
            (board.known[receiver].name, state_words(state), format_date(since)),
            frozenset([state.value]),
        )
        for id_, title, receiver, state, since in db.session.execute(rows)
    ]
    heads = _heads("Need", "Receiver", "Stands at", "Since")
    return Behind("need", "needs", heads, records, lambda row: row.state.value)


def _wanting(board: Board) -> Behind:
    """Needs that wait for help, with every theme they name, the first first."""
    rows = (
        select(Need.id, Need.title, Need.receiver_id, Need.days_wanted, Theme.code, Theme.name)
        .join(NeedTheme, NeedTheme.need_id == Need.id)
        .join(Theme, Theme.id == NeedTheme.theme_id)
        .where(needs_counted(board.person, board.chosen), Need.state.in_(WANTING))
        .order_by(Need.id, NeedTheme.position)
    )
    found: dict[tuple[int, str, int, int], dict[str, str]] = defaultdict(dict)
    for id_, title, receiver, days, code, name in db.session.execute(rows):
        found[id_, title, receiver, days][code] = name
    records = [
        Record(
            title,
            "needs.show",
            id_,
            (board.known[receiver].name, "; ".join(themes.values()), format_number(days)),
            frozenset(themes),
        )
        for (id_, title, receiver, days), themes in found.items()
    ]
    heads = _heads("Need", "Receiver", "Themes, first one first", "Days wanted", numbers=1)
    return Behind("need", "needs", heads, records, lambda row: row.code)


def _titles(board: Board) -> dict[int, str]:
    counted = partnerships_counted(board.person, board.chosen)
    return dict(db.session.execute(select(Partnership.id, Partnership.title).where(counted)).all())


def _of_pair(giver: Place, receiver: Place) -> str:
    return f"{giver.code}-{receiver.code}"


def _partnership(
    id_: int, title: str, giver: Place, receiver: Place, *more: str, rows: set[str]
) -> Record:
    cells = (giver.name, receiver.name, *more)
    return Record(title, "partnerships.show", id_, cells, frozenset(rows))


def _given(board: Board, keys: Callable[[Giving], set[str]], key: Callable[[Any], str]) -> Behind:
    titles = _titles(board)
    records = [
        _partnership(
            one.id,
            titles[one.id],
            one.provider,
            one.receiver,
            *map(format_number, (one.days.confirmed, one.days.unconfirmed, one.days.queried)),
            rows=keys(one),
        )
        for one in board.givings
    ]
    heads = _heads(
        *("Partnership", "Gives", "Receives", "Days confirmed", "Not confirmed", "Queried"),
        numbers=3,
    )
    return Behind("partnership", "partnerships", heads, records, key)


def _map(board: Board) -> Behind:
    return _given(
        board, lambda one: {one.provider.code, one.receiver.code}, lambda row: row.place.code
    )


def _pairs(board: Board) -> Behind:
    return _given(
        board,
        lambda one: {_of_pair(one.provider, one.receiver)},
        lambda row: _of_pair(row.giver, row.receiver),
    )


def _between(board: Board) -> Behind:
    return _given(
        board,
        lambda one: {f"{one.provider.region} to {one.receiver.region}"},
        lambda row: f"{row.giving} to {row.receiving}",
    )


def _waits(board: Board) -> Behind:
    titles = _titles(board)
    records = [
        _partnership(
            one.id,
            titles[one.id],
            one.provider,
            one.receiver,
            format_date(one.first_day),
            str(days),
            rows={waits_name(days)},
        )
        for one, days in waiting(board.givings, board.chosen)
    ]
    heads = _heads("Partnership", "Gives", "Receives", "First day", "Days waited", numbers=1)
    return Behind("partnership", "partnerships", heads, records, lambda row: row.name)


def _phases(board: Board) -> Behind:
    counted = partnerships_counted(board.person, board.chosen)
    rows = (
        select(
            Partnership.id,
            Partnership.title,
            Partnership.provider_id,
            Partnership.receiver_id,
            Partnership.state,
        )
        .where(counted)
        .order_by(Partnership.id)
    )
    records = [
        _partnership(
            id_,
            title,
            board.known[giver],
            board.known[receiver],
            state_words(state),
            rows={state.value},
        )
        for id_, title, giver, receiver, state in db.session.execute(rows)
    ]
    heads = _heads("Partnership", "Gives", "Receives", "Phase")
    return Behind("partnership", "partnerships", heads, records, lambda row: row.state.value)


def _capacities(board: Board, key: Callable[[Any], str]) -> Behind:
    """Each provider's capacity that has entries in the quarters chosen."""
    ids = capacities_counted(board.chosen).subquery()
    rows = (
        select(Capacity.id, Capacity.provider_id, Programme.name)
        .join(ids, ids.c.id == Capacity.id)
        .join(Programme, Programme.id == Capacity.programme_id)
        .join(Authority, Authority.id == Capacity.provider_id)
        .order_by(Authority.name, Programme.name)
    )
    by_provider: dict[int, list[Quarter]] = defaultdict(list)
    for provider_id, quarter in board.cells:
        by_provider[provider_id].append(quarter)
    records = []
    for id_, provider_id, programme in db.session.execute(rows):
        if quarters := by_provider.get(provider_id):
            place = board.known[provider_id]
            held = support.held_as(place.name, [(q, board.cells[provider_id, q]) for q in quarters])
            amounts = (held.offered, held.committed, held.delivered, held.free)
            records.append(
                Record(
                    f"{place.name}, {programme}",
                    "capacity.show",
                    id_,
                    (place.region, *map(format_number, amounts)),
                    frozenset({place.region, place.code, *map(str, quarters)}),
                )
            )
    heads = _heads(*("Capacity", "Region", "Offered", "Committed", "Delivered", "Free"), numbers=4)
    return Behind("capacity", "capacities", heads, records, key)


def _grants(board: Board) -> Behind:
    records = [
        Record(
            one.grant.title,
            "grants.show",
            one.grant.id,
            tuple(map(format_money, (one.grant.pence, one.grant.paid, one.worth, one.underspend))),
            frozenset([one.grant.provider.code]),
        )
        for one in board.accounts
    ]
    heads = _heads("Grant", "Granted", "Paid", "Worth of days given", "Would be left", numbers=4)
    return Behind("grant", "grants", heads, records, lambda row: row.grant.provider.code)


EVERYBODY: dict[str, Callable[[Board], Behind]] = {
    "needs-by-stage": _needs,
    "themes-wanted-and-offered": _wanting,
    "support-map": _map,
    "who-gives-to-whom": _pairs,
    "between-regions": _between,
    "submitted-to-first-day": _waits,
    "partnerships-by-phase": _phases,
}
MANAGERS: dict[str, Callable[[Board], Behind]] = {
    "days-by-quarter": lambda board: _capacities(board, lambda row: row.name),
    "days-by-region": lambda board: _capacities(board, lambda row: row.name),
    "days-by-provider": lambda board: _capacities(board, lambda row: row.code),
    "underspend": _grants,
}


def told_from(chosen: Chosen) -> dict[str, Callable[[Board], Behind]]:
    """The pictures whose records a seat is told one by one."""
    return {**EVERYBODY, **(MANAGERS if chosen.seat.programme_id is not None else {})}


def behind(board: Board, name: str) -> Behind | None:
    """The records of one picture; None where they are not told one by one: days of a region's
    providers, which it sees as sums, and what receivers said."""
    known = told_from(board.chosen)
    return known[name](board) if name in known else None
