"""How many days a partnership has left: of those approved, and of the extra days agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from broker import ledger
from broker.days import format_days
from broker.db import db
from broker.errors import NotRight
from broker.models.extra import Extra, ExtraState
from broker.models.partnership import Partnership, SupportDay, SupportDayState


@dataclass(frozen=True)
class Room:
    """Quarter-days left to give. `agreed` is all that was ever agreed as extra."""

    approved: int
    extra: int
    agreed: int

    @property
    def left(self) -> int:
        return self.approved + self.extra


def room_of(partnership: Partnership) -> Room:
    """What is left, of the ledger's count, divided into approved and extra days."""
    held = ledger.balances_of_match(partnership.match_id).values()
    left = max(0, sum(b.committed for b in held) - sum(b.delivered for b in held))
    agreed = agreed_in([partnership.id]).get(partnership.id, 0)
    extra = min(left, max(0, agreed - _given(partnership))) if agreed else 0
    return Room(approved=left - extra, extra=extra, agreed=agreed)


def agreed_in(partnership_ids: Iterable[int]) -> dict[int, int]:
    """Extra quarter-days agreed, by the partnership's id; those without any are left out."""
    rows = (
        select(Extra.partnership_id, func.sum(Extra.quarter_days))
        .where(Extra.partnership_id.in_(list(partnership_ids)), Extra.state == ExtraState.AGREED)
        .group_by(Extra.partnership_id)
    )
    return {partnership_id: int(days) for partnership_id, days in db.session.execute(rows)}


def _given(partnership: Partnership) -> int:
    """Extra quarter-days logged and not void."""
    days = select(func.coalesce(func.sum(SupportDay.quarter_days), 0)).where(
        SupportDay.partnership_id == partnership.id,
        SupportDay.is_extra,
        SupportDay.state != SupportDayState.VOID,
    )
    return int(db.session.scalar(days) or 0)


def check_room(day: SupportDay) -> None:
    """NotRight when a day counts against days that are not there: extra against those agreed as
    extra, others against those approved. (The ledger refuses what goes beyond both.)"""
    room = room_of(day.partnership)
    if day.is_extra and day.quarter_days > room.extra:
        raise NotRight(
            f"{format_days(room.extra)} of extra days are agreed and left. Propose more and log "
            f"them once the other side agrees.",
            field="is_extra",
        )
    if not day.is_extra and room.extra and room.approved < day.quarter_days <= room.left:
        raise NotRight(
            f"{format_days(room.approved)} are left of those approved, and "
            f"{format_days(room.extra)} of the extra days agreed. Say that these are extra days, "
            f"or log them apart.",
            field="is_extra",
        )
