"""When extra days can be proposed and agreed: conditions as in broker/conditions.py."""

from __future__ import annotations

from sqlalchemy import func, select

from broker import clock
from broker.conditions import days_in_line
from broker.days import format_days
from broker.db import db
from broker.models.extra import Extra, ExtraState


def is_wanted(extra: Extra) -> str | None:
    """the partnership is live, and the quarter is not over"""
    if not extra.partnership.is_live:
        return "This partnership has ended, so no days are added to it."
    if extra.quarter < clock.this_quarter():
        return f"{extra.quarter} is over. Propose them again for a later quarter."
    return None


def stays_small(extra: Extra) -> str | None:
    """all extra days stay under the programme's small band, and its days under the panel's"""
    partnership, policy = extra.partnership, extra.partnership.programme.policy
    others = select(func.coalesce(func.sum(Extra.quarter_days), 0)).where(
        Extra.partnership_id == partnership.id,
        Extra.state == ExtraState.AGREED,
        Extra.id != extra.id,
    )
    extras = int(db.session.scalar(others) or 0) + extra.quarter_days
    if extras >= policy.small_below:
        return (
            f"Extra days of one partnership stay under {format_days(policy.small_below)} in all; "
            f"with these they would be {format_days(extras)}. More than that is approved again."
        )
    days = days_in_line([partnership.match])[partnership.match_id] + extra.quarter_days
    if policy.panel_from is not None and days >= policy.panel_from:
        return (
            f"With these, the days come to {format_days(days)}, and from "
            f"{format_days(policy.panel_from)} on the panel decides."
        )
    return None
