"""The base form, and the base of every field: a label, a hint, an error, drawn by a component."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field

Words = str | Callable[[], str]
Choices = Iterable[tuple[str, ...]]


def now_said(given: Any) -> Any:
    return given() if callable(given) else given


def _component(name: str, params: Mapping[str, Any]) -> Markup:
    """A govuk component as HTML."""
    file = f"govuk_frontend_jinja/components/{name}/macro.html"
    macros = current_app.jinja_env.get_template(file).module
    return Markup(getattr(macros, "govuk" + name.title().replace("-", ""))(params))


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form. Templates know it as `form`."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """What was posted as a form, though it be empty; never JSON."""
            if isinstance(formdata, MultiDict):
                return formdata
            return request.form if form.is_submitted() else None

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """What is wrong, in the order of the page: the id of the input ('' for none), words."""
        summary = [("", words) for words in self.form_errors]
        for field in self:
            target = field.error_target if isinstance(field, DrawnField) else ""
            summary += [(target, words) for words in field.errors]
        return summary


class DrawnField(Field):  # type: ignore[misc]
    """A field with a hint, drawn by a component. `shown` is what its inputs hold."""

    component = "input"
    missing = "Fill in {}"

    def __init__(
        self,
        label: Words = "",
        *,
        hint: Words = "",
        optional: bool = False,
        later: bool = False,
        **kwargs: Any,
    ) -> None:
        self.hint: str = now_said(hint)
        self.is_later = later
        self.is_optional = optional or later
        self.shown: Any = ""
        super().__init__(now_said(label), **kwargs)

    def __call__(self, **overrides: Any) -> Markup:
        return _component(self.component, {**self.params(), **overrides})

    @property
    def error_target(self) -> str:
        """The id of the input that an error leads to."""
        return str(self.id)

    @property
    def named(self) -> str:
        """The label, quoted, for messages."""
        return f"‘{self.label.text}’"

    def says_missing(self) -> str:
        return self.missing.format(self.named)

    def wrong(self, words: str) -> ValueError:
        return ValueError(f"{self.named} {words}")

    @property
    def label_words(self) -> str:
        """The label as the page shows it. What may come later is needed all the same."""
        is_optional = self.is_optional and not self.is_later
        return f"{self.label.text} (optional)" if is_optional else str(self.label.text)

    def label_params(self, classes: str) -> dict[str, str]:
        return {"text": self.label_words, "classes": classes}

    def params(self) -> dict[str, Any]:
        """What every component takes."""
        drawn: dict[str, Any] = {"id": self.id, "name": self.name}
        drawn["label"] = self.label_params("govuk-label--s")
        if self.hint:
            drawn["hint"] = {"text": self.hint}
        if self.errors:
            drawn["errorMessage"] = {"html": Markup("<br>").join(self.errors)}
        return drawn

    def process_data(self, value: Any) -> None:
        self.data = value
        self.shown = "" if value is None else str(value)
