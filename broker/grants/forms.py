"""The forms for grants and payments."""

from __future__ import annotations

from typing import Any

from broker.fields import AuthorityField, DateField, Form, LongTextField, SelectField, TextField
from broker.grants.actions import REASON_LENGTH, REFERENCE_LENGTH
from broker.money import format_money, parse_money


class MoneyField(TextField):
    """An amount in pounds. Data: int pence."""

    direction = "ltr"
    classes = "govuk-input--width-10"
    more = {"prefix": {"text": "£"}, "inputmode": "decimal", "spellcheck": False}

    def process_data(self, value: int | None) -> None:
        self.data = value
        self.shown = "" if value is None else format_money(value).removeprefix("£")

    def read(self, text: str) -> Any:
        try:
            return parse_money(text)
        except ValueError as error:
            raise ValueError(f"{self.named}: {error}") from None


class TermsForm(Form):
    pence = MoneyField("Amount for the year")
    day_rate = MoneyField("Day rate", hint="What a day of support is worth under this grant.")


class GrantForm(TermsForm):
    provider = AuthorityField("Provider")
    year = SelectField("Financial year")


class ChangeForm(TermsForm):
    reason = LongTextField("Why", max_length=REASON_LENGTH, rows=3)


class PaymentForm(Form):
    pence = MoneyField("Amount")
    paid_on = DateField("Paid on")
    reference = TextField("Reference", max_length=REFERENCE_LENGTH, optional=True)


class TakeBackForm(Form):
    reason = LongTextField("Why it does not count", max_length=REASON_LENGTH, rows=3)
