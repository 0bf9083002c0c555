"""When a partnership can end, be looked back on and be closed: None, or why not, in words."""

from __future__ import annotations

from sqlalchemy import select

from broker.db import db
from broker.models.ending import Ending, Handover
from broker.models.partnership import FOLLOW_UPS, Partnership
from broker.models.plan import Plan, PlanState


def ending_of(partnership: Partnership) -> Ending | None:
    return db.session.scalars(select(Ending).filter_by(partnership_id=partnership.id)).one_or_none()


def three_tests_are_met(partnership: Partnership) -> str | None:
    """performance, capacity to sustain and succession are recorded as met"""
    ending = ending_of(partnership)
    if ending is None:
        return "Record the three tests first: performance, capacity to sustain, succession."
    if not ending.tests_met:
        return "One of the three tests is not met. Give it longer, ask for more days, or end early."
    return None


def strands_without_a_home(partnership: Partnership) -> list[str]:
    """The aims of the plan that stands which nobody has taken over yet."""
    standing = select(Plan).filter_by(partnership_id=partnership.id, state=PlanState.AGREED)
    plan = db.session.scalars(standing).unique().one_or_none()
    given = select(Handover.objective_key).filter_by(partnership_id=partnership.id)
    handed = set(db.session.scalars(given))
    return [one.aim for one in plan.objectives if one.key not in handed] if plan else []


def strands_have_a_home(partnership: Partnership) -> str | None:
    """every strand of the plan has been handed over"""
    left = len(strands_without_a_home(partnership))
    if not left:
        return None
    return f"{left} {'strand still needs' if left == 1 else 'strands still need'} a home."


def budget_is_protected(partnership: Partnership) -> str | None:
    """the money to go on with is protected"""
    ending = ending_of(partnership)
    if ending is not None and ending.budget_protected:
        return None
    return "Say first that the money to go on with is protected, and where."


def report_is_not_out(partnership: Partnership) -> str | None:
    """the closing report has not gone out"""
    report = partnership.closing_report
    if report is None or not report.is_out:
        return None
    return "The closing report has gone out, so it no longer changes."


def report_waits(partnership: Partnership) -> str | None:
    """there is a closing report that the receiver has not said it has read"""
    report = partnership.closing_report
    if report is not None and report.seen_at is None:
        return None
    return "There is no closing report to read."


def look_back_is_due(partnership: Partnership) -> str | None:
    """six or twelve months have gone since the end, and nobody has looked back yet"""
    if partnership.follow_up_due:
        return None
    return (
        "No look back is due now: the first comes six months after the end, the next after twelve."
    )


def both_looks_back_are_done(partnership: Partnership) -> str | None:
    """the receiver has looked back after six and after twelve months"""
    done = {one.months for one in partnership.follow_ups}
    left = [months for months in FOLLOW_UPS if months not in done]
    return f"The look back after {left[0]} months is still to come." if left else None
