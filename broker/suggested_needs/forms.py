"""Forms about suggested needs."""

from __future__ import annotations

from broker.clock import coming_quarters
from broker.fields import AuthorityField, DaysField, LongTextField, SelectField, TextField
from broker.fields.drawn import Form
from broker.models.authority import Authority
from broker.models.programme import Theme
from broker.models.suggested_need import SuggestedNeed
from broker.needs.beginning import NeedForm
from broker.needs.page_forms import CHOOSE, by_id, named
from broker.needs.queries import themes
from broker.needs.terms import TEXT_LENGTH, TITLE_LENGTH


class SuggestForm(Form):
    receiver = AuthorityField("Authority", hint="It alone decides what to do with this.")
    title = TextField("What help could be about", max_length=TITLE_LENGTH)
    theme = SelectField("Theme")
    strengths = LongTextField(
        "What is going well there, and could be built on", max_length=TEXT_LENGTH, optional=True
    )
    because = LongTextField(
        "What you have seen that makes you suggest it",
        hint="The authority's director and improvement lead read this, and nobody else.",
        max_length=TEXT_LENGTH,
    )
    days = DaysField("How many days might help?", hint="A guess. They can change it.")

    @classmethod
    def among(cls, authorities: list[Authority]) -> SuggestForm:
        form = cls()
        form._authorities = {one.code: one for one in authorities}
        form._themes = by_id(themes())
        form.receiver.choices = [(code, one.name) for code, one in form._authorities.items()]
        form.theme.choices = [CHOOSE, *named(form._themes)]
        return form

    _authorities: dict[str, Authority]
    _themes: dict[str, Theme]

    @property
    def chosen_receiver(self) -> Authority:
        return self._authorities[self.receiver.data]

    @property
    def chosen_theme(self) -> Theme:
        return self._themes[self.theme.data]


def take_up_form(suggested: SuggestedNeed) -> NeedForm:
    """The questions that begin a need, answered as was suggested, for the authority to change."""
    started = {
        "title": suggested.title,
        "theme": str(suggested.theme_id),
        "days_wanted": suggested.days_wanted,
        "first_quarter": str(coming_quarters()[1]),
    }
    return NeedForm.blank([suggested.receiver], started)
