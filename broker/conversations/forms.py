"""Forms about asking, declining, and what came of a talk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from wtforms import ValidationError

from broker.clock import LONDON, Quarter, coming_quarters
from broker.conversations.actions import MESSAGE_LENGTH, NOTE_LENGTH
from broker.conversations.times import PLACE_LENGTH
from broker.fields import (
    CheckboxField,
    DateField,
    DaysField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.authority import Authority
from broker.models.match import Answer
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.programme import Theme
from broker.needs.terms import TITLE_LENGTH
from broker.taking import REASON_LENGTH

CHOOSE = ("", "Choose one")
RATINGS = [("", "No answer"), *((str(number), str(number)) for number in range(1, 6))]
HALF_HOURS = [(f"{n // 2:02}:{n % 2 * 30:02}",) * 2 for n in range(16, 38)]  # 08:00 to 18:30
LENGTHS = [("30", "Half an hour"), ("60", "One hour"), ("90", "An hour and a half")]
MESSAGE_LABEL = "Your message, in a sentence"
MESSAGE_HINT = "They read it before they know who you are, so leave your authority's name out."


class SmallAskForm(Form):
    """An ask in a minute about one offer: one sentence, and what it starts with under 'More'."""

    receiver = SelectField("Which authority asks?")
    message = LongTextField(MESSAGE_LABEL, hint=MESSAGE_HINT, max_length=MESSAGE_LENGTH)
    title = TextField(
        "What would you like help with?",
        hint="They read this too. It starts as the offer's own title.",
        max_length=TITLE_LENGTH,
    )
    theme = SelectField("Theme")
    days = DaysField("How many days?", hint="Whole days or quarters of a day, like 2.5.")
    quarter = SelectField("When?")

    MORE = ("title", "theme", "days", "quarter")

    @classmethod
    def about(
        cls, offer: Offer, receivers: list[Authority], started: Mapping[str, Any]
    ) -> SmallAskForm:
        """A form that starts as told; without two authorities it does not ask which."""
        form = cls(data=started)
        form._authorities = {str(authority.id): authority for authority in receivers}
        form._themes = {str(row.theme_id): row.theme for row in offer.current.themes}
        if len(receivers) < 2:
            del form.receiver
        else:
            named = [(key, authority.name) for key, authority in form._authorities.items()]
            form.receiver.choices = [CHOOSE, *named]
        form.theme.choices = [(key, theme.name) for key, theme in form._themes.items()]
        form.quarter.choices = [(str(q), f"{q} ({q.months})") for q in coming_quarters()]
        return form

    _authorities: dict[str, Authority]
    _themes: dict[str, Theme]

    @property
    def has_more_to_put_right(self) -> bool:
        return any(self[name].errors for name in self.MORE)

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, to start a form with later."""
        return {name: self[name].data for name in ("message", *self.MORE)}

    @property
    def authority(self) -> Authority:
        if "receiver" in self:
            return self._authorities[self.receiver.data]
        return next(iter(self._authorities.values()))

    @property
    def chosen_theme(self) -> Theme:
        return self._themes[self.theme.data]

    @property
    def chosen_quarter(self) -> Quarter:
        return Quarter.named(self.quarter.data)


class AskForNeedForm(Form):
    """Asking about an offer for a need there is."""

    need = RadiosField("Which need?")
    message = LongTextField(MESSAGE_LABEL, hint=MESSAGE_HINT, max_length=MESSAGE_LENGTH)

    @classmethod
    def choosing(cls, needs: list[Need]) -> AskForNeedForm:
        form = cls()
        form._needs = {str(need.id): need for need in needs}
        form.need.choices = [(key, need.title) for key, need in form._needs.items()]
        return form

    _needs: dict[str, Need]

    @property
    def chosen_need(self) -> Need:
        return self._needs[self.need.data]


class AskForm(Form):
    message = LongTextField(MESSAGE_LABEL, hint=MESSAGE_HINT, max_length=MESSAGE_LENGTH)


class DeclineForm(Form):
    reason = LongTextField(
        "Why you decline",
        hint="The regional coordinator of those who asked reads this.",
        max_length=REASON_LENGTH,
    )
    is_reason_shared = CheckboxField("Share this reason with them")


class OutcomeForm(Form):
    answer = RadiosField(
        "Would you work together on this?",
        choices=[(answer.value, answer.words) for answer in Answer],
    )
    values_rating = SelectField(
        "Our values and ways of working fit (1 not at all, 5 very well)",
        choices=RATINGS,
        optional=True,
    )
    confidence_rating = SelectField(
        "This help would make the difference (1 not at all, 5 very much)",
        choices=RATINGS,
        optional=True,
    )
    reason = LongTextField(
        "Why",
        hint="It stays with your authority, unless you share it below.",
        max_length=NOTE_LENGTH,
        rows=3,
        optional=True,
    )
    is_reason_shared = CheckboxField("Share this reason with the other side")
    note = LongTextField("A note for your own side", max_length=NOTE_LENGTH, optional=True)

    @property
    def values_given(self) -> int | None:
        return int(self.values_rating.data) if self.values_rating.data else None

    @property
    def confidence_given(self) -> int | None:
        return int(self.confidence_rating.data) if self.confidence_rating.data else None


class TimesForm(Form):
    """Up to three times to talk, each a day and a half hour in London."""

    first = DateField("First day")
    first_at = SelectField("Starts, on the first day", choices=[CHOOSE, *HALF_HOURS])
    second = DateField("Second day", optional=True)
    second_at = SelectField(
        "Starts, on the second day", choices=[CHOOSE, *HALF_HOURS], optional=True
    )
    third = DateField("Third day", optional=True)
    third_at = SelectField("Starts, on the third day", choices=[CHOOSE, *HALF_HOURS], optional=True)
    minutes = RadiosField("How long", choices=LENGTHS, default="60")
    place = TextField(
        "Where, or how to join", hint="A room, a phone number or a link.", max_length=PLACE_LENGTH
    )

    def validate_second_at(self, field: SelectField) -> None:
        self._both_or_neither(self.second, field)

    def validate_third_at(self, field: SelectField) -> None:
        self._both_or_neither(self.third, field)

    def _both_or_neither(self, day: DateField, at: SelectField) -> None:
        if not day.errors and bool(day.data) != bool(at.data):
            raise ValidationError("Give both the day and the time, or neither.")

    @property
    def starts(self) -> list[datetime]:
        pairs = (
            (self.first, self.first_at),
            (self.second, self.second_at),
            (self.third, self.third_at),
        )
        return [
            datetime.combine(day.data, time.fromisoformat(at.data), LONDON).astimezone(UTC)
            for day, at in pairs
            if day.data and at.data
        ]
