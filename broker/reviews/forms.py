"""Forms of a review: each side's answers, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import ValidationError

from broker.fields import DateField, Form, LongTextField, RadiosField, TextField
from broker.models.review import RATINGS, Asked, Review
from broker.reviews.actions import (
    NAME_LENGTH,
    TEXT_LENGTH,
    WHO_LENGTH,
    WORDS_LENGTH,
    Answer,
    Decision,
    Measure,
    Record,
)

ENDS = {1: "1, disagree", 5: "5, agree"}
MEASURES, DECISIONS = tuple(range(1, 7)), (1, 2, 3, 4)


class AnswersForm(Form):
    """A rating and what shows it, for all that can be asked; `of` keeps what a review asks."""

    @classmethod
    def of(cls, review: Review, said: Mapping[Asked, tuple[int, str]]) -> AnswersForm:
        typed: dict[str, str] = {}
        for asked, (rating, shows) in said.items():
            typed |= {asked.value: str(rating), f"shows_{asked.value}": shows}
        form = cls(**typed)
        for asked in set(Asked) - set(review.asks):
            del form[asked.value]
            del form[f"shows_{asked.value}"]
        return form

    @property
    def answers(self) -> dict[Asked, Answer]:
        return {
            asked: Answer(int(self[asked.value].data), self[f"shows_{asked.value}"].data)
            for asked in Asked
            if asked.value in self
        }


for _asked in Asked:
    _ratings = [(str(rating), ENDS.get(rating, str(rating))) for rating in RATINGS]
    setattr(AnswersForm, _asked.value, RadiosField(_asked.words, choices=_ratings))
    _shows = TextField(
        "What shows it", max_length=WORDS_LENGTH, optional=True, id=f"shows-{_asked.value}"
    )
    setattr(AnswersForm, f"shows_{_asked.value}", _shows)


class RecordForm(Form):
    """What came of a review. `known`: measures that stand in it already, by name; of those that
    nobody says anything of, nothing is recorded."""

    known: frozenset[str] = frozenset()
    held_on = DateField("When it was held")
    summary = LongTextField(
        "What you found",
        hint="Strengths first. The coordinator reads this once both authorities have.",
        max_length=TEXT_LENGTH,
    )
    next_on = DateField("When you meet next", optional=True)

    @classmethod
    def of(cls, held_on: date, names: Sequence[str]) -> RecordForm:
        """A form with the measures to say something of."""
        begun = {f"name_{n}": name for n, name in zip(MEASURES, names, strict=False)}
        form = cls(held_on=held_on, **begun)
        form.known = frozenset(names)
        return form

    @property
    def said(self) -> Record:
        return Record(
            held_on=self.held_on.data,
            summary=self.summary.data,
            next_on=self.next_on.data,
            measures=list(self._measures()),
            decisions=list(self._decisions()),
        )

    def _measures(self) -> Iterator[Measure]:
        for n in MEASURES:
            parts = [self[f"{part}_{n}"].data for part in PARTS_OF_MEASURE]
            if all(parts):
                yield Measure(*parts)

    def _decisions(self) -> Iterator[Decision]:
        for n in DECISIONS:
            if self[f"decision_{n}"].data:
                yield Decision(*(self[f"{part}_{n}"].data for part in PARTS_OF_DECISION))


PARTS_OF_MEASURE = ("name", "value", "as_of", "source")
PARTS_OF_DECISION = ("decision", "who", "due")


def _all_of(parts: tuple[str, ...], says: str) -> Any:
    """What is begun is filled in whole, and the parts do not stand alone."""

    def check(form: Form, field: TextField) -> None:
        number = field.name.rpartition("_")[2]
        filled = [bool(form[f"{part}_{number}"].data) for part in parts]
        if field.data in getattr(form, "known", ()) and not any(filled[1:]):
            return
        if any(filled) and not all(filled):
            raise ValidationError(says)

    return check


def _text(label: str, most: int, check: Any = None) -> TextField:
    validators = [check] if check else []
    return TextField(label, optional=True, max_length=most, validators=validators)


for _n in MEASURES:
    _whole = _all_of(PARTS_OF_MEASURE, "Say what it is, where it stands, when, and from where")
    setattr(RecordForm, f"name_{_n}", _text(f"Measure {_n}", NAME_LENGTH, _whole))
    setattr(RecordForm, f"value_{_n}", _text(f"Where it stands ({_n})", WORDS_LENGTH))
    setattr(RecordForm, f"as_of_{_n}", DateField(f"On which date ({_n})", optional=True))
    setattr(RecordForm, f"source_{_n}", _text(f"From where ({_n})", NAME_LENGTH))
for _n in DECISIONS:
    _whole = _all_of(PARTS_OF_DECISION, "Say what was decided, who does it, and by when")
    setattr(RecordForm, f"decision_{_n}", _text(f"Decision {_n}", WORDS_LENGTH, _whole))
    setattr(RecordForm, f"who_{_n}", _text(f"Who does it ({_n}), by role", WHO_LENGTH))
    setattr(RecordForm, f"due_{_n}", DateField(f"By when ({_n})", optional=True))
