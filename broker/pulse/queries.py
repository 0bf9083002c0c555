"""Questions about staff pulses. Nothing of one is told before it is released, to anybody."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker import sights
from broker.db import db
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.pulse import RATINGS, Pulse, PulseState, Statement

# Who answered, in bands: nobody can work out from a total whether a certain person did.
BANDS = ((50, "50 or more people"), (20, "20 to 49 people"), (10, "10 to 19 people"))
FEWEST = "5 to 9 people"
# Means from 1 (disagree) to 5 (agree), in words; a mean itself could tell what the last one said.
LEANINGS = ((3.75, "Most agree"), (3.25, "More agree than not"), (2.75, "Divided, or unsure"))
REST = "More disagree than agree"


def pulses_visible_to(person: Person) -> Select[Pulse]:
    """The pulses that a person may see."""
    return select(Pulse).where(sights.pulses_seen_by(person))


def pulses_of(partnership: Partnership, person: Person) -> list[Pulse]:
    """The pulses of a partnership that a person may see, newest first."""
    seen = pulses_visible_to(person).where(Pulse.partnership_id == partnership.id)
    return list(db.session.scalars(seen.order_by(Pulse.opened_at.desc())).unique())


def pulse_with(code: str) -> Pulse | None:
    """The pulse that a link begins with, while it takes answers."""
    found = db.session.scalars(select(Pulse).filter_by(code=code)).unique().one_or_none()
    return found if found and found.takes_answers else None


def statements_said(pulse: Pulse) -> list[tuple[str, str]]:
    """(statement, what staff said of it, in words); nothing unless the pulse is released."""
    if pulse.state is not PulseState.RELEASED:
        return []
    said = [
        (statement.value, _leaning(row))
        for statement, row in zip(Statement, pulse.counts, strict=True)
    ]
    return [("Who answered", _band(pulse.answered)), *said]


def _leaning(row: list[int]) -> str:
    mean = sum(rating * count for rating, count in zip(RATINGS, row, strict=True)) / sum(row)
    return next((words for least, words in LEANINGS if mean >= least), REST)


def _band(answered: int) -> str:
    return next((words for least, words in BANDS if answered >= least), FEWEST)
