"""Forms about needs: describing one, and the readiness check."""

from __future__ import annotations

from typing import Any

from broker.clock import Quarter, coming_quarters
from broker.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    DaysField,
    Form,
    LongTextField,
    RadiosField,
    SelectField,
    TextField,
)
from broker.models.authority import Authority
from broker.models.need import Need, Readiness, Shape
from broker.models.offer import Delivery
from broker.models.programme import Choice, Programme, Theme
from broker.needs import queries
from broker.needs.actions import QUARTERS_MOST, TEXT_LENGTH, TITLE_LENGTH, NeedTerms

CHOOSE = ("", "Choose one")


class NeedForm(Form):
    """What a need says. What goes well is asked before what should change."""

    receiver = SelectField("Which authority is this for?")
    title = TextField(
        "Title",
        hint="A few words. Providers see it before you talk, so leave your authority's name out.",
        max_length=TITLE_LENGTH,
    )
    programme = SelectField("The programme")
    strengths = LongTextField(
        "What is going well, and what you can build on",
        max_length=TEXT_LENGTH,
        optional=True,
    )
    theme = SelectField("The theme that matters most")
    further_themes = CheckboxesField("Further themes", optional=True)
    change_wanted = LongTextField("The change you want for children", max_length=TEXT_LENGTH)
    diagnosis = LongTextField(
        "What you know about it: what was found, by whom and when",
        hint="For example a peer review, an audit or an inspection, with its date.",
        max_length=TEXT_LENGTH,
        optional=True,
    )
    days_wanted = DaysField("Days wanted", hint="Whole days or quarters of a day, like 12.5.")
    days_least = DaysField("The fewest days that would still be useful")
    first_quarter = SelectField("The first quarter")
    quarters_wanted = SelectField("Over how many quarters?")
    shape = RadiosField(
        "How the days spread", choices=[(shape.value, shape.words) for shape in Shape]
    )
    delivery = RadiosField(
        "How it is given", choices=[(delivery.value, delivery.words) for delivery in Delivery]
    )
    support_types = CheckboxesField("What kind of support?", optional=True)
    modes = CheckboxesField("How should they work with you?", optional=True)
    releases_region = CheckboxField("Providers may see our region before we talk")

    _authorities: dict[str, Authority]
    _programmes: dict[str, Programme]
    _themes: dict[str, Theme]
    _choices: dict[str, Choice]

    @classmethod
    def blank(cls, receivers: list[Authority]) -> NeedForm:
        """For a new need of one of the authorities."""
        form = cls(shape=Shape.EVEN.value, delivery=Delivery.EITHER.value, quarters_wanted="1")
        form._offer(receivers, queries.open_programmes(), queries.themes(), coming_quarters())
        return form

    @classmethod
    def filled(cls, need: Need) -> NeedForm:
        """For changing a need; what it holds can be kept, though it is retired by now."""
        form = cls(data=_typed(need))
        form._offer(
            [need.receiver],
            _with(queries.open_programmes(), [need.programme]),
            _with(queries.themes(), [row.theme for row in need.themes]),
            coming_quarters(),
        )
        return form

    def _offer(
        self,
        receivers: list[Authority],
        programmes: list[Programme],
        themes: list[Theme],
        quarters: list[Quarter],
    ) -> None:
        """Fill the lists to choose from. One authority only: it is not asked for."""
        self._authorities = {str(authority.id): authority for authority in receivers}
        self._programmes = {str(programme.id): programme for programme in programmes}
        self._themes = {str(theme.id): theme for theme in themes}
        support, modes = queries.choices("support_type"), queries.choices("mode")
        self._choices = {str(choice.id): choice for choice in (*support, *modes)}
        if len(receivers) == 1:
            del self.receiver
        else:
            self.receiver.choices = [CHOOSE, *_named(self._authorities)]
        self.programme.choices = [CHOOSE, *_named(self._programmes)]
        self.theme.choices = [CHOOSE, *_named(self._themes)]
        self.further_themes.groups = _under_headings(themes)
        self.support_types.choices = [(str(choice.id), choice.name) for choice in support]
        self.modes.choices = [(str(choice.id), choice.name) for choice in modes]
        self.first_quarter.choices = [CHOOSE, *((str(q), f"{q} ({q.months})") for q in quarters)]
        numbers = map(str, range(1, QUARTERS_MOST + 1))
        self.quarters_wanted.choices = [(number, number) for number in numbers]

    @property
    def authority(self) -> Authority:
        if "receiver" in self:
            return self._authorities[self.receiver.data]
        return next(iter(self._authorities.values()))

    @property
    def chosen_programme(self) -> Programme:
        return self._programmes[self.programme.data]

    @property
    def terms(self) -> NeedTerms:
        """What was typed, once it is valid."""
        further = [key for key in self.further_themes.data or [] if key != self.theme.data]
        chosen = [*(self.support_types.data or []), *(self.modes.data or [])]
        return NeedTerms(
            title=self.title.data,
            themes=tuple(self._themes[key] for key in (self.theme.data, *further)),
            choices=tuple(self._choices[key] for key in chosen),
            days_wanted=self.days_wanted.data or 0,
            days_least=self.days_least.data or 0,
            first_quarter=Quarter.named(self.first_quarter.data),
            quarters_wanted=int(self.quarters_wanted.data),
            shape=Shape(self.shape.data),
            delivery=Delivery(self.delivery.data),
            change_wanted=self.change_wanted.data or "",
            strengths=self.strengths.data or "",
            diagnosis=self.diagnosis.data or "",
            releases_region=bool(self.releases_region.data),
        )


def _named(things: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key, thing.name) for key, thing in things.items()]


def _under_headings(themes: list[Theme]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The themes as (heading, choices), in the order given."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for theme in themes:
        heading = theme.parent.name if theme.parent else theme.name
        grouped.setdefault(heading, []).append((str(theme.id), theme.name))
    return list(grouped.items())


def _with(things: list[Any], kept: list[Any]) -> list[Any]:
    known = {thing.id for thing in things}
    return [*things, *(thing for thing in kept if thing.id not in known)]


def _typed(need: Need) -> dict[str, Any]:
    """What a need says, as the form's fields hold it."""
    first, *further = [str(row.theme_id) for row in need.themes]
    same = ("title", "strengths", "change_wanted", "diagnosis", "days_wanted", "days_least")
    return {
        **{name: getattr(need, name) for name in same},
        "programme": str(need.programme_id),
        "theme": first,
        "further_themes": further,
        "first_quarter": str(need.first_quarter),
        "quarters_wanted": str(need.quarters_wanted),
        "shape": need.shape.value,
        "delivery": need.delivery.value,
        "support_types": [str(choice.id) for choice in need.chosen("support_type")],
        "modes": [str(choice.id) for choice in need.chosen("mode")],
        "releases_region": need.releases_region,
    }


class ReadinessForm(Form):
    outcome = RadiosField(
        "Is the authority ready?",
        choices=[(readiness.value, readiness.words) for readiness in Readiness],
    )
    evidence = LongTextField(
        "What shows it",
        hint="Acceptance of the diagnosis, resources, leadership, a plan, the voice of children.",
        max_length=TEXT_LENGTH,
    )
    conditions = LongTextField(
        "Conditions, if there are any", max_length=TEXT_LENGTH, optional=True
    )
    chief_executive_signed_on = DateField("When the chief executive signed", optional=True)
    lead_member_signed_on = DateField("When the lead member signed", optional=True)
