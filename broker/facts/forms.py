"""The form for a file of facts."""

from __future__ import annotations

from broker.fields import FileField, Form, RadiosField
from broker.models.fact_import import Kind

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
