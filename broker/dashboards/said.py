"""What receivers said, by region or programme, with no figure that points at a few.

What a row holds back cannot be worked out by taking the others from the total: either nothing is
held back, or at least two rows are that together tell of `LEAST` receivers or more. So that no
filter can be taken from another either, these rows heed none: a seat has one set of rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from sqlalchemy import select

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
    names = _names(person, whole_seat)
    answers = answered_by(list(names), clock.now())
    latest = _latest(list(names))
    groups = {
        name: [id_ for id_, own in names.items() if own == name] for name in set(names.values())
    }
    spoke = {
        name: {latest[i].receiver_id for i in ids if i in latest} for name, ids in groups.items()
    }
    hidden = held_back(spoke)

    def row(name: str, ids: list[int], *, is_hidden: bool) -> Said:
        theirs, words = answers.of(ids), [latest[id_] for id_ in ids if id_ in latest]
        return Said(
            name,
            len(theirs.asked),
            len(theirs.answered),
            None if is_hidden else len(by_receiver(words)),
            mean_of(words) if words and not is_hidden else None,
        )

    everybody = by_receiver(latest.values())
    is_few = 0 < len(everybody) < LEAST
    return Feedbacks(
        rows=tuple(row(name, groups[name], is_hidden=name in hidden) for name in sorted(groups)),
        whole=row("All", list(names), is_hidden=is_few),
        recommend=recommend_words(list(latest.values())) if len(everybody) >= LEAST else "",
    )


def _names(person: Person, chosen: Chosen) -> dict[int, str]:
    """By partnership's id: its programme, for a region; its receiver's region, for a programme."""
    named = Region.name if chosen.seat.region_id is None else Programme.name
    rows = (
        select(Partnership.id, named)
        .join(Authority, Authority.id == Partnership.receiver_id)
        .join(Region, Region.id == Authority.region_id)
        .join(Programme, Programme.id == Partnership.programme_id)
        .where(partnerships_counted(person, chosen))
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _latest(partnership_ids: list[int]) -> dict[int, Word]:
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
