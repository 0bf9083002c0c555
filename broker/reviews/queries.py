"""Questions about reviews, for the person asking."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select

from broker import sights
from broker.db import db
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.review import Asked, Review
from broker.partnerships.queries import sides_of
from broker.plans.queries import standing_plan


def reviews_visible_to(person: Person) -> Select[Review]:
    """The reviews that a person may see."""
    return select(Review).where(sights.reviews_seen_by(person))


def reviews_of(partnership: Partnership, person: Person) -> list[Review]:
    """The reviews of a partnership that a person may see, newest first."""
    seen = reviews_visible_to(person).where(Review.partnership_id == partnership.id)
    return list(db.session.scalars(seen.order_by(Review.begun_at.desc())).unique())


@dataclass(frozen=True)
class Seen:
    """One thing that was asked: each side's rating and what shows it; None: not to be read yet."""

    asked: Asked
    sides: dict[Side, tuple[int, str] | None]

    @property
    def differs(self) -> bool:
        ratings = [given[0] for given in self.sides.values() if given]
        return len(ratings) == len(Side) and max(ratings) - min(ratings) >= 2


def how_sides_see_it(review: Review, person: Person) -> list[Seen]:
    """A side reads its own answers, and the other's once both have answered; others none."""
    mine = sides_of(person, review.partnership)
    if not mine:
        return []
    open_to = set(Side) if review.answered_by == set(Side) else mine
    given = {(one.asked, one.side): (one.rating, one.shows) for one in review.answers}
    return [
        Seen(
            asked,
            {side: given.get((asked, side)) if side in open_to else None for side in Side},
        )
        for asked in review.asks
    ]


def measures_of(partnership: Partnership) -> list[str]:
    """The names of the measures to say something of: the plan's, or those of the last review."""
    plan, last = standing_plan(partnership), partnership.last_review
    names = [measure.name for measure in plan.measures] if plan else []
    names += [measure.name for measure in last.measures] if last else []
    return list(dict.fromkeys(names))


def own_answers(review: Review, side: Side) -> dict[Asked, tuple[int, str]]:
    """What a side has answered so far."""
    return {one.asked: (one.rating, one.shows) for one in review.answers if one.side is side}
