"""What becomes of days that were committed in a quarter and not given in it: the provider's
director chooses, partnership by partnership, when the quarter's return is certified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from broker import clock
from broker.balances import Balance, balances, balances_of_matches, undelivered
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.ledger import Capacity
from broker.models.partnership import PARTNERSHIPS_OPEN, Partnership
from broker.models.person import Person
from broker.models.return_ import Return
from broker.partnerships import actions as partnerships

CARRIED_AHEAD = 4
# A partnership's id → the quarter its days are carried to; None: they are released.
Choices = Mapping[int, Quarter | None]


@dataclass(frozen=True)
class Due:
    """A partnership's quarter-days that were committed in a quarter and not given."""

    partnership: Partnership
    quarter_days: int

    @property
    def words(self) -> str:
        one = self.partnership
        return f"{format_days(self.quarter_days)} with {one.receiver.name} ({one.title})"


def due_in(return_: Return) -> list[Due]:
    """What a return's quarter leaves to be decided, the oldest partnership first; two questions."""
    found = db.session.scalars(_live(return_).order_by(Partnership.id)).unique().all()
    held = balances_of_matches(one.match_id for one in found)
    left = ((one, undelivered(held[one.match_id], return_.quarter)) for one in found)
    return [Due(one, quarter_days) for one, quarter_days in left if quarter_days]


def _live(return_: Return) -> Select[Partnership]:
    return select(Partnership).where(
        Partnership.provider_id == return_.provider_id,
        Partnership.programme_id == return_.programme_id,
        Partnership.state.in_(PARTNERSHIPS_OPEN),
    )


def hold(return_: Return) -> None:
    """Hold the live partnerships of a return until the transaction ends, in id order."""
    held = _live(return_).order_by(Partnership.id).with_for_update(of=Partnership)
    db.session.scalars(held.execution_options(populate_existing=True)).unique().all()


def rooms(return_: Return) -> dict[Quarter, int]:
    """This quarter and the next ones, with the provider's free quarter-days in each."""
    of_provider = select(Capacity.id).filter_by(
        provider_id=return_.provider_id, programme_id=return_.programme_id
    )
    known = db.session.scalars(of_provider).all()
    now = {q: b for found in balances(known).values() for q, b in found.items()}
    ahead = clock.coming_quarters(CARRIED_AHEAD)
    return {quarter: max(0, now.get(quarter, Balance()).free) for quarter in ahead}


def check(due: Sequence[Due], choices: Choices) -> None:
    """NotPossible while something has no choice; NotRight for a quarter that is none of those."""
    if missing := [one.words for one in due if one.partnership.id not in choices]:
        raise NotPossible(
            f"Choose first what becomes of days that were committed and not given: "
            f"{'; '.join(missing)}."
        )
    allowed = clock.coming_quarters(CARRIED_AHEAD)
    for one in due:
        target = choices[one.partnership.id]
        if target is not None and target not in allowed:
            raise NotRight(f"{target} is not a quarter that days can be carried to.")


def settle(return_: Return, due: Sequence[Due], choices: Choices, *, by: Person) -> None:
    """Carry or release what is due, each as chosen."""
    for one in due:
        target = choices[one.partnership.id]
        if target is None:
            partnerships.release_days(one.partnership, source=return_.quarter, by=by)
        else:
            partnerships.carry(
                one.partnership,
                source=return_.quarter,
                target=target,
                quarter_days=one.quarter_days,
                by=by,
            )


def as_content(due: Sequence[Due], choices: Choices) -> list[dict[str, Any]]:
    """What was chosen, as plain values of a certified version."""
    return [
        {
            "partnership": one.partnership.id,
            "title": one.partnership.title,
            "receiver": one.partnership.receiver.name,
            "quarter_days": one.quarter_days,
            "carried_to": str(target) if (target := choices[one.partnership.id]) else None,
        }
        for one in due
    ]
