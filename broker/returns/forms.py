"""The words of a return, and what becomes of days not given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from broker.clock import Quarter
from broker.days import format_days
from broker.fields import Form, LongTextField, RadiosField
from broker.returns.actions import WORDS_LENGTH
from broker.returns.settling import Due


class WordsForm(Form):
    outcomes = LongTextField("Outcomes: what changed", max_length=WORDS_LENGTH, optional=True)
    priorities = LongTextField(
        "Priorities for next quarter", max_length=WORDS_LENGTH, optional=True
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
