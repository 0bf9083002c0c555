"""Forms about a match's terms and decisions."""

from __future__ import annotations

from broker.clock import Quarter, coming_quarters
from broker.fields import DaysField, Form, LongTextField, RadiosField
from broker.models.match import Match, Vote

QUARTERS_SHOWN = 8


class TermsForm(Form):
    """Days by quarter, from this quarter on; fields are named by the quarter itself, so that a form
    sent after a quarter ended cannot move its days."""

    quarters: list[Quarter]

    @classmethod
    def for_match(cls, match: Match) -> TermsForm:
        """A form with one field for each of the coming quarters, filled from the terms."""
        quarters = coming_quarters(QUARTERS_SHOWN)
        fields = {name_of(quarter): _days_field(quarter) for quarter in quarters}
        fields["aims"] = LongTextField("What this is to change for children", max_length=2000)
        form: TermsForm = type("FilledTermsForm", (cls,), fields)(data=_typed(match, quarters))
        form.quarters = quarters
        return form

    @property
    def days(self) -> dict[Quarter, int]:
        return {quarter: self[name_of(quarter)].data or 0 for quarter in self.quarters}

    @property
    def words(self) -> str:
        return self["aims"].data or ""


def name_of(quarter: Quarter) -> str:
    return f"days_{quarter.ordinal}"


def _days_field(quarter: Quarter) -> DaysField:
    return DaysField(f"{quarter} ({quarter.months})", optional=True)


def _typed(match: Match, quarters: list[Quarter]) -> dict[str, int | str]:
    now = {row.quarter: row.quarter_days for row in match.days}
    days: dict[str, int | str] = {name_of(q): now.get(q, 0) for q in quarters}
    return {**days, "aims": match.aims}


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
