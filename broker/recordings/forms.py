"""Forms about what was agreed elsewhere."""

from __future__ import annotations

from typing import Any

from broker.clock import Quarter, coming_quarters
from broker.fields import (
    AuthorityField,
    DateField,
    DaysField,
    FileField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.offer import Delivery
from broker.models.programme import Programme, Theme
from broker.models.recording import Recording, by_quarter
from broker.needs.page_forms import CHOOSE, by_id, named
from broker.needs.queries import themes
from broker.recordings import queries
from broker.recordings.actions import TEXT_LENGTH, TITLE_LENGTH
from broker.recordings.agreed import Agreed, Given
from broker.support_days.entry import ACTIVITY_LENGTH, HOW_GIVEN

QUARTERS_SHOWN = 8
PARTS = {Side.PROVIDER: "gives the help", Side.RECEIVER: "receives the help"}
Parts = dict[str, tuple[Authority, Side]]


class RecordForm(Form):
    """What was agreed, for one side; days to come have a field for each coming quarter."""

    part = RadiosField("Your part")
    other = AuthorityField("The other authority")
    title = TextField("What the help is about", max_length=TITLE_LENGTH)
    theme = SelectField("Theme")
    programme = SelectField("Programme", hint="Own days: an authority gives its own time.")
    aims = LongTextField("What it is to change for children", max_length=TEXT_LENGTH, optional=True)
    starts_on = DateField("When it started, or starts")

    _parts: Parts
    _others: dict[str, Authority]
    _themes: dict[str, Theme]
    _programmes: dict[str, Programme]
    quarters: list[Quarter]

    @classmethod
    def of(cls, parts: Parts, recording: Recording | None = None) -> RecordForm:
        quarters = coming_quarters(QUARTERS_SHOWN)
        fields: dict[str, Any] = {
            _name(q): DaysField(f"Days to come in {q} ({q.months})", optional=True)
            for q in quarters
        }
        form: RecordForm = type("FilledRecordForm", (cls,), fields)(data=_data(recording, parts))
        form.quarters, form._parts = quarters, parts
        form._others = {one.code: one for one in queries.authorities()}
        form._themes, form._programmes = by_id(themes()), by_id(queries.programmes())
        form.part.choices = [(k, f"{one.name} {PARTS[side]}") for k, (one, side) in parts.items()]
        form.other.choices = [(code, one.name) for code, one in form._others.items()]
        form.theme.choices = [CHOOSE, *named(form._themes)]
        form.programme.choices = [CHOOSE, *named(form._programmes)]
        return form

    @property
    def side(self) -> Side:
        return self._parts[self.part.data][1]

    @property
    def agreed(self) -> Agreed:
        """What was typed, once it is valid."""
        (own, side), other = self._parts[self.part.data], self._others[self.other.data]
        is_given = side is Side.PROVIDER
        return self._between(own if is_given else other, other if is_given else own)

    def agreed_again(self, recording: Recording) -> Agreed:
        """The same between the same two authorities, in other words."""
        return self._between(recording.provider, recording.receiver)

    def _between(self, provider: Authority, receiver: Authority) -> Agreed:
        return Agreed(
            provider=provider,
            receiver=receiver,
            programme=self._programmes[self.programme.data],
            theme=self._themes[self.theme.data],
            title=self.title.data,
            starts_on=self.starts_on.data,
            aims=self.aims.data or "",
            to_come={q: self[_name(q)].data or 0 for q in self.quarters},
        )


def _name(quarter: Quarter) -> str:
    return f"days_{quarter.ordinal}"


def _data(recording: Recording | None, parts: Parts) -> dict[str, Any]:
    if recording is None:
        return {"part": next(iter(parts))} if len(parts) == 1 else {}
    is_given = recording.entered_side is Side.PROVIDER
    own, other = recording.receiver, recording.provider
    if is_given:
        own, other = other, own
    return {
        "part": f"{recording.entered_side.value}-{own.id}",
        "other": other.code,
        "title": recording.title,
        "theme": str(recording.theme_id),
        "programme": str(recording.programme_id),
        "aims": recording.aims,
        "starts_on": recording.starts_on,
        **{_name(q): days for q, days in by_quarter(recording.to_come).items()},
    }


class GivenForm(Form):
    days = DaysField("Days")
    given_on = DateField("Date")
    activity = TextField("What was done", max_length=ACTIVITY_LENGTH)
    delivery = RadiosField("How", choices=[(how.value, how.words) for how in HOW_GIVEN])

    @property
    def given(self) -> Given:
        how = Delivery(self.delivery.data)
        return Given(self.given_on.data, self.days.data or 0, self.activity.data, how)


class SheetForm(Form):
    file = FileField("The spreadsheet", hint="XLSX, ODS or CSV, in the layout of the empty sheet.")
