"""The pages of a need's task list, in their order: what goes well before what should change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from broker.models.need import Need
from broker.needs import page_forms as forms


@dataclass(frozen=True)
class Section:
    """One page. `hint` says what it asks for; `is_said` whether the need says any of it yet."""

    name: str
    title: str
    hint: str
    form: type[forms.PageForm]
    is_said: Callable[[Need], bool]


GROUPS: tuple[tuple[str, tuple[Section, ...]], ...] = (
    (
        "What goes well, and the change you want",
        (
            Section(
                "strengths",
                "What is going well",
                "What you can build on",
                forms.StrengthsForm,
                lambda need: bool(need.strengths),
            ),
            Section(
                "change",
                "The change you want",
                "For children, and how they and their families see it",
                forms.ChangeForm,
                lambda need: bool(need.change_wanted),
            ),
            Section(
                "found",
                "What was found",
                "By whom, when, and who accepts it",
                forms.FoundForm,
                lambda need: bool(need.diagnosis or need.strengths_found),
            ),
            Section(
                "root",
                "Where it comes from",
                "A finding or something systemic, and the item of your plan",
                forms.RootForm,
                lambda need: bool(need.root or need.plan_item),
            ),
        ),
    ),
    (
        "What you ask for",
        (
            Section(
                "title",
                "Title and programme",
                "A few words that providers see first",
                forms.TitleForm,
                lambda need: True,
            ),
            Section(
                "themes",
                "Themes",
                "The most important first",
                forms.ThemesForm,
                lambda need: bool(need.themes),
            ),
            Section(
                "leads",
                "Who leads on each theme",
                "The person a helper would work with, by role",
                forms.LeadsForm,
                lambda need: all(row.counterpart for row in need.themes),
            ),
            Section(
                "help",
                "The kind of help",
                "What, how, with whom and where",
                forms.HelpForm,
                lambda need: bool(need.choices),
            ),
            Section(
                "days",
                "Days and quarters",
                "How many, from when until when, and how they spread",
                forms.DaysForm,
                lambda need: True,
            ),
        ),
    ),
    (
        "Who sees what",
        (
            Section(
                "release",
                "What providers may see before you talk",
                "With a preview of exactly what they will see",
                forms.ReleaseForm,
                lambda need: True,
            ),
        ),
    ),
)
SECTIONS = {section.name: section for _, sections in GROUPS for section in sections}


def after(name: str) -> str | None:
    """The page that follows a page; None after the last."""
    names = list(SECTIONS)
    following = names[names.index(name) + 1 :]
    return following[0] if following else None
