"""What receivers said, by region or programme, with no figure that points at a few.

What a row holds back cannot be worked out by taking the others from the total: either nothing is
held back, or at least two rows are that together tell of `LEAST` receivers or more. So that no
filter can be taken from another either, these rows heed none: a seat has one set of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select

from broker import clock
from broker.dashboards.scope import partnerships_counted
from broker.dashboards.seats import Chosen
from broker.db import db
from broker.feedback.queries import LEAST, Word, by_receiver, mean_of, recommend_words
from broker.models.authority import Authority, Region
from broker.models.match import Side
from broker.models.partnership import Feedback, Moment, Partnership
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.showing import gone_out
from broker.returns.answered import answered_by


@dataclass(frozen=True)
class Said:
    """What was said by the receivers of one region or programme, or of all. `asked` and `answered`
    count moments of partnerships; `receivers` those whose latest words count, and
    `effectiveness` is their mean of 1 to 5: both None where they are held back."""

    name: str
    asked: int
    answered: int
    receivers: int | None
    effectiveness: float | None

    @property
    def is_held_back(self) -> bool:
        return self.receivers is None


@dataclass(frozen=True)
class Feedbacks:
    """The rows, all together, and whether they would recommend it, in words."""

    rows: tuple[Said, ...]
    whole: Said
    recommend: str


def held_back(receivers: Mapping[str, Set[int]]) -> set[str]:
    """Which rows are not shown, by who spoke in each: those of fewer than `LEAST` receivers, and
    more of the smallest until two rows or more are not shown, and they have `LEAST` together."""
    hidden = {name for name, some in receivers.items() if 0 < len(some) < LEAST}
    others = sorted((len(some), name) for name, some in receivers.items() if len(some) >= LEAST)

    def is_enough() -> bool:
        together = set[int]().union(*(receivers[name] for name in hidden))
        return len(hidden) >= 2 and len(together) >= LEAST

    while hidden and others and not is_enough():
        hidden.add(others.pop(0)[1])
    return hidden


def feedback_of(person: Person, chosen: Chosen) -> Feedbacks:
    """For a seat, whatever was chosen; in five questions."""
    whole_seat = Chosen(
        chosen.seat,
        chosen.first,
        chosen.last,
        region_id=chosen.seat.region_id,
        programme_id=chosen.seat.programme_id,
    )
    counted = partnerships_counted(person, whole_seat)
    names = _names(counted, chosen)
    ids = select(Partnership.id).where(counted)
    answers, words = answered_by(ids, clock.now()), _latest(ids)
    asked = Counter(names[id_] for id_, _ in answers.asked)
    answered = Counter(names[id_] for id_, _ in answers.answered)
    said: dict[str, list[Word]] = {name: [] for name in names.values()}
    for id_, word in words.items():
        said[names[id_]].append(word)
    spoke = {name: {word.receiver_id for word in some} for name, some in said.items()}
    hidden = held_back(spoke)
    everything = list(words.values())
    is_few = 0 < len(by_receiver(everything)) < LEAST
    return Feedbacks(
        rows=tuple(
            _row(name, asked[name], answered[name], None if name in hidden else said[name])
            for name in sorted(said)
        ),
        whole=_row("All", asked.total(), answered.total(), None if is_few else everything),
        recommend="" if is_few or not everything else recommend_words(everything),
    )


def _row(name: str, asked: int, answered: int, words: list[Word] | None) -> Said:
    """`words` None: they are held back."""
    receivers = None if words is None else len(by_receiver(words))
    return Said(name, asked, answered, receivers, mean_of(words) if words else None)


def _names(counted: ColumnElement[bool], chosen: Chosen) -> dict[int, str]:
    """By partnership's id: its programme, for a region; its receiver's region, for a programme."""
    named = Region.name if chosen.seat.region_id is None else Programme.name
    rows = (
        select(Partnership.id, named)
        .join(Authority, Authority.id == Partnership.receiver_id)
        .join(Region, Region.id == Authority.region_id)
        .join(Programme, Programme.id == Partnership.programme_id)
        .where(counted)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _latest(partnership_ids: Select[int]) -> dict[int, Word]:
    """By partnership's id, what its receiver said last, of what has gone out."""
    rows = (
        select(
            Feedback.partnership_id,
            Feedback.moment,
            Partnership.receiver_id,
            Feedback.effectiveness,
            Feedback.would_recommend,
        )
        .join(Partnership, Partnership.id == Feedback.partnership_id)
        .where(
            Feedback.partnership_id.in_(partnership_ids),
            Feedback.side == Side.RECEIVER,
            gone_out(Feedback.noun, Feedback.id),
        )
    )
    found = sorted(db.session.execute(rows), key=lambda row: list(Moment).index(row[1]))
    return {row[0]: Word(row[2], row[3], row[4]) for row in found}
