"""The grid of confirmed days: one field for each of the coming quarters."""

from __future__ import annotations

from collections.abc import Mapping

from broker.capacity.queries import QUARTERS_SHOWN, Place
from broker.clock import Quarter, coming_quarters
from broker.fields import DaysField, Form, SelectField


def field_name(quarter: Quarter) -> str:
    """A quarter's field, named for the quarter itself: a form that is sent after a quarter has
    ended cannot put its days one quarter on."""
    return f"days_{quarter.ordinal}"


class CapacityForm(Form):
    """Days by quarter (`days_8107` …) and partnerships at once."""

    quarters: list[Quarter]
    name_of = staticmethod(field_name)

    @classmethod
    def for_place(cls, place: Place) -> CapacityForm:
        """A form for the coming quarters, filled with the days confirmed so far."""
        quarters = coming_quarters(QUARTERS_SHOWN)
        most = place.programme.policy.partnerships_at_once
        fields = {field_name(q): DaysField(f"{q} ({q.months})", optional=True) for q in quarters}
        fields["at_once"] = SelectField(
            "Partnerships at once, in any one quarter",
            choices=[(str(n), str(n)) for n in range(most + 1)],
        )
        form: CapacityForm = type("FilledCapacityForm", (cls,), fields)(data=_typed(place, most))
        form.quarters = quarters
        return form

    @property
    def days(self) -> Mapping[Quarter, int]:
        """The days of the quarters that were sent; an emptied field means none."""
        sent = {q: self[field_name(q)] for q in self.quarters}
        return {q: field.data or 0 for q, field in sent.items() if field.raw_data}

    @property
    def partnerships(self) -> int:
        return int(self["at_once"].data)


def _typed(place: Place, most: int) -> dict[str, int | str]:
    held = {field_name(q): balance.offered for q, balance in place.balances.items()}
    at_once = place.capacity.at_once if place.capacity else most
    return {**held, "at_once": str(at_once)}
