"""The administrators' forms about a programme."""

from __future__ import annotations

from broker.fields import CheckboxField, DateField, Form, SelectField, TextField
from broker.models.programme import CODE_LENGTH, NAME_LENGTH, Programme
from broker.programmes.actions import Terms

YEARS = range(2000, 2101)


class ProgrammeForm(Form):
    name = TextField("Name", max_length=NAME_LENGTH)
    funder = TextField("Who funds it", max_length=NAME_LENGTH)
    opens_on = DateField("First day", years=YEARS)
    closes_on = DateField(
        "Last day",
        hint="Nothing new begins after it. Leave it empty while no last day is known.",
        years=YEARS,
        optional=True,
    )

    @property
    def terms(self) -> Terms:
        return Terms(
            name=self.name.data,
            funder=self.funder.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
        )


class AddForm(ProgrammeForm):
    code = TextField(
        "Short code",
        hint="It stands in files and commands, and stays. Leave it empty to have one made from "
        "the name.",
        max_length=CODE_LENGTH,
        optional=True,
    )
    like = SelectField(
        "Its rules begin as",
        hint="Its managers change weights and limits later, each time as a new version.",
        optional=True,
    )


class ChangeForm(ProgrammeForm):
    is_sure = CheckboxField(
        "It closes with this under way, and I know what then happens",
        hint="Asked for only where the days above would close it sooner.",
    )

    @classmethod
    def of(cls, programme: Programme) -> ChangeForm:
        return cls(**vars(Terms.of(programme)))
