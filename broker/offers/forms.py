"""The one form of an offer, and the search form of the prospectus as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from broker.fields import (
    CheckboxesField,
    DaysField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.authority import Authority
from broker.models.offer import Delivery, Evidence, OfferVersion
from broker.models.programme import Choice, Programme, Theme
from broker.offers.checks import LINK_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from broker.offers.prospectus import Heading
from broker.offers.queries import Lists
from broker.offers.terms import Backed, OfferTerms

NOT_CHOSEN = ("", "Choose one")
KINDS = {"support_types": "support_type", "modes": "mode"}


class OfferForm(Form):
    """What an offer says. Themes, programmes and lists are named by their codes."""

    provider = RadiosField("Which authority offers this?")
    title = TextField("Title", hint="What you help with, in a few words.", max_length=TITLE_LENGTH)
    what_we_do = LongTextField(
        "What you do",
        hint="How you work with another authority, and what it can expect. Everybody reads this: "
        "do not write anything that could identify a child.",
        max_length=TEXT_LENGTH,
    )
    programme = SelectField("Programme")
    themes = CheckboxesField("Themes")
    evidence = RadiosField(
        "What backs this?",
        hint="The strongest that holds for every theme you chose.",
        choices=[(evidence.value, evidence.words) for evidence in Evidence],
    )
    support_types = CheckboxesField("Kinds of support", optional=True)
    modes = CheckboxesField("How hands-on", optional=True)
    delivery = RadiosField(
        "Where", choices=[(delivery.value, delivery.words) for delivery in Delivery]
    )
    days_least = DaysField("Least days in one partnership", hint="Such as 2 or 2.5.")
    days_most = DaysField("Most days in one partnership", hint="Such as 20 or 20.5.")
    source = TextField(
        "Where this is published",
        hint="A page or report that says so, if there is one.",
        max_length=LINK_LENGTH,
        optional=True,
    )

    themes_known: dict[str, Theme]
    choices_known: dict[str, list[Choice]]

    @classmethod
    def asking(
        cls,
        *,
        headings: Iterable[Heading],
        lists: Lists,
        providers: Iterable[Authority] = (),
        programmes: Iterable[Programme] = (),
        said: OfferVersion | None = None,
        programme: Programme | None = None,
    ) -> OfferForm:
        """A form with what can be chosen now, filled from a version where there is one.

        With fewer than two providers it does not ask who offers; without programmes it does not
        ask for one (a revision stays in its programme).
        """
        form = cls(data=_filled(said, programme))
        form._choose_place(list(providers), list(programmes))
        form._choose_themes(headings)
        form.choices_known = {name: lists.of(kind) for name, kind in KINDS.items()}
        for name, known in form.choices_known.items():
            form[name].choices = [(choice.code, choice.name) for choice in known]
        return form

    def _choose_place(self, providers: list[Authority], programmes: list[Programme]) -> None:
        self.provider.choices = [(p.code, p.name) for p in providers]
        self.programme.choices = [NOT_CHOSEN, *((p.code, p.name) for p in programmes)]
        if len(providers) < 2:
            del self.provider
        if not programmes:
            del self.programme

    def _choose_themes(self, headings: Iterable[Heading]) -> None:
        """Themes that are not retired, under their headings."""
        under = {h.theme.name: [t for t in h.themes if not t.is_retired] for h in headings}
        self.themes_known = {t.code: t for themes in under.values() for t in themes}
        self.themes.groups = [
            (name, [(t.code, t.name) for t in themes]) for name, themes in under.items() if themes
        ]

    def chosen_provider(self, providers: Sequence[Authority]) -> Authority:
        """The provider chosen, or the only one there is."""
        if "provider" not in self:
            return providers[0]
        return next(p for p in providers if p.code == self.provider.data)

    def chosen_programme(self, programmes: Sequence[Programme]) -> Programme:
        return next(p for p in programmes if p.code == self.programme.data)

    @property
    def terms(self) -> OfferTerms:
        evidence = Evidence(self.evidence.data)
        return OfferTerms(
            title=self.title.data or "",
            what_we_do=self.what_we_do.data or "",
            themes=tuple(
                Backed(self.themes_known[code], evidence, self.source.data or "")
                for code in self.themes.data or ()
            ),
            choices=tuple(
                choice
                for name, known in self.choices_known.items()
                for choice in known
                if choice.code in (self[name].data or ())
            ),
            delivery=Delivery(self.delivery.data),
            days_least=self.days_least.data or 0,
            days_most=self.days_most.data or 0,
        )


def _filled(said: OfferVersion | None, programme: Programme | None) -> dict[str, Any]:
    """What the form starts with."""
    if said is None:
        return {}
    return {
        "title": said.title,
        "what_we_do": said.what_we_do,
        "programme": programme.code if programme else None,
        "themes": [row.theme.code for row in said.themes],
        "evidence": said.themes[0].evidence.value if said.themes else None,
        **{name: [c.code for c in said.chosen(kind)] for name, kind in KINDS.items()},
        "delivery": said.delivery.value if said.delivery else None,
        "days_least": said.days_least,
        "days_most": said.days_most,
        "source": next((row.link for row in said.themes if row.link), ""),
    }
