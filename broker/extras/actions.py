"""What the two sides do about extra days: propose, agree, decline, take back."""

from __future__ import annotations

from broker import clock
from broker.clock import Quarter
from broker.errors import NotRight
from broker.models.extra import Extra
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.permissions import GIVING
from broker.support_days.actions import hold
from broker.taking import lock, start, take

AHEAD = 4
BECAUSE_LENGTH = 1000


def propose(
    partnership: Partnership, *, quarter: Quarter, quarter_days: int, because: str, by: Person
) -> Extra:
    """Propose days beyond what was approved; they count once the other side's director agrees."""
    if quarter_days < 1:
        raise NotRight("Propose at least a quarter of a day.", field="days")
    if quarter not in clock.coming_quarters(AHEAD):
        raise NotRight(f"{quarter} cannot be chosen. Choose one of the next.", field="quarter")
    if not because.strip() or len(because) > BECAUSE_LENGTH:
        raise NotRight(f"Say why, in up to {BECAUSE_LENGTH:,} characters.", field="because")
    gives = by.at(partnership.provider_id, *GIVING)
    lock(partnership)
    extra = Extra(
        partnership=partnership,
        quarter=quarter,
        quarter_days=quarter_days,
        because=because.strip(),
        proposed_by_id=by.id,
        proposed_by_side=Side.PROVIDER if gives else Side.RECEIVER,
    )
    start(extra, "propose", by=by)
    return extra


def agree(extra: Extra, *, reason: str = "", by: Person) -> None:
    """Agree for the other side: the days are committed from the provider's free ones."""
    hold(extra.partnership)
    take(extra, "agree", by=by, reason=reason)


DEEDS = {"agree": agree}
