"""Forms about the end: a strand's new home, the tests, the report, the look back."""

from __future__ import annotations

from broker.endings.actions import WHO_LENGTH, WORDS_LENGTH, Report, Tests
from broker.fields import Form, LongTextField, RadiosField, TextField
from broker.models.ending import ClosingReport, EarlyReason, Ending
from broker.models.partnership import Holds

YES, NO = "yes", "no"
MET = [(YES, "Yes"), (NO, "Not yet")]


def _long(label: str, **more: object) -> LongTextField:
    return LongTextField(label, max_length=WORDS_LENGTH, rows=3, **more)


class HandoverForm(Form):
    to_whom = TextField(
        "Who carries it on from today?", max_length=WHO_LENGTH, hint="A role, not a name."
    )
    note = _long("What they should know", optional=True)


class TestsForm(Form):
    """Three tests and the budget, each with how one can tell."""

    performance_met = RadiosField("Performance: has it reached what the plan set out?", choices=MET)
    performance = _long("How can you tell?")
    capacity_met = RadiosField(
        "Capacity: are there people and time to keep it up without the help?", choices=MET
    )
    capacity = _long("How can you tell that it will keep up?")
    succession_met = RadiosField(
        "Succession: would it go on if a leader left tomorrow?", choices=MET
    )
    succession = _long("Who would step in?")
    budget_protected = RadiosField("Is the money to go on with protected?", choices=MET)
    budget = _long("Where does it stand, and until when?")

    @classmethod
    def of(cls, ending: Ending | None) -> TestsForm:
        if ending is None:
            return cls()
        words = ("performance", "capacity", "succession", "budget")
        met = ("performance_met", "capacity_met", "succession_met", "budget_protected")
        return cls(
            **{name: getattr(ending, name) for name in words},
            **{name: YES if getattr(ending, name) else NO for name in met},
        )

    @property
    def tests(self) -> Tests:
        return Tests(
            performance_met=self.performance_met.data == YES,
            performance=self.performance.data,
            capacity_met=self.capacity_met.data == YES,
            capacity=self.capacity.data,
            succession_met=self.succession_met.data == YES,
            succession=self.succession.data,
            budget_protected=self.budget_protected.data == YES,
            budget=self.budget.data,
        )


class WhyForm(Form):
    code = RadiosField(
        "Why did it end early, as your side sees it?",
        choices=[(one.value, one.words) for one in EarlyReason],
    )
    words = _long("In your own words", optional=True)


class ReportForm(Form):
    changed = _long("What changed for children?")
    worked = _long("What worked, and why?")
    did_not_work = _long("What did not work, or was let go?")
    taper_words = _long("Did the help go down as planned? If not, why?")
    carries_on = _long("Who carries it on, and what is still to do?")
    advice = _long("What would you tell others who begin such a partnership?", optional=True)

    @classmethod
    def of(cls, report: ClosingReport | None, taper: str) -> ReportForm:
        if report is None:
            return cls(taper_words=taper)
        names = ("changed", "worked", "did_not_work", "taper_words", "carries_on", "advice")
        return cls(**{name: getattr(report, name) for name in names})

    @property
    def report(self) -> Report:
        return Report(
            changed=self.changed.data,
            worked=self.worked.data,
            did_not_work=self.did_not_work.data,
            taper_words=self.taper_words.data,
            carries_on=self.carries_on.data,
            advice=self.advice.data,
        )


class ReadForm(Form):
    comment = _long(
        "Your comment, which goes with the report", optional=True,
        hint="Leave it empty if you have nothing to add.",
    )  # fmt: skip


class LookBackForm(Form):
    known: Holds | None = None

    holds = RadiosField(
        "Does what changed still hold?", choices=[(one.value, one.words) for one in Holds]
    )
    words = _long("How can you tell?")

    @classmethod
    def of(cls, known: Holds | None) -> LookBackForm:
        """`known`: what the receiver has said already with its feedback; it is not asked again."""
        form = cls()
        form.known = known
        if known:
            del form.holds
        return form

    @property
    def answer(self) -> Holds:
        return self.known or Holds(self.holds.data)
