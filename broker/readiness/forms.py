"""The readiness check as a form, and the authority's answer to it."""

from __future__ import annotations

from typing import Any

from wtforms import ValidationError

from broker.fields import DateField, Form, LongTextField, RadiosField, SelectField, TextField
from broker.models.readiness import Item, Met, Readiness, WayOn
from broker.readiness.actions import TEXT_LENGTH, WHO_LENGTH, WORDS_LENGTH, Condition, Part

CONDITIONS = (1, 2, 3)
NOT_LOOKED_AT = ("", "Not looked at")


class CheckForm(Form):
    """Every item with what shows it; the outcome; conditions; the way on when not ready."""

    outcome = RadiosField(
        "Is the authority ready?",
        choices=[(readiness.value, readiness.words) for readiness in Readiness],
    )
    evidence = LongTextField("What shows it, in short", max_length=TEXT_LENGTH)
    way_on = RadiosField(
        "If it is not ready: what follows?",
        choices=[(way.value, way.words) for way in WayOn],
        optional=True,
    )
    come_back_on = DateField("When you look again", optional=True)

    @property
    def parts(self) -> list[Part]:
        return [
            Part(item, Met(met), self[f"why_{item.value}"].data or "")
            for item in Item
            if (met := self[f"met_{item.value}"].data)
        ]

    @property
    def conditions(self) -> list[Condition]:
        return [
            Condition(self[f"condition_{n}"].data, self[f"who_{n}"].data, self[f"due_{n}"].data)
            for n in CONDITIONS
            if self[f"condition_{n}"].data
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, once it is valid."""
        return {
            "outcome": Readiness(self.outcome.data),
            "evidence": self.evidence.data or "",
            "parts": self.parts,
            "conditions": self.conditions,
            "way_on": WayOn(self.way_on.data) if self.way_on.data else None,
            "come_back_on": self.come_back_on.data,
        }


def _whole(form: Form, field: TextField) -> None:
    """A condition names who does it and by when."""
    number = field.name.rpartition("_")[2]
    if field.data and not (form[f"who_{number}"].data and form[f"due_{number}"].data):
        raise ValidationError("Say who does it, and by when")


for _item in Item:
    _choices = [NOT_LOOKED_AT, *((met.value, met.words) for met in Met)]
    setattr(
        CheckForm, f"met_{_item.value}", SelectField(_item.words, choices=_choices, optional=True)
    )
    _why = TextField(
        f"What shows it: {_item.words.lower()}", max_length=WORDS_LENGTH, optional=True
    )
    setattr(CheckForm, f"why_{_item.value}", _why)
for _n in CONDITIONS:
    _what = TextField(
        f"Condition {_n}", max_length=WORDS_LENGTH, optional=True, validators=[_whole]
    )
    setattr(CheckForm, f"condition_{_n}", _what)
    _who = TextField(f"Who does it ({_n}), by role", max_length=WHO_LENGTH, optional=True)
    setattr(CheckForm, f"who_{_n}", _who)
    setattr(CheckForm, f"due_{_n}", DateField(f"By when ({_n})", optional=True))


class SeenForm(Form):
    comment = LongTextField(
        "What you want to say about it",
        hint="It travels with the check, wherever it is read.",
        max_length=TEXT_LENGTH,
        optional=True,
    )
