"""What receivers said worked, over the whole sector: counted together, suppressed, never by name.

The page stands still within a quarter: an answer counts from the quarter after it was given, so
that no single one can be read off from one day to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from broker import clock
from broker.balances import balances_of_matches
from broker.db import db
from broker.feedback.queries import LEAST, Quote, Word, mean_of, quote_of, recommend_words
from broker.learning.suppression import kept_together
from broker.matching.place_criteria import INTENSIVE, LIGHT
from broker.models.match import Match, Side
from broker.models.need import Need
from broker.models.partnership import Feedback, Moment, Partnership
from broker.models.showing import gone_out
from broker.showings.queries import shown_of

NOT_SAID = "Not said"
FIT_BANDS = ((700, "700 points or more of 1,000"), (500, "500 to 699 points"), (0, "Under 500"))
NO_POINTS = "Chosen without points"


class By(Enum):
    """What the answers are laid out by."""

    THEME = "theme"
    TYPE = "type"
    INTENSITY = "intensity"
    FIT = "fit"
    MOMENT = "moment"

    @property
    def words(self) -> str:
        return {
            "theme": "Practice area",
            "type": "Support type",
            "intensity": "How much help",
            "fit": "Fit at the match",
            "moment": "When they said it",
        }[self.value]

    @property
    def hint(self) -> str:
        return {
            "theme": "The heading of the theme that the need puts first.",
            "type": "The support types that the need names, taken together.",
            "intensity": "Days committed in all, what was moved, added and given back included.",
            "fit": "The points that the matcher gave the pair when it was chosen.",
            "moment": "The latest moment at which the receiver has said how it went.",
        }[self.value]


@dataclass(frozen=True)
class Answer:
    """The latest word of a partnership's receiver. `days`: committed, in quarter-days."""

    given: Feedback
    days: int

    @property
    def word(self) -> Word:
        return Word(self.receiver_id, self.given.effectiveness, self.given.would_recommend)

    @property
    def receiver_id(self) -> int:
        return self.given.partnership.receiver_id

    @property
    def need(self) -> Need:
        return self.given.partnership.match.need

    def group(self, by: By) -> str:
        return GROUPS[by](self)


def _theme(answer: Answer) -> str:
    first = next((row.theme for row in answer.need.themes), None)
    return (first.parent or first).name if first else NOT_SAID


def _type(answer: Answer) -> str:
    return ", ".join(one.name for one in answer.need.chosen("support_type")) or NOT_SAID


def _intensity(answer: Answer) -> str:
    if answer.days < LIGHT:
        return "Light: under 20 days"
    return "Medium: 20 to 50 days" if answer.days <= INTENSIVE else "Intensive: over 50 days"


def _fit(answer: Answer) -> str:
    points = answer.given.partnership.match.points
    if points is None:
        return NO_POINTS
    return next(words for least, words in FIT_BANDS if points >= least)


def _moment(answer: Answer) -> str:
    return answer.given.moment.words.capitalize()


GROUPS: Mapping[By, Callable[[Answer], str]] = {
    By.THEME: _theme,
    By.TYPE: _type,
    By.INTENSITY: _intensity,
    By.FIT: _fit,
    By.MOMENT: _moment,
}


@dataclass(frozen=True)
class Line:
    """One or more groups that are told of together. `effectiveness`: the mean of 1 to 5,
    each receiver weighing the same."""

    by: By
    names: tuple[str, ...]
    receivers: int
    partnerships: int
    effectiveness: float

    @property
    def name(self) -> str:
        if len(self.names) == 1:
            return self.names[0]
        return f"Together, too few to tell apart: {'; '.join(self.names)}"


@dataclass(frozen=True)
class Learned:
    """What the sector said up to a quarter's beginning."""

    since: clock.Quarter
    whole: Line
    recommend: str
    tables: dict[By, tuple[Line, ...]]
    quotes: tuple[Quote, ...]
    is_illustrative: bool


def what_we_learn() -> Learned | None:
    """None while fewer than 4 receivers have said how it went. In a constant number of questions.

    Each table adds up to the whole; a group too small to be told of stands together with others.
    """
    answers = _answers(_given_before(clock.this_quarter()))
    if len({one.receiver_id for one in answers}) < LEAST:
        return None
    given = [one.given for one in answers]
    shown = shown_of(Feedback.noun, [one.id for one in given])
    return Learned(
        since=clock.this_quarter(),
        whole=_line(By.THEME, ("All of them",), answers),
        recommend=recommend_words([one.word for one in answers]),
        tables={by: _table(by, answers) for by in By},
        quotes=tuple(quote_of(one, shown[one.id]) for one in given if one.may_be_named),
        is_illustrative=any(one.partnership.is_illustrative for one in given),
    )


def _given_before(quarter: clock.Quarter) -> list[Feedback]:
    """By partnership the receiver's word at its latest moment, of what has gone out."""
    begins = datetime.combine(quarter.first_day, time(), clock.LONDON)
    given = (
        select(Feedback)
        .join(Feedback.partnership)
        .where(
            Feedback.side == Side.RECEIVER,
            Feedback.answered_at < begins,
            gone_out(Feedback.noun, Feedback.id),
        )
        .options(
            joinedload(Feedback.partnership).joinedload(Partnership.match).joinedload(Match.need)
        )
        .order_by(Feedback.partnership_id)
    )
    found = sorted(
        db.session.scalars(given).unique(), key=lambda one: list(Moment).index(one.moment)
    )
    return list({one.partnership_id: one for one in found}.values())


def _answers(given: Sequence[Feedback]) -> list[Answer]:
    matches = {one.id: one.partnership.match_id for one in given}
    days = balances_of_matches(list(matches.values()))
    return [
        Answer(one, sum(held.committed for held in days[matches[one.id]].values())) for one in given
    ]


def _table(by: By, answers: Sequence[Answer]) -> tuple[Line, ...]:
    """The largest first; what stands together last."""
    grouped: dict[str, list[Answer]] = {}
    for one in answers:
        grouped.setdefault(one.group(by), []).append(one)
    members = {name: {one.receiver_id for one in found} for name, found in grouped.items()}
    together = sorted(kept_together(members, least=LEAST))
    lines = [_line(by, (name,), grouped[name]) for name in grouped if name not in together]
    lines.sort(key=lambda line: (-line.receivers, line.name))
    if together:
        lines.append(
            _line(by, tuple(together), [one for name in together for one in grouped[name]])
        )
    return tuple(lines)


def _line(by: By, names: tuple[str, ...], answers: Sequence[Answer]) -> Line:
    return Line(
        by=by,
        names=names,
        receivers=len({one.receiver_id for one in answers}),
        partnerships=len(answers),
        effectiveness=mean_of(one.word for one in answers),
    )


def lines_like(learned: Learned | None, by: By | None, search: str) -> Iterable[Line]:
    """The lines of one table, or of all, whose names have every word. Which lines are shown never
    changes what stands in them."""
    for one, lines in learned.tables.items() if learned else ():
        if by in (None, one):
            yield from (line for line in lines if _speaks_of(line, search))


def _speaks_of(line: Line, search: str) -> bool:
    return all(word in line.name.casefold() for word in search.casefold().split())
