"""What a need says, as plain values: read from a need, checked, written into one, compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from broker import clock
from broker.clock import Quarter
from broker.days import MAX_DAYS
from broker.db import db
from broker.errors import NotRight
from broker.models.authority import Authority
from broker.models.need import Need, NeedTheme, Root, Shape
from broker.models.offer import Delivery
from broker.models.programme import Choice, Theme

QUARTERS_MOST = 8
THEMES_MOST = 5
DAYS_MOST = MAX_DAYS * 4  # quarter-days
TITLE_LENGTH = 120
LINE_LENGTH = 200
FINDING_LENGTH = 300
TEXT_LENGTH = 4000
TEXTS = {
    "strengths": "What is going well",
    "change_wanted": "The change wanted for children",
    "children_view": "How children and families see it",
    "diagnosis": "What was found",
    "strengths_found": "Strengths found",
}
LINES = {
    "diagnosis_source": ("Where that comes from", LINE_LENGTH),
    "accepted_by": ("Accepted by", LINE_LENGTH),
    "finding": ("The finding", FINDING_LENGTH),
    "plan_item": ("Item of the improvement plan", FINDING_LENGTH),
}
PLAIN = {
    "title": "Title",
    "days_wanted": "Days wanted",
    "days_least": "Least useful days",
    "first_quarter": "First quarter",
    "quarters_wanted": "Quarters",
    "shape": "Shape",
    "delivery": "Delivery",
    "diagnosed_on": "Date of the finding",
    "root": "Where it comes from",
    "releases_region": "What providers may see",
}
WORDS = {
    **PLAIN,
    **TEXTS,
    **{name: words for name, (words, _) in LINES.items()},
    "themes": "Themes",
    "counterparts": "Who leads on each theme",
    "choices": "Kind of help",
}


@dataclass(frozen=True)
class NeedTerms:
    """What a need says. Days are quarter-days over the whole need; the first theme matters most.

    `counterparts`: who leads on each theme, in the themes' order; shorter than it: nobody yet.
    """

    title: str
    themes: tuple[Theme, ...]
    choices: tuple[Choice, ...]
    days_wanted: int
    days_least: int
    first_quarter: Quarter
    quarters_wanted: int = 1
    shape: Shape = Shape.EVEN
    delivery: Delivery = Delivery.EITHER
    change_wanted: str = ""
    strengths: str = ""
    diagnosis: str = ""
    releases_region: bool = False
    children_view: str = ""
    diagnosis_source: str = ""
    diagnosed_on: date | None = None
    strengths_found: str = ""
    accepted_by: str = ""
    root: Root | None = None
    finding: str = ""
    plan_item: str = ""
    counterparts: tuple[str, ...] = ()


def terms_of(need: Need) -> NeedTerms:
    """What a need says now."""
    plain = {name: getattr(need, name) for name in (*PLAIN, *TEXTS, *LINES)}
    return NeedTerms(
        themes=tuple(row.theme for row in need.themes),
        choices=tuple(need.choices),
        counterparts=tuple(row.counterpart for row in need.themes),
        **plain,
    )


def write(need: Need, terms: NeedTerms) -> None:
    """Make a need say this."""
    for name in PLAIN:
        setattr(need, name, getattr(terms, name))
    for name in (*TEXTS, *LINES, "title"):
        setattr(need, name, getattr(terms, name).strip())
    need.choices = list(terms.choices)
    _write_themes(need, terms)


def _write_themes(need: Need, terms: NeedTerms) -> None:
    """The themes that stay keep their rows; each counts once in a need."""
    kept = {row.theme_id: row for row in need.themes}
    leads = (*terms.counterparts, *("" for _ in terms.themes))
    rows = []
    for position, (theme, lead) in enumerate(zip(terms.themes, leads, strict=False), start=1):
        row = kept.get(theme.id) or NeedTheme(theme_id=theme.id, theme=theme)
        row.position, row.counterpart = position, lead.strip()
        rows.append(row)
    need.themes = rows
    if need.id is not None:
        db.session.flush()


def changed(before: NeedTerms, after: NeedTerms) -> list[str]:
    """The keys of WORDS in which the two differ."""
    return [name for name in WORDS if _said(before, name) != _said(after, name)]


def _said(terms: NeedTerms, name: str) -> Any:
    said = getattr(terms, name)
    if name in ("themes", "choices"):
        ids = [one.id for one in said]
        return ids if name == "themes" else sorted(ids)
    if name == "counterparts":
        return [lead.strip() for lead in (*said, *("" for _ in terms.themes))][: len(terms.themes)]
    return said.strip() if isinstance(said, str) else said


# -- what must hold, however it arrives -------------------------------------------------------


def check(terms: NeedTerms, receiver: Authority) -> None:
    _check_words(terms, receiver)
    _check_themes(terms)
    if not 0 < terms.days_wanted <= DAYS_MOST:
        raise NotRight(f"Days wanted must be more than 0 and up to {MAX_DAYS:,}.", "days_wanted")
    if not 0 < terms.days_least <= terms.days_wanted:
        raise NotRight(
            "The least useful days must be more than 0 and not above the days wanted.",
            "days_least",
        )
    if not 1 <= terms.quarters_wanted <= QUARTERS_MOST:
        raise NotRight(f"Choose from 1 to {QUARTERS_MOST} quarters.", "quarters_wanted")
    if terms.diagnosed_on is not None and terms.diagnosed_on > clock.today():
        raise NotRight("This date is in the future.", "diagnosed_on")


def check_start(terms: NeedTerms) -> None:
    """NotRight when the quarter in which the help should start is over."""
    if terms.first_quarter < clock.this_quarter():
        raise NotRight(f"{terms.first_quarter} is over. Choose a later quarter.", "first_quarter")


def _check_words(terms: NeedTerms, receiver: Authority) -> None:
    if not terms.title.strip():
        raise NotRight("Give the need a title.", "title")
    if len(terms.title.strip()) > TITLE_LENGTH:
        raise NotRight(f"Keep the title to {TITLE_LENGTH} characters.", "title")
    keep_anonymous(terms.title, receiver, "title")
    lengths = {**dict.fromkeys(TEXTS, TEXT_LENGTH), **{n: most for n, (_, most) in LINES.items()}}
    for name, most in lengths.items():
        if len(getattr(terms, name).strip()) > most:
            raise NotRight(f"Keep this to {most:,} characters.", name)


def _check_themes(terms: NeedTerms) -> None:
    if not terms.themes:
        raise NotRight("Choose the theme that matters most.", "theme")
    if len({theme.id for theme in terms.themes}) < len(terms.themes):
        raise NotRight("Each theme counts once.", "theme_2")
    if any(len(lead.strip()) > TITLE_LENGTH for lead in terms.counterparts):
        raise NotRight(f"Keep each to {TITLE_LENGTH} characters.", "lead_1")


def keep_anonymous(text: str, receiver: Authority, field: str) -> None:
    """NotRight when words that providers see before talking name the authority that asks."""
    for name in (receiver.name, receiver.short_name):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            raise NotRight(
                f"Providers see this before they know who asks. Leave '{name}' out of it.", field
            )
