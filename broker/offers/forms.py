"""The short pages on which an offer is written: one set of questions each, saved at every step.

A page may be left unfinished; what is typed is looked at. `names` are the keys of terms.WORDS that
a page speaks of: its stamp covers them.
"""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import HiddenField

from broker.fields import (
    AuthorityField,
    CheckboxesField,
    DateField,
    DaysField,
    Form,
    LongTextField,
    NumberField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.offer import Backfill, Delivery, Evidence, Situation
from broker.offers.checks import (
    HELPED_LENGTH,
    LINK_LENGTH,
    MONTHS_MOST,
    NOTE_LENGTH,
    PARTNERS_MOST,
    TEXT_LENGTH,
    TITLE_LENGTH,
)
from broker.offers.known import Known
from broker.offers.terms import Backed, OfferTerms

KINDS = {"support_types": "support_type", "modes": "mode", "styles": "style", "levels": "level"}
NOBODY = ("", "Nobody named")


class NewForm(Form):
    """The beginning of a draft."""

    provider = RadiosField("Which authority offers this?")
    title = TextField("Title", hint="What you help with, in a few words.", max_length=TITLE_LENGTH)
    programmes = CheckboxesField(
        "Programmes", hint="An offer may be open to several; each partnership is under one."
    )

    @classmethod
    def asking(cls, known: Known) -> NewForm:
        """With one authority to offer for, it does not ask for which."""
        form = cls()
        form.provider.choices = [(a.code, a.name) for a in known.providers]
        form.programmes.choices = [(p.code, p.name) for p in known.programmes]
        if len(known.providers) < 2:
            del form.provider
        return form

    def provider_code(self, known: Known) -> str:
        return str(self.provider.data) if "provider" in self else known.providers[0].code


class PageForm(Form):
    """One page. `ask` puts in what can be chosen; `filled` and `answers` lead there and back."""

    stamp = HiddenField()
    names: ClassVar[tuple[str, ...]] = ()
    title: ClassVar[str] = ""

    def ask(self, known: Known) -> None:
        """Put in what can be chosen now."""

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        raise NotImplementedError

    def answers(self, known: Known) -> dict[str, Any]:
        """Fields of OfferTerms with what was typed."""
        raise NotImplementedError


class AboutForm(PageForm):
    title = "About"
    names = ("title", "what_we_do", "programmes")
    offer_title = TextField(
        "Title", hint="What you help with, in a few words.", max_length=TITLE_LENGTH, later=True
    )
    what_we_do = LongTextField(
        "What you do",
        hint="How you work with another authority, and what it can expect. Everybody reads this.",
        max_length=TEXT_LENGTH,
        rows=8,
        later=True,
    )
    programmes = CheckboxesField(
        "Programmes",
        hint="An offer may be open to several; each partnership is under one.",
        later=True,
    )

    def ask(self, known: Known) -> None:
        self.programmes.choices = [(p.code, p.name) for p in known.programmes]

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        codes = [programme.code for programme in terms.programmes]
        return {
            "offer_title": terms.title,
            "what_we_do": terms.what_we_do,
            "programmes": codes,
        }

    def answers(self, known: Known) -> dict[str, Any]:
        chosen = self.programmes.data or ()
        return {
            "title": self.offer_title.data or "",
            "what_we_do": self.what_we_do.data or "",
            "programmes": tuple(p for p in known.programmes if p.code in chosen),
        }


class ThemesForm(PageForm):
    title = "Themes"
    names = ("themes",)
    themes = CheckboxesField(
        "Themes", hint="On the next page you say what backs each of them.", later=True
    )

    def ask(self, known: Known) -> None:
        self.themes.groups = [
            (heading.theme.name, [(t.code, t.name) for t in heading.themes if not t.is_retired])
            for heading in known.headings
        ]

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        return {"themes": [row.theme.code for row in terms.backed]}

    def answers(self, known: Known) -> dict[str, Any]:
        """What backs a theme stays with it."""
        before = {row.theme.code: row for row in known.terms.backed}
        chosen = set(self.themes.data or ())
        themes = (t for heading in known.headings for t in heading.themes if t.code in chosen)
        return {"themes": tuple(before.get(t.code, Backed(t)) for t in themes)}


class EvidenceForm(PageForm):
    """Three questions for each theme of the offer; made by `evidence_form`."""

    title = "What backs each theme"
    names = ("themes", "links")

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        found = {}
        for row in terms.backed:
            found[f"evidence_{row.theme.code}"] = row.evidence.value
            found[f"link_{row.theme.code}"] = row.link
            found[f"note_{row.theme.code}"] = row.note
        return found

    def answers(self, known: Known) -> dict[str, Any]:
        themes = (row.theme for row in known.terms.backed)
        return {"themes": tuple(self._said(theme) for theme in themes)}

    def _said(self, theme: Any) -> Backed:
        said = {kind: self[f"{kind}_{theme.code}"].data for kind in ("evidence", "link", "note")}
        return Backed(theme, Evidence(said["evidence"]), said["link"] or "", said["note"] or "")


def evidence_form(terms: OfferTerms) -> type[EvidenceForm]:
    """The form for just these themes."""
    fields: dict[str, Any] = {}
    for row in terms.backed:
        fields[f"evidence_{row.theme.code}"] = RadiosField(
            "What backs this", choices=[(one.value, one.words) for one in Evidence]
        )
        fields[f"link_{row.theme.code}"] = TextField(
            "Web address",
            hint="The evaluation, or the page that says so. It begins with https://",
            max_length=LINK_LENGTH,
            optional=True,
        )
        fields[f"note_{row.theme.code}"] = TextField(
            "In words",
            hint="Such as the report's title, who wrote it and when.",
            max_length=NOTE_LENGTH,
            optional=True,
        )
    return type("EvidenceForm", (EvidenceForm,), fields)


class WorkForm(PageForm):
    title = "How you work"
    names = ("support_type", "mode", "style", "level", "delivery")
    support_types = CheckboxesField("Kinds of support", optional=True)
    modes = CheckboxesField("How hands-on", optional=True)
    styles = CheckboxesField("Style", optional=True)
    levels = CheckboxesField("Who you work with", optional=True)
    delivery = RadiosField(
        "Where", choices=[(one.value, one.words) for one in Delivery], later=True
    )

    def ask(self, known: Known) -> None:
        for name, kind in KINDS.items():
            self[name].choices = [(choice.code, choice.name) for choice in known.choices_of(kind)]

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        chosen = {
            name: [choice.code for choice in terms.choices if choice.kind == kind]
            for name, kind in KINDS.items()
        }
        return {**chosen, "delivery": terms.delivery.value if terms.delivery else None}

    def answers(self, known: Known) -> dict[str, Any]:
        choices = tuple(
            choice
            for name, kind in KINDS.items()
            for choice in known.choices_of(kind)
            if choice.code in (self[name].data or ())
        )
        delivery = self.delivery.data
        return {"choices": choices, "delivery": Delivery(delivery) if delivery else None}


class DaysForm(PageForm):
    title = "Days and time"
    names = ("days", "commitment_months", "open", "backfill")
    days_least = DaysField("Least days in one partnership", hint="Such as 2 or 2.5.", later=True)
    days_most = DaysField("Most days in one partnership", hint="Such as 20 or 20.5.", later=True)
    commitment_months = NumberField(
        "How many months you can stay with a partnership",
        hint="At least this long, if a partnership wants it. Such as 6.",
        least=1,
        most=MONTHS_MOST,
        optional=True,
    )
    open_from = DateField("First day on which help can begin", optional=True)
    open_until = DateField("Last day on which help can begin", optional=True)
    backfill = RadiosField(
        "While your people help elsewhere",
        choices=[(one.value, one.words) for one in Backfill],
        optional=True,
    )

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        names = ("days_least", "days_most", "commitment_months", "open_from", "open_until")
        backfill = terms.backfill.value if terms.backfill else None
        return {**{name: getattr(terms, name) for name in names}, "backfill": backfill}

    def answers(self, known: Known) -> dict[str, Any]:
        names = ("days_least", "days_most", "commitment_months", "open_from", "open_until")
        backfill = Backfill(self.backfill.data) if self.backfill.data else None
        return {**{name: self[name].data for name in names}, "backfill": backfill}


class HelpForm(PageForm):
    title = "Who you can help"
    names = ("helps_situations", "helps_regions", "helps_types")
    helps_situations = CheckboxesField(
        "Where the authority stands",
        hint="Choose none to help any authority.",
        choices=[(one.value, one.words) for one in Situation],
        optional=True,
    )
    helps_regions = CheckboxesField("Regions", hint="Choose none to help any.", optional=True)
    helps_types = CheckboxesField(
        "Types of authority", hint="Choose none to help any.", optional=True
    )

    def ask(self, known: Known) -> None:
        self.helps_regions.choices = [*known.regions.items()]
        self.helps_types.choices = [(one, one) for one in known.types]

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        return {name: getattr(terms, name) for name in HelpForm.names}

    def answers(self, known: Known) -> dict[str, Any]:
        return {name: tuple(self[name].data or ()) for name in HelpForm.names}


class RecordForm(PageForm):
    title = "Track record and people"
    names = ("helped_before", "lead", "deputy")
    helped_before = LongTextField(
        "Authorities helped before",
        hint="How many and how, in your own words. Name an authority only if it agreed.",
        max_length=HELPED_LENGTH,
        rows=4,
        optional=True,
    )
    lead = SelectField("Lead", hint="Who answers for this offer.", optional=True)
    deputy = SelectField("Deputy", optional=True)

    def ask(self, known: Known) -> None:
        people: list[tuple[str, ...]] = [NOBODY, *((str(p.id), p.name) for p in known.people)]
        self.lead.choices = self.deputy.choices = people

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        return {
            "helped_before": terms.helped_before,
            "lead": terms.lead.id if terms.lead else "",
            "deputy": terms.deputy.id if terms.deputy else "",
        }

    def answers(self, known: Known) -> dict[str, Any]:
        people = {str(person.id): person for person in known.people}
        return {
            "helped_before": self.helped_before.data or "",
            "lead": people.get(self.lead.data or ""),
            "deputy": people.get(self.deputy.data or ""),
        }


class TogetherForm(PageForm):
    title = "Together with others"
    names = ("partners",)
    partner_1 = AuthorityField("Given together with", optional=True)
    partner_2 = AuthorityField("And with", optional=True)
    partner_3 = AuthorityField("And with a third", optional=True)
    partner_4 = AuthorityField("And with a fourth", optional=True)

    def ask(self, known: Known) -> None:
        for number in range(1, PARTNERS_MOST + 1):
            self[f"partner_{number}"].choices = [(a.code, a.name) for a in known.others]

    @staticmethod
    def filled(terms: OfferTerms) -> dict[str, Any]:
        return {f"partner_{n}": a.code for n, a in enumerate(terms.partners[:PARTNERS_MOST], 1)}

    def answers(self, known: Known) -> dict[str, Any]:
        chosen = {self[f"partner_{number}"].data for number in range(1, PARTNERS_MOST + 1)}
        return {"partners": tuple(a for a in known.others if a.code in chosen)}


PAGES: dict[str, type[PageForm]] = {
    "about": AboutForm,
    "themes": ThemesForm,
    "evidence": EvidenceForm,
    "work": WorkForm,
    "days": DaysForm,
    "help": HelpForm,
    "record": RecordForm,
    "together": TogetherForm,
}


def page_form(page: str, known: Known, stamp: str) -> PageForm:
    """A page's form, with what the offer says now."""
    kind = evidence_form(known.terms) if page == "evidence" else PAGES[page]
    form = kind(data={**kind.filled(known.terms), "stamp": stamp})
    form.ask(known)
    return form
