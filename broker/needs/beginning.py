"""The questions that begin a need, for its own authority or for what was suggested to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broker.clock import Quarter, coming_quarters
from broker.fields import DaysField, Form, SelectField, TextField
from broker.models.authority import Authority
from broker.models.programme import Programme, Theme
from broker.needs import queries
from broker.needs.page_forms import CHOOSE, TITLE_HINT, by_id, named, quarters_named
from broker.needs.terms import TITLE_LENGTH, NeedTerms


class NeedForm(Form):
    """The questions that begin a need: those of a small ask."""

    receiver = SelectField("Which authority is this for?")
    title = TextField("Title", hint=TITLE_HINT, max_length=TITLE_LENGTH)
    theme = SelectField("The theme that matters most")
    days_wanted = DaysField("Days wanted", hint="Whole days or quarters of a day, like 12.5.")
    first_quarter = SelectField("The first quarter")
    programme = SelectField(
        "The programme", hint="Own days: an authority gives its own time, and any may offer."
    )

    _authorities: dict[str, Authority]
    _programmes: dict[str, Programme]
    _themes: dict[str, Theme]

    @classmethod
    def blank(
        cls, receivers: list[Authority], started: Mapping[str, Any] | None = None
    ) -> NeedForm:
        """For a new need of one of the authorities. One only: it is not asked for."""
        form = cls(data=started)
        form._authorities = {str(authority.id): authority for authority in receivers}
        form._programmes = by_id(queries.open_programmes())
        form._themes = by_id(queries.themes())
        form.receiver.choices = [CHOOSE, *named(form._authorities)]
        form.programme.choices = [CHOOSE, *named(form._programmes)]
        form.theme.choices = [CHOOSE, *named(form._themes)]
        form.first_quarter.choices = [CHOOSE, *quarters_named(coming_quarters())]
        if len(receivers) == 1:
            del form.receiver
        return form

    @property
    def authority(self) -> Authority:
        if "receiver" in self:
            return self._authorities[self.receiver.data]
        return next(iter(self._authorities.values()))

    @property
    def chosen_programme(self) -> Programme:
        return self._programmes[self.programme.data]

    @property
    def terms(self) -> NeedTerms:
        """What was typed, once it is valid."""
        days = self.days_wanted.data or 0
        return NeedTerms(
            title=self.title.data,
            themes=(self._themes[self.theme.data],),
            choices=(),
            days_wanted=days,
            days_least=max(1, days),
            first_quarter=Quarter.named(self.first_quarter.data),
        )
