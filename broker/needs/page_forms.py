"""The pages of a need's task list: one short form each, and what it says as plain values."""

from __future__ import annotations

from typing import Any, ClassVar

from wtforms import ValidationError

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
from broker.models.need import Need, Root, Shape
from broker.models.offer import Delivery
from broker.models.programme import Choice, Programme, Theme
from broker.needs import queries
from broker.needs.terms import (
    FINDING_LENGTH,
    LINE_LENGTH,
    QUARTERS_MOST,
    TEXT_LENGTH,
    THEMES_MOST,
    TITLE_LENGTH,
)

CHOOSE = ("", "Choose one")
TITLE_HINT = "A few words. Providers see it before you talk, so leave your authority's name out."


def by_id(things: list[Any]) -> dict[str, Any]:
    return {str(thing.id): thing for thing in things}


def named(things: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(key, thing.name) for key, thing in things.items()]


def quarters_named(quarters: list[Quarter]) -> list[tuple[str, ...]]:
    return [(str(quarter), f"{quarter} ({quarter.months})") for quarter in quarters]


def _with(things: list[Any], kept: list[Any]) -> list[Any]:
    """What can be chosen now, and what is held already though it is retired by now."""
    known = {thing.id for thing in things}
    return [*things, *(thing for thing in kept if thing.id not in known)]


class PageForm(Form):
    """A page of the task list. `KEPT` are fields of NeedTerms that the form holds as they are."""

    KEPT: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def of(cls, need: Need) -> PageForm:
        return cls(data={name: getattr(need, name) for name in cls.KEPT})

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, once it is valid, as fields of NeedTerms."""
        typed = {name: self[name].data for name in self.KEPT}
        return {name: "" if value is None else value for name, value in typed.items()}

    @property
    def moved_to(self) -> Programme | None:
        """The programme chosen, on the page that asks for it."""
        return None


class TitleForm(PageForm):
    KEPT = ("title",)
    title = TextField("Title", hint=TITLE_HINT, max_length=TITLE_LENGTH)
    programme = SelectField("The programme")

    _programmes: dict[str, Programme]

    @classmethod
    def of(cls, need: Need) -> TitleForm:
        form = cls(data={"title": need.title, "programme": str(need.programme_id)})
        form._programmes = by_id(_with(queries.open_programmes(), [need.programme]))
        form.programme.choices = named(form._programmes)
        return form

    @property
    def moved_to(self) -> Programme | None:
        return self._programmes[self.programme.data]


class StrengthsForm(PageForm):
    KEPT = ("strengths",)
    strengths = LongTextField(
        "What is going well, and what you can build on", max_length=TEXT_LENGTH, optional=True
    )


class ChangeForm(PageForm):
    KEPT = ("change_wanted", "children_view")
    change_wanted = LongTextField("The change you want for children", max_length=TEXT_LENGTH)
    children_view = LongTextField(
        "How children and families see it",
        hint="What they have told you, and how you asked.",
        max_length=TEXT_LENGTH,
        optional=True,
    )


class FoundForm(PageForm):
    KEPT = ("strengths_found", "diagnosis", "diagnosis_source", "diagnosed_on", "accepted_by")
    strengths_found = LongTextField(
        "Strengths that were found", max_length=TEXT_LENGTH, optional=True
    )
    diagnosis = LongTextField("What was found", max_length=TEXT_LENGTH, optional=True)
    diagnosis_source = TextField(
        "Where that comes from",
        hint="For example a peer review, an audit or an inspection.",
        max_length=LINE_LENGTH,
        optional=True,
    )
    diagnosed_on = DateField("Its date", optional=True)
    accepted_by = TextField(
        "Who accepts it",
        hint="By role: for example the leadership team and the improvement board.",
        max_length=LINE_LENGTH,
        optional=True,
    )

    @property
    def answers(self) -> dict[str, Any]:
        return {**super().answers, "diagnosed_on": self.diagnosed_on.data}


class RootForm(PageForm):
    KEPT = ("finding", "plan_item")
    root = RadiosField(
        "Where does this need come from?",
        choices=[(root.value, root.words) for root in Root],
        optional=True,
    )
    finding = TextField(
        "The finding, if it comes from one",
        hint="In its own words, with the report's date.",
        max_length=FINDING_LENGTH,
        optional=True,
    )
    plan_item = TextField(
        "The item of your improvement plan that it belongs to",
        hint="Your one plan: its number or heading.",
        max_length=FINDING_LENGTH,
        optional=True,
    )

    @classmethod
    def of(cls, need: Need) -> RootForm:
        held = {name: getattr(need, name) for name in cls.KEPT}
        return cls(data={**held, "root": need.root.value if need.root else None})

    @property
    def answers(self) -> dict[str, Any]:
        return {**super().answers, "root": Root(self.root.data) if self.root.data else None}


class ThemesForm(PageForm):
    """Up to five themes, the most important first."""

    theme = SelectField("The theme that matters most")
    theme_2 = SelectField("Second theme", optional=True)
    theme_3 = SelectField("Third theme", optional=True)
    theme_4 = SelectField("Fourth theme", optional=True)
    theme_5 = SelectField("Fifth theme", optional=True)

    NAMES: ClassVar = ("theme", *(f"theme_{number}" for number in range(2, THEMES_MOST + 1)))
    _themes: dict[str, Theme]
    _leads: dict[int, str]

    @classmethod
    def of(cls, need: Need, adding: int | None = None) -> ThemesForm:
        """`adding`: a suggested theme that was pointed at, put into the first free place."""
        held = [row.theme_id for row in need.themes]
        themes = by_id(_with(queries.themes(), [row.theme for row in need.themes]))
        if adding not in held and str(adding) in themes:
            held.append(adding or 0)
        form = cls(data={name: str(one) for name, one in zip(cls.NAMES, held, strict=False)})
        form._themes = themes
        form._leads = {row.theme_id: row.counterpart for row in need.themes}
        for name in cls.NAMES:
            form[name].choices = [
                ("", "Choose one" if name == "theme" else "No further theme"),
                *named(themes),
            ]
        return form

    @property
    def answers(self) -> dict[str, Any]:
        """The themes in their order, and each one's lead with it."""
        chosen = tuple(self._themes[key] for name in self.NAMES if (key := self[name].data))
        return {"themes": chosen, "counterparts": tuple(self._leads.get(t.id, "") for t in chosen)}


class LeadsForm(PageForm):
    """Who leads on each theme, by role. A theme that the need does not have is not asked about."""

    lead_1 = TextField("", max_length=TITLE_LENGTH, optional=True)
    lead_2 = TextField("", max_length=TITLE_LENGTH, optional=True)
    lead_3 = TextField("", max_length=TITLE_LENGTH, optional=True)
    lead_4 = TextField("", max_length=TITLE_LENGTH, optional=True)
    lead_5 = TextField("", max_length=TITLE_LENGTH, optional=True)

    @classmethod
    def of(cls, need: Need) -> LeadsForm:
        held = {f"lead_{row.position}": row.counterpart for row in need.themes}
        form = cls(data=held)
        for name in [f"lead_{number}" for number in range(1, THEMES_MOST + 1)]:
            if name not in held:
                del form[name]
        for row in need.themes:
            form[f"lead_{row.position}"].label.text = row.theme.name
        return form

    @property
    def answers(self) -> dict[str, Any]:
        names = (f"lead_{number}" for number in range(1, THEMES_MOST + 1))
        return {"counterparts": tuple(self[n].data or "" for n in names if n in self)}


class HelpForm(PageForm):
    """What kind of help, how, and with whom."""

    support_type = CheckboxesField("What kind of support?", optional=True)
    mode = CheckboxesField("How should they work with you?", optional=True)
    style = CheckboxesField("In which style?", optional=True)
    level = CheckboxesField("Who should they work with?", optional=True)
    delivery = RadiosField(
        "How it is given", choices=[(delivery.value, delivery.words) for delivery in Delivery]
    )

    _known: dict[str, Choice]
    KINDS: ClassVar = ("support_type", "mode", "style", "level")

    @classmethod
    def of(cls, need: Need) -> HelpForm:
        held = {kind: [str(choice.id) for choice in need.chosen(kind)] for kind in cls.KINDS}
        form = cls(data={**held, "delivery": need.delivery.value})
        form._known = {}
        for kind in cls.KINDS:
            known = by_id(_with(queries.choices(kind), need.chosen(kind)))
            form[kind].choices = named(known)
            form._known.update(known)
        return form

    @property
    def answers(self) -> dict[str, Any]:
        chosen = [key for kind in self.KINDS for key in self[kind].data or ()]
        return {
            "choices": tuple(self._known[key] for key in chosen),
            "delivery": Delivery(self.delivery.data),
        }


class DaysForm(PageForm):
    days_wanted = DaysField("Days wanted", hint="Whole days or quarters of a day, like 12.5.")
    days_least = DaysField("The fewest days that would still be useful")
    first_quarter = SelectField("The first quarter")
    quarters_wanted = SelectField("The last quarter")
    shape = RadiosField(
        "How the days spread", choices=[(shape.value, shape.words) for shape in Shape]
    )

    @classmethod
    def of(cls, need: Need) -> DaysForm:
        held = {
            "days_wanted": need.days_wanted,
            "days_least": need.days_least,
            "first_quarter": str(need.first_quarter),
            "quarters_wanted": str(need.last_quarter),
            "shape": need.shape.value,
        }
        form = cls(data=held)
        starts = coming_quarters()
        if need.first_quarter not in starts:
            starts.insert(0, need.first_quarter)
        ends = sorted({*starts, *(one + (QUARTERS_MOST - 1) for one in starts)})
        form.first_quarter.choices = quarters_named(starts)
        form.quarters_wanted.choices = quarters_named(ends)
        return form

    def validate_quarters_wanted(self, field: SelectField) -> None:
        if self.first_quarter.data and not self.first_quarter.errors:
            span = (
                Quarter.named(field.data).ordinal - Quarter.named(self.first_quarter.data).ordinal
            )
            if not 0 <= span < QUARTERS_MOST:
                raise ValidationError(
                    f"Choose the first quarter, or one up to {QUARTERS_MOST - 1} after it"
                )

    @property
    def answers(self) -> dict[str, Any]:
        first = Quarter.named(self.first_quarter.data)
        last = Quarter.named(self.quarters_wanted.data)
        return {
            "days_wanted": self.days_wanted.data or 0,
            "days_least": self.days_least.data or 0,
            "first_quarter": first,
            "quarters_wanted": last.ordinal - first.ordinal + 1,
            "shape": Shape(self.shape.data),
        }


class ReleaseForm(PageForm):
    KEPT = ("releases_region",)
    releases_region = CheckboxField(
        "Providers may see our region before we talk",
        hint="Providers whose offers fit then find this shape, with the region, beside their "
        "offers once the need is open. They never learn which authority it is.",
    )
