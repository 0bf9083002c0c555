"""Forms about a plan: its objectives, what is done, how it is measured, how it tapers off."""

from __future__ import annotations

from broker.clock import Quarter
from broker.fields import (
    CheckboxField,
    DateField,
    DaysField,
    Form,
    LongTextField,
    QuarterDaysForm,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.partnership import Partnership
from broker.models.plan import (
    Activity,
    ChangeReason,
    Collected,
    Horizon,
    Measure,
    MeasureKind,
    Objective,
    Plan,
)
from broker.models.programme import Theme
from broker.plans.actions import AIM_LENGTH, BECAUSE_LENGTH, WHAT_LENGTH, WHO_LENGTH, ObjectiveTerms
from broker.plans.measures import LENGTHS, MeasureTerms

AFTER_EXIT = 2  # quarters shown after the exit, for a taper that grows longer
MOST_QUARTERS = 12


class ReviseForm(Form):
    code = RadiosField(
        "Why does the plan change?",
        choices=[(one.value, one.words) for one in ChangeReason if one is not ChangeReason.FIRST],
    )
    because = LongTextField("Say it in a few sentences", max_length=BECAUSE_LENGTH)


class ObjectiveForm(Form):
    aim = LongTextField("What is to be different for children?", max_length=AIM_LENGTH, rows=3)
    theme = SelectField("Theme", optional=True)
    horizon = RadiosField("By when?", choices=[(one.value, one.words) for one in Horizon])
    handover_to = TextField(
        "Who carries it on when the help ends?",
        max_length=WHO_LENGTH,
        hint="A role, such as 'Head of the front door'.",
        later=True,
    )

    @classmethod
    def of(cls, objective: Objective | None, themes: list[Theme]) -> ObjectiveForm:
        form = cls()
        if objective is not None:
            form = cls(
                aim=objective.aim,
                theme=objective.theme_id,
                horizon=objective.horizon.value,
                handover_to=objective.handover_to,
            )
        names = [(str(theme.id), theme.name) for theme in themes]
        form.theme.choices = [("", "None in particular"), *names]
        return form

    def terms(self, themes: list[Theme]) -> ObjectiveTerms:
        chosen = next((one for one in themes if str(one.id) == self.theme.data), None)
        return ObjectiveTerms(
            self.aim.data, chosen, Horizon(self.horizon.data), self.handover_to.data
        )


class ActivityForm(Form):
    what = TextField("What is done?", max_length=WHAT_LENGTH)
    days = DaysField("How many days?")
    quarter = SelectField("In which quarter?")

    @classmethod
    def of(cls, activity: Activity | None, plan: Plan) -> ActivityForm:
        form = cls()
        if activity is not None:
            form = cls(
                what=activity.what, days=activity.quarter_days, quarter=activity.quarter.ordinal
            )
        form.quarter.choices = [
            (str(quarter.ordinal), f"{quarter} ({quarter.months})") for quarter in quarters_of(plan)
        ]
        return form


class MeasureForm(Form):
    name = TextField("What is measured?", max_length=LENGTHS["name"])
    kind = RadiosField("How?", choices=[(one.value, one.words) for one in MeasureKind])
    target = TextField("Where do you want to get to?", max_length=LENGTHS["target"], optional=True)
    collected = RadiosField("How often?", choices=[(one.value, one.words) for one in Collected])
    baseline = TextField(
        "Where does it stand now?",
        max_length=LENGTHS["baseline"],
        optional=True,
        hint="A number, or words where nothing was counted: what people say or see.",
    )
    baseline_source = TextField(
        "Where is that from?", max_length=LENGTHS["baseline_source"], optional=True
    )
    baseline_on = DateField("Of which date?", optional=True)
    existed_before = CheckboxField("It was measured before this partnership")
    claims_change = CheckboxField(
        "We will compare before and after",
        hint="Then both sides of it are needed below.",
    )
    period_before = TextField(
        "Period before", max_length=LENGTHS["period_before"], optional=True,
        hint="For example, April to September 2026.",
    )  # fmt: skip
    period_after = TextField("Period after", max_length=LENGTHS["period_after"], optional=True)
    how_far_apart = TextField(
        "How far apart", max_length=LENGTHS["how_far_apart"], optional=True,
        hint="For example, twelve months.",
    )  # fmt: skip
    comparable_because = TextField(
        "Why the two can be compared", max_length=LENGTHS["comparable_because"], optional=True,
        hint="Same question, same people, asked in the same way.",
    )  # fmt: skip

    @classmethod
    def of(cls, measure: Measure | None) -> MeasureForm:
        if measure is None:
            return cls()
        words = {name: getattr(measure, name) for name in LENGTHS}
        return cls(
            **words,
            kind=measure.kind.value,
            collected=measure.collected.value,
            baseline_on=measure.baseline_on,
            existed_before=measure.existed_before,
            claims_change=measure.claims_change,
        )

    @property
    def terms(self) -> MeasureTerms:
        return MeasureTerms(
            **{name: self[name].data for name in LENGTHS},
            kind=MeasureKind(self.kind.data),
            collected=Collected(self.collected.data),
            baseline_on=self.baseline_on.data,
            existed_before=self.existed_before.data,
            claims_change=self.claims_change.data,
        )


class TaperForm(QuarterDaysForm):
    """Days by quarter as the help goes down, and the day on which it ends."""

    @classmethod
    def of(cls, plan: Plan) -> TaperForm:
        now = {step.quarter: step.quarter_days for step in plan.taper}
        exit_on = DateField("The help ends on")
        return cls.over(
            quarters_of(plan), now, after={"exit_on": exit_on}, typed={"exit_on": plan.exit_on}
        )


def quarters_of(plan: Plan) -> list[Quarter]:
    """The quarters that a plan may speak of: from the opening to a while after its exit."""
    first = _opened_in(plan.partnership)
    planned = [step.quarter for step in plan.taper] + [one.quarter for one in plan.activities]
    last = max([Quarter.of(plan.exit_on), *planned])
    count = min(last.ordinal - first.ordinal + 1 + AFTER_EXIT, MOST_QUARTERS)
    return [first + ahead for ahead in range(max(count, 1))]


def _opened_in(partnership: Partnership) -> Quarter:
    return Quarter.of(partnership.opened_at.date())
