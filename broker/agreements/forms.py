"""Forms about how a partnership works, and who leads."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from broker.agreements.actions import KPI_LENGTH, MOST_KPIS, WORDS_LENGTH, Terms
from broker.agreements.leads import NOTE_LENGTH, WHO_LENGTH
from broker.fields import DateField, Form, LongTextField, TextField
from broker.models.agreement import WorkingAgreement

LABELS = {
    "aims_receiver": ("What the receiving authority wants from it", ""),
    "aims_provider": ("What the providing authority wants from it", "What you hope to learn too."),
    "scope_in": ("What is in scope", ""),
    "scope_out": ("What is out of scope", ""),
    "decides": ("Who decides what", ""),
    "boundaries": ("Boundaries", "What neither side does: for example, casework or inspection."),
    "no_surprises": ("No surprises", ""),
}
MAY_STAY_EMPTY = ("scope_out", "boundaries")


class AgreementForm(Form):
    """The words, then rows of measures that both watch."""

    @classmethod
    def of(cls, agreement: WorkingAgreement) -> AgreementForm:
        made: dict[str, object] = {
            name: LongTextField(
                label,
                max_length=WORDS_LENGTH,
                rows=3,
                hint=hint,
                optional=name in MAY_STAY_EMPTY,
                later=name not in MAY_STAY_EMPTY,
            )
            for name, (label, hint) in LABELS.items()
        }
        typed: dict[str, object] = {name: getattr(agreement, name) for name in LABELS}
        for number in range(MOST_KPIS):
            made[f"kpi_{number}"] = TextField(
                f"Measure {number + 1} that you both watch", max_length=KPI_LENGTH, optional=True
            )
            made[f"from_{number}"] = DateField(
                f"Measure {number + 1} says something from", optional=True
            )
        for number, kpi in enumerate(agreement.kpis):
            typed |= {f"kpi_{number}": kpi.name, f"from_{number}": kpi.relevant_on}
        form: AgreementForm = type("FilledAgreementForm", (cls,), made)(data=typed)
        return form

    def validate(self, extra_validators: object = None) -> bool:
        is_right = bool(super().validate(extra_validators))
        for number in range(MOST_KPIS):
            name, on = self[f"kpi_{number}"], self[f"from_{number}"]
            if bool(name.data) is not bool(on.data) and not on.errors:
                missing = on if name.data else name
                missing.errors = [*missing.errors, "Give both: the measure, and from when."]
                is_right = False
        return is_right

    @property
    def terms(self) -> Terms:
        return Terms(**{field.name: self[field.name].data for field in fields(Terms)})

    @property
    def kpis(self) -> list[tuple[str, date]]:
        rows = [(self[f"kpi_{n}"].data, self[f"from_{n}"].data) for n in range(MOST_KPIS)]
        return [(name, on) for name, on in rows if name and on]


class LeadForm(Form):
    who = TextField(
        "Who holds it from today?",
        max_length=WHO_LENGTH,
        hint="A role, such as 'Head of the front door'.",
    )
    note = LongTextField(
        "A note for whoever takes over",
        max_length=NOTE_LENGTH,
        optional=True,
        hint="Where things stand, what was promised, what is next. Both sides can read it.",
    )
