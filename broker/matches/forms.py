"""Forms about a match's terms and decisions."""

from __future__ import annotations

from typing import Any

from broker.clock import Quarter, coming_quarters
from broker.fields import DaysField, Form, LongTextField, RadiosField, SelectField, TextField
from broker.matches.terms import LEAD_LENGTH, Terms, reshaped, terms_of
from broker.models.match import Match, MatchLead, Vote
from broker.models.offer import Delivery

QUARTERS_SHOWN = 8


class TermsForm(Form):
    """Days by quarter, from this quarter on; fields are named by the quarter itself, so that a form
    sent after a quarter ended cannot move its days."""

    quarters: list[Quarter]
    theme_ids: list[int]

    @classmethod
    def for_match(cls, match: Match) -> TermsForm:
        """A form with one field for each of the coming quarters, filled from the terms."""
        quarters = coming_quarters(QUARTERS_SHOWN)
        fields: dict[str, Any] = {name_of(quarter): _days_field(quarter) for quarter in quarters}
        fields["delivery"] = RadiosField(
            "Where the help is given", choices=[(one.value, one.words) for one in Delivery]
        )
        fields["aims"] = LongTextField("What this is to change for children", max_length=2000)
        fields["boundaries"] = LongTextField(
            "What it is not for, and who decides what",
            hint="For example: day-to-day case decisions stay with the receiving authority.",
            max_length=2000,
            optional=True,
        )
        for lead in match.leads:
            fields |= _lead_fields(match, lead)
        form: TermsForm = type("FilledTermsForm", (cls,), fields)(data=_typed(match, quarters))
        form.quarters, form.theme_ids = quarters, [lead.theme_id for lead in match.leads]
        return form

    @property
    def terms(self) -> Terms:
        """What was typed, once it is valid."""
        return Terms(
            days={quarter: self[name_of(quarter)].data or 0 for quarter in self.quarters},
            aims=self["aims"].data or "",
            boundaries=self["boundaries"].data or "",
            delivery=Delivery(self["delivery"].data),
            leads={
                theme_id: (
                    self[f"receiver_lead_{theme_id}"].data or "",
                    self[f"provider_lead_{theme_id}"].data or "",
                )
                for theme_id in self.theme_ids
            },
        )


def name_of(quarter: Quarter) -> str:
    return f"days_{quarter.ordinal}"


def _days_field(quarter: Quarter) -> DaysField:
    return DaysField(f"{quarter} ({quarter.months})", optional=True)


def _lead_fields(match: Match, lead: MatchLead) -> dict[str, TextField]:
    """Who leads on a theme on each side, by role."""
    places = (("receiver", match.receiver.short_name), ("provider", match.provider.short_name))
    return {
        f"{side}_lead_{lead.theme_id}": TextField(
            f"{lead.theme.name}: who leads for {name}",
            hint="By role, like 'Head of service'.",
            max_length=LEAD_LENGTH,
            optional=True,
        )
        for side, name in places
    }


def _typed(match: Match, quarters: list[Quarter]) -> dict[str, int | str]:
    now = {row.quarter: row.quarter_days for row in match.days}
    days: dict[str, int | str] = {name_of(q): now.get(q, 0) for q in quarters}
    leads = {
        f"{side}_{lead.theme_id}": getattr(lead, side)
        for lead in match.leads
        for side in ("receiver_lead", "provider_lead")
    }
    words = {"aims": match.aims, "boundaries": match.boundaries, "delivery": match.delivery.value}
    return {**days, **leads, **words}


class CounterForm(Form):
    """Fewer days or another start, in one step."""

    total = DaysField("Days in all")
    start = SelectField("The quarter in which it starts")

    @classmethod
    def for_match(cls, match: Match) -> CounterForm:
        quarters = coming_quarters(QUARTERS_SHOWN)
        first = max(match.days[0].quarter, quarters[0]) if match.days else quarters[0]
        form = cls(data={"total": match.total_days, "start": str(first)})
        form.start.choices = [(str(q), f"{q} ({q.months})") for q in quarters]
        return form

    def terms(self, match: Match) -> Terms:
        start = Quarter.named(self.start.data)
        return reshaped(terms_of(match), total=self.total.data or 0, start=start)


class ReasonForm(Form):
    because = LongTextField("Why one provider was enough", max_length=2000)


class VoteForm(Form):
    vote = RadiosField("Your vote", choices=[(vote.value, vote.words) for vote in Vote])
    reason = LongTextField("Your reason", max_length=2000)


class SeveralForm(Form):
    """Approving several at once: what happens when one of them can no longer be approved."""

    if_one_fails = RadiosField(
        "If one of them can no longer be approved",
        choices=[
            ("none", "Approve none of them", "You see which one and why, and choose again."),
            ("others", "Approve the others", "You see afterwards which were left and why."),
        ],
    )

    @property
    def is_all(self) -> bool:
        return bool(self.if_one_fails.data == "none")
