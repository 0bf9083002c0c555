"""Fields to choose in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import current_app
from markupsafe import Markup
from wtforms import ValidationError

from broker.fields.drawn import Choices, DrawnField, Form, Words, now_said


class ChoiceField(DrawnField):
    """One of `choices`: (value, label) or (value, label, hint). Data: the value, a str."""

    component = "select"
    missing = "Choose an answer to {}"
    not_listed = "must be one of the answers listed"

    def __init__(
        self,
        label: Words = "",
        *,
        choices: Choices | Callable[[], Choices] | None = None,
        **kwargs: Any,
    ) -> None:
        self.choices: list[tuple[str, ...]] = list(now_said(choices) or [])
        super().__init__(label, **kwargs)

    @property
    def values(self) -> list[str]:
        return [choice[0] for choice in self.choices]

    def process_data(self, value: Any) -> None:
        self.data = None if value is None else str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            if not self.is_optional:
                raise ValidationError(self.says_missing())
        elif self.data not in self.values:
            raise ValidationError(str(self.wrong(self.not_listed)))

    def is_chosen(self, value: str) -> bool:
        return bool(value == self.data)

    def items(self, mark: str) -> list[dict[str, Any]]:
        """The choices as a component takes them; `mark` is its word for a chosen one."""
        drawn = []
        for value, label, *hint in self.choices:
            item: dict[str, Any] = {"value": value, "text": label, mark: self.is_chosen(value)}
            drawn.append({**item, "hint": {"text": hint[0]}} if hint else item)
        return drawn


class SelectField(ChoiceField):
    """A list to choose one from. The choice ('', 'Choose one') stands for none."""

    def params(self) -> dict[str, Any]:
        return {**super().params(), "items": self.items("selected")}


class AuthorityField(SelectField):
    """An authority by its key: a box to type in where scripts run, a long list elsewhere."""

    def params(self) -> dict[str, Any]:
        none = [] if "" in self.values else [{"value": "", "text": "Choose an authority"}]
        drawn = super().params()
        items = [*none, *drawn["items"]]
        return {**drawn, "items": items, "attributes": {"data-autocomplete": "yes"}}


class RadiosField(ChoiceField):
    component = "radios"

    @property
    def error_target(self) -> str:
        return str(self.id) if self.choices else ""

    def params(self) -> dict[str, Any]:
        legend = {"legend": self.label_params("govuk-fieldset__legend--s")}
        own = {"fieldset": legend, "idPrefix": self.id, "items": self.items("checked")}
        return {**super().params(), **own}


class CheckboxesField(RadiosField):
    """Any of `choices`. Data: list of values, in the order of the choices.

    Instead of choices it takes `groups`, (heading, choices) each, and is drawn under headings.
    """

    component = "checkboxes"
    missing = "Choose at least one answer to {}"

    def __init__(self, label: Words = "", **kwargs: Any) -> None:
        self._groups: list[tuple[str, list[tuple[str, ...]]]] = []
        super().__init__(label, **kwargs)

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, ...]]]]:
        return self._groups

    @groups.setter
    def groups(self, groups: Iterable[tuple[str, Choices]]) -> None:
        self._groups = [(heading, list(choices)) for heading, choices in groups]
        self.choices = [choice for _, choices in self._groups for choice in choices]

    def __call__(self, **overrides: Any) -> Markup:
        if not self.groups:
            return super().__call__(**overrides)
        macros = current_app.jinja_env.get_template("components/grouped_checkboxes.html").module
        return Markup(macros.grouped_checkboxes(self))  # type: ignore[attr-defined]

    def process_data(self, value: Iterable[Any] | None) -> None:
        self.data = [str(one) for one in value or ()]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(dict.fromkeys(valuelist))

    def pre_validate(self, form: Form) -> None:
        if not self.data and not self.is_optional:
            raise ValidationError(self.says_missing())
        if not set(self.data) <= set(self.values):
            raise ValidationError(str(self.wrong("must be answers from the list")))
        self.data = [value for value in self.values if value in self.data]

    def is_chosen(self, value: str) -> bool:
        return value in self.chosen

    @property
    def chosen(self) -> list[str]:
        return list(self.data or [])


class CheckboxField(DrawnField):
    """One box. Data: bool. `must` be ticked, with `says` as the message when it is not."""

    component = "checkboxes"

    def __init__(self, label: Words = "", *, must: bool = False, says: str = "", **kwargs: Any):
        self.must = must
        self.says = says
        super().__init__(label, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = "yes" in valuelist
        if self.must and not self.data:
            raise ValueError(self.says or f"Tick {self.named} to go on")

    def params(self) -> dict[str, Any]:
        drawn = super().params()
        item = {"value": "yes", "text": self.label.text, "checked": self.data}
        if "hint" in drawn:
            item["hint"] = drawn.pop("hint")
        return {**drawn, "idPrefix": self.id, "items": [item]}
