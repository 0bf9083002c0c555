"""The form for a file of facts."""

from __future__ import annotations

from broker.facts.following import Records
from broker.fields import (
    AuthorityField,
    DateField,
    FileField,
    Form,
    LongTextField,
    NumberField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.authority import Authority
from broker.models.fact_import import Kind
from broker.taking import REASON_LENGTH

ABOUT = {
    Kind.JUDGEMENTS: "Ofsted's inspection outcomes (ODS), Data to Insight's ILACS overview (XLSX).",
    Kind.NEIGHBOURS: "The Department for Education's statistical neighbours (XLSX).",
    Kind.INDICATORS: "Long tables of the Local Authority Interactive Tool or of Explore Education "
    "Statistics.",
    Kind.AUTHORITIES: "New authorities and changed names, with their codes and regions.",
}


class ImportForm(Form):
    kind = RadiosField(
        "What the file is about",
        choices=[(kind.value, kind.words, ABOUT[kind]) for kind in Kind],
    )
    file = FileField(
        "The file",
        hint="CSV, XLSX or ODS as its publisher offers it, up to 2 MB. Larger files are imported "
        "with the command 'facts import'.",
    )


class WhoForm(Form):
    """Who is followed, and by whom: one, two, or only another code."""

    old = AuthorityField("The authority that ends or gets another code")
    first = AuthorityField("Who follows it", optional=True)
    second = AuthorityField(
        "Who else follows it", optional=True, hint="Where it is split between two."
    )
    code = TextField(
        "Its new ONS code",
        max_length=9,
        optional=True,
        hint="Only where the same body goes on under another code.",
    )


class SucceedForm(Form):
    """The day and why; for a split the first one's share, and where each record goes."""

    on = DateField("The day it took effect")
    reason = LongTextField(
        "Why",
        max_length=REASON_LENGTH,
        hint="The order or act that did it. It stands in the history of every record.",
    )


def succeed_form(records: Records, successors: list[Authority]) -> SucceedForm:
    """The form for one successor, or for two with a choice for each record."""
    if len(successors) < 2:
        return SucceedForm()
    choices = [(one.code, one.name) for one in successors]
    share = NumberField(f"Percent of free days for {successors[0].name}", least=1, most=99)
    fields = {"share": share} | {
        key: SelectField(words, choices=choices) for key, words in records.named().items()
    }
    form: SucceedForm = type("SplitForm", (SucceedForm,), fields)()
    return form
