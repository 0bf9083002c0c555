"""The administrators' form about a period of intervention."""

from __future__ import annotations

from broker.fields import DateField, Form, RadiosField, TextField
from broker.interventions.actions import SOURCE_LENGTH, Period
from broker.models.intervention import Intervention, InterventionKind


class InterventionForm(Form):
    kind = RadiosField("What kind", choices=[(kind.value, kind.words) for kind in InterventionKind])
    started_on = DateField("It began on", years=range(2000, 2101))
    ended_on = DateField("It ended on", years=range(2000, 2101), optional=True)
    source = TextField(
        "Where this is published",
        hint="The document's title and date, or the page's address.",
        max_length=SOURCE_LENGTH,
    )

    @classmethod
    def of(cls, intervention: Intervention) -> InterventionForm:
        return cls(
            kind=intervention.kind.value,
            started_on=intervention.started_on,
            ended_on=intervention.ended_on,
            source=intervention.source,
        )

    @property
    def period(self) -> Period:
        return Period(
            kind=InterventionKind(self.kind.data),
            started_on=self.started_on.data,
            ended_on=self.ended_on.data,
            source=self.source.data,
        )
