"""Programmes' rules in words, printed from their policies, the workflow and the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from broker.days import format_days
from broker.eligibility import may_offer_theme, ways_to_receive, why_not_provide
from broker.models.authority import Area, Authority
from broker.models.intervention import Intervention
from broker.models.programme import Policy, Programme
from broker.reminders import LAPSES_AFTER
from broker.workflow import BY_NAME


@dataclass(frozen=True)
class Rule:
    name: str
    words: str


def rules_of(programme: Programme) -> list[Rule]:
    """A programme's rules, as its policy holds them."""
    policy = programme.policy
    least = format_days(policy.least_days) if policy.least_days else ""
    return [
        Rule("Who may give", _who_may_give(policy)),
        Rule("Small asks", _small(policy)),
        Rule("Larger packages", f"From {least}." if least else "Any number of days."),
        Rule("The panel", _panel(policy)),
        Rule("At once", f"A provider takes up to {policy.partnerships_at_once} partnerships."),
        Rule("Returns", "Every quarter." if policy.has_returns else "None."),
    ]


def _who_may_give(policy: Policy) -> str:
    if policy.provider_rule == "whole":
        return "The latest judgement is good or outstanding overall and in every area given."
    return (
        "The area that a theme belongs to is good or outstanding, or moved up in the last "
        f"{policy.recent_years} years."
    )


def _small(policy: Policy) -> str:
    return (
        f"Under {format_days(policy.small_below)}: the director signs, the coordinator approves, "
        "and there is no readiness check."
    )


def _panel(policy: Policy) -> str:
    """When the panel decides, and how many of it."""
    when = "readiness has conditions"
    if policy.panel_from is not None:
        when = f"the days together reach {format_days(policy.panel_from)}, or {when}"
    if policy.panel_when_regions_differ:
        when = f"the two regions differ, or {when}"
    return f"Decides when {when}. {policy.quorum} of those who need not stand aside, by majority."


def clock_rules() -> list[Rule]:
    """How long people have, in working days."""

    def days(noun: str, verb: str) -> str:
        return f"{BY_NAME[noun, verb].awaited} working days"

    return [
        Rule("To answer an ask", f"{days('conversation', 'accept')}, then a reminder."),
        Rule("To check readiness", days("need", "check_readiness").capitalize() + "."),
        Rule("To approve a match", days("match", "approve").capitalize() + "."),
        Rule("To confirm a day", days("support_day", "confirm").capitalize() + "."),
        Rule(
            "Without any answer",
            f"An ask, or an agreed match, lapses after {LAPSES_AFTER} working days, and its days "
            "go back.",
        ),
    ]


@dataclass(frozen=True)
class OwnCase:
    """What one authority can do under one programme, in words."""

    receive: list[str]
    give: str


def own_case(
    authority: Authority,
    programme: Programme,
    interventions: Sequence[Intervention],
    today: date,
) -> OwnCase:
    ended = [one.ended_on for one in interventions if one.ended_on and one.is_just_after(today)]
    ways = ways_to_receive(
        authority,
        programme.policy,
        in_intervention=any(one.is_on(today) for one in interventions),
        left_intervention_on=max(ended, default=None),
    )
    return OwnCase(ways, _give(authority, programme.policy))


def _give(authority: Authority, policy: Policy) -> str:
    if policy.provider_rule == "whole":
        why_not = why_not_provide(authority, policy, [])
        if why_not is None:
            return "You may publish offers in every theme under this programme."
        return f"Not just now. {why_not}"
    areas = [a.words for a in Area if may_offer_theme(authority, a, policy.recent_years)]
    if not areas:
        return _who_may_give(policy) + " None of your areas is on record as that yet."
    return f"You may publish offers in themes of: {', '.join(areas)}."
