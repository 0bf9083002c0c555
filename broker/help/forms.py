"""Forms about everybody who helps one authority."""

from __future__ import annotations

from datetime import date

from broker.fields import DateField, DaysField, Form, LongTextField, SelectField, TextField
from broker.help.actions import AIM_LENGTH, HELPER_LENGTH, WHAT_LENGTH, Said
from broker.models.help import LiveHelp
from broker.models.programme import Theme
from broker.needs.page_forms import CHOOSE, by_id, named
from broker.needs.queries import themes


class HelpForm(Form):
    """Help from outside the exchange."""

    helper = TextField(
        "Who helps?",
        hint="An authority, a programme or a body, like 'Improvement board adviser'. No names.",
        max_length=HELPER_LENGTH,
    )
    theme = SelectField("The theme it is about most")
    what = TextField("What they do", max_length=WHAT_LENGTH, optional=True)
    starts_on = DateField("Since when")
    ends_on = DateField("Until when", optional=True)
    each_quarter = DaysField("Days in a quarter, if you know", optional=True)

    @classmethod
    def of(cls, live: LiveHelp | None) -> HelpForm:
        names = ("helper", "what", "starts_on", "ends_on", "each_quarter")
        data = {name: getattr(live, name) for name in names} if live else {}
        form = cls(data={**data, "theme": str(live.theme_id)} if live else None)
        form._themes = by_id(themes())
        if live is not None:
            form._themes.setdefault(str(live.theme_id), live.theme)
        form.theme.choices = [CHOOSE, *named(form._themes)]
        return form

    _themes: dict[str, Theme]

    @property
    def said(self) -> Said:
        starts: date = self.starts_on.data
        return Said(
            helper=self.helper.data,
            theme=self._themes[self.theme.data],
            starts_on=starts,
            ends_on=self.ends_on.data,
            what=self.what.data or "",
            each_quarter=self.each_quarter.data,
        )


class AimForm(Form):
    aim = LongTextField(
        "What should everybody who helps work towards in this quarter?",
        hint="One or two sentences. Those who may read this page read it too.",
        max_length=AIM_LENGTH,
        rows=3,
        optional=True,
    )
