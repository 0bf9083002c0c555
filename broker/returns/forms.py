"""The words of a return, and what becomes of days not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from broker.clock import Quarter
from broker.days import format_days
from broker.fields import Form, LongTextField, RadiosField
from broker.models.return_ import Return
from broker.returns.actions import WORDS_LENGTH
from broker.returns.sections import COMMENT_LENGTH
from broker.returns.sections import WORDS_LENGTH as SECTION_LENGTH
from broker.returns.settling import Due

HINTS = {
    "outcomes": "For children, for practice, for the people who work there.",
    "measured": "The indicator, audit or survey; what it was before, and what it is now.",
    "evidence": "What shows that the help made the difference, and what else may have.",
    "priorities": "What you and the receivers will do next.",
    "reflection": "What you learned in six months about giving help, and would do otherwise.",
    "case_study": "One piece of work, so told that others can use it. Name no child or family.",
}


class WordsForm(Form):
    """A field for each of what a return asks people to write (`about` leaves out the others)."""

    @classmethod
    def about(cls, return_: Return) -> WordsForm:
        form: WordsForm = type("AskedWordsForm", (cls,), _word_fields(return_.words_asked))(
            obj=return_
        )
        form.asked = list(return_.words_asked)
        return form

    asked: list[str]

    @property
    def words(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in self.asked}


def _word_fields(asked: Mapping[str, str]) -> dict[str, LongTextField]:
    return {
        name: LongTextField(label, hint=HINTS[name], max_length=WORDS_LENGTH, optional=True)
        for name, label in asked.items()
    }


class SectionForm(Form):
    words = LongTextField(
        "What you did together, and what changed",
        hint="They read it before anybody else, and what they say about it goes with it.",
        max_length=SECTION_LENGTH,
        optional=True,
    )


class ReadForm(Form):
    comment = LongTextField(
        "What you want to say about it",
        hint="It goes with these words, wherever they are read.",
        max_length=COMMENT_LENGTH,
        optional=True,
    )


RELEASE = "release"


class CertifyForm(Form):
    """One question for each partnership with days that were committed and not given
    (`undelivered_12`); none, when there are none."""

    due: Sequence[Due]

    @classmethod
    def about(cls, due: Sequence[Due], rooms: Mapping[Quarter, int]) -> CertifyForm:
        fields = {field_name(one): RadiosField(one.words, choices=_choices(one, rooms))
                  for one in due}  # fmt: skip
        form: CertifyForm = type("FilledCertifyForm", (cls,), fields)()
        form.due = due
        return form

    @property
    def choices(self) -> dict[int, Quarter | None]:
        """Partnership's id → the quarter its days are carried to; None: released."""
        answers = {one.partnership.id: self[field_name(one)].data for one in self.due}
        return {
            id_: None if answer == RELEASE else Quarter(int(answer))
            for id_, answer in answers.items()
        }


def field_name(due: Due) -> str:
    return f"undelivered_{due.partnership.id}"


def _choices(due: Due, rooms: Mapping[Quarter, int]) -> list[tuple[str, ...]]:
    """Quarters with room enough, and releasing."""
    days = format_days(due.quarter_days)
    carry = [
        (str(quarter.ordinal), f"Carry {days} to {quarter}", f"{format_days(free)} are free then")
        for quarter, free in rooms.items()
        if free >= due.quarter_days
    ]
    return [*carry, (RELEASE, f"Release {days}", "The partnership then has that many fewer")]
