"""The receiver's form about how a partnership went, and the provider's about what it learned."""

from __future__ import annotations

from broker.feedback.actions import ANSWER_LENGTH, RATINGS, Answers, Learned
from broker.fields import CheckboxField, Form, LongTextField, RadiosField
from broker.models.learning import ProviderFeedback
from broker.models.match import Side
from broker.models.partnership import Feedback, Holds, PartInPlan, Partnership

ENDS = {1: "1, not at all", 5: "5, very"}
WORTH = {1: "1, not at all", 5: "5, very much"}
YES, NO = "yes", "no"


class FeedbackForm(Form):
    part_in_plan = RadiosField(
        "What part did this help have in your improvement plan?",
        choices=[(part.value, part.words) for part in PartInPlan],
    )
    outcomes_helped = LongTextField(
        "Which outcomes for children and families did it help with?", max_length=ANSWER_LENGTH
    )
    what_worked = LongTextField("What worked well?", max_length=ANSWER_LENGTH)
    effectiveness = RadiosField(
        "How effective was the help, all in all?",
        choices=[(str(number), ENDS.get(number, str(number))) for number in RATINGS],
    )
    suggestions = LongTextField(
        "What could be better next time?", max_length=ANSWER_LENGTH, optional=True
    )
    would_recommend = RadiosField(
        "Would you recommend this help to another authority?", choices=[(YES, "Yes"), (NO, "No")]
    )
    may_be_named = CheckboxField(
        "Our authority may be named",
        hint="Then everybody can read your answer on what worked, with your authority's name. "
        "You can take this back at any time.",
    )

    holds = RadiosField(
        "Does what was gained still hold?",
        choices=[(holds.value, holds.words) for holds in Holds],
    )

    @classmethod
    def of(cls, partnership: Partnership) -> FeedbackForm:
        """Empty, or as it was answered before. Whether it holds is asked months after the end, of
        whom has not looked back yet."""
        form = cls._filled(partnership.feedback_of(Side.RECEIVER))
        months = partnership.moment.months if partnership.moment else None
        if not months or partnership.looked_back_after(months):
            del form.holds
        return form

    @classmethod
    def _filled(cls, given: Feedback | None) -> FeedbackForm:
        if given is None:
            return cls()
        return cls(
            holds=given.holds.value if given.holds else None,
            part_in_plan=given.part_in_plan.value,
            outcomes_helped=given.outcomes_helped,
            what_worked=given.what_worked,
            effectiveness=given.effectiveness,
            suggestions=given.suggestions,
            would_recommend=YES if given.would_recommend else NO,
            may_be_named=given.may_be_named,
        )

    @property
    def answers(self) -> Answers:
        return Answers(
            part_in_plan=PartInPlan(self.part_in_plan.data),
            outcomes_helped=self.outcomes_helped.data,
            what_worked=self.what_worked.data,
            effectiveness=int(self.effectiveness.data),
            suggestions=self.suggestions.data,
            would_recommend=self.would_recommend.data == YES,
            may_be_named=self.may_be_named.data,
            holds=Holds(self.holds.data) if self.holds else None,
        )


class LearnedForm(Form):
    learned = LongTextField(
        "What did you learn, from the other authority and from giving help?",
        max_length=ANSWER_LENGTH,
    )
    at_home = LongTextField(
        "What has changed at home because of it, or will?", max_length=ANSWER_LENGTH
    )
    worth = RadiosField(
        "How much was it worth the time of your staff?",
        choices=[(str(number), WORTH.get(number, str(number))) for number in RATINGS],
    )
    suggestions = LongTextField(
        "What would you do differently?", max_length=ANSWER_LENGTH, optional=True
    )
    would_again = RadiosField("Would you give such help again?", choices=[(YES, "Yes"), (NO, "No")])

    @classmethod
    def of(cls, given: ProviderFeedback | None) -> LearnedForm:
        """Empty, or as it was answered before."""
        if given is None:
            return cls()
        return cls(
            learned=given.learned,
            at_home=given.at_home,
            worth=str(given.worth),
            suggestions=given.suggestions,
            would_again=YES if given.would_again else NO,
        )

    @property
    def answers(self) -> Learned:
        return Learned(
            learned=self.learned.data,
            at_home=self.at_home.data,
            worth=int(self.worth.data),
            suggestions=self.suggestions.data,
            would_again=self.would_again.data == YES,
        )
