"""The choices beside the prospectus: what can be filtered by, with counts, and what is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from broker import clock
from broker.days import format_days, format_number
from broker.db import db
from broker.models.offer import Delivery, Situation
from broker.models.programme import Choice, Programme, Theme
from broker.prospectus.asked import ORDERS, Asked, name_of
from broker.prospectus.cards import Card, cards_of, tallest
from broker.prospectus.finding import Found
from broker.prospectus.queries import Search

QUARTERS_SHOWN = 8
DISTANCES = (25, 50, 100, 150, 200)
LISTS = (
    ("type", "Kind of support", "support_type"),
    ("mode", "How hands-on", "mode"),
    ("level", "Who it works with", "level"),
)


@dataclass(frozen=True)
class Option:
    """One choice of a filter. `count`: how many offers it would show."""

    code: str
    name: str
    count: int
    is_chosen: bool

    @property
    def is_shown(self) -> bool:
        return bool(self.count) or self.is_chosen


@dataclass(frozen=True)
class Group:
    """A filter with its choices; `heading` is set where choices stand under headings."""

    name: str
    words: str
    options: tuple[Option, ...]
    heading: str = ""

    @property
    def address_name(self) -> str:
        return name_of(self.name)

    @property
    def shown(self) -> list[Option]:
        return [option for option in self.options if option.is_shown]

    @property
    def is_chosen(self) -> bool:
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True)
class Chip:
    """Something that was asked for, in words, and the query of the address without it.

    `name` is the filter's, where taking it away leaves nothing else of that filter.
    """

    words: str
    query: str
    name: str = ""


@dataclass(frozen=True)
class Panel:
    themes: tuple[Group, ...]
    groups: tuple[Group, ...]
    quarters: tuple[Option, ...]
    orders: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    chips: tuple[Chip, ...]
    distances: tuple[int, ...] = DISTANCES

    @property
    def has_themes_chosen(self) -> bool:
        return any(group.is_chosen for group in self.themes)


def panel_of(search: Search) -> Panel:
    themes = tuple(_theme_groups(search))
    groups = (
        *_list_groups(search),
        _deliveries(search),
        _regions(search),
        _programmes(search),
        *_helps(search),
    )
    return Panel(
        themes=themes,
        groups=groups,
        quarters=tuple(_quarters(search)),
        orders=tuple(ORDERS.items()),
        places=tuple(sorted(((p.code, p.name) for p in search.places.values()), key=_by_name)),
        chips=tuple(_chips(search, (*themes, *groups))),
    )


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1]


def _options(search: Search, name: str, known: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    chosen = search.asked.codes(name)
    return tuple(_option(search.found, name, code, words, chosen) for code, words in known)


def _option(found: Found, name: str, code: str, words: str, chosen: Sequence[str]) -> Option:
    return Option(code, words, found.count(name, code), code in chosen)


def _theme_groups(search: Search) -> Iterable[Group]:
    """A group for each heading: all of it, then each theme under it."""
    themes = list(db.session.scalars(select(Theme).order_by(Theme.position, Theme.id)))
    for top in (theme for theme in themes if theme.parent_id is None):
        under = [(theme.code, theme.name) for theme in themes if theme.parent_id == top.id]
        known = [(top.code, f"All of: {top.name}"), *under]
        yield Group("theme", "Theme", _options(search, "theme", known), heading=top.name)


def _list_groups(search: Search) -> list[Group]:
    wanted = select(Choice.kind, Choice.code, Choice.name).order_by(Choice.position, Choice.id)
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for kind, code, name in db.session.execute(wanted):
        by_kind.setdefault(kind, []).append((code, name))
    return [
        Group(name, words, _options(search, name, by_kind.get(kind, ())))
        for name, words, kind in LISTS
    ]


def _deliveries(search: Search) -> Group:
    known = [(one.value, one.words) for one in (Delivery.ON_SITE, Delivery.REMOTE)]
    if Delivery.EITHER.value in search.asked.codes("delivery"):
        known.append((Delivery.EITHER.value, Delivery.EITHER.words))
    return Group("delivery", "Where", _options(search, "delivery", known))


def _regions(search: Search) -> Group:
    known = sorted({(p.region_code, p.region) for p in search.places.values()}, key=_by_name)
    return Group("region", "Region of the provider", _options(search, "region", known))


def _programmes(search: Search) -> Group:
    rows = db.session.scalars(select(Programme).order_by(Programme.id))
    known = [(programme.code, programme.name) for programme in rows]
    return Group("programme", "Programme", _options(search, "programme", known))


def _helps(search: Search) -> list[Group]:
    """Whom an offer can help; one that names nobody helps everybody."""
    regions = sorted({(p.region_code, p.region) for p in search.places.values()}, key=_by_name)
    known = {
        "helps_situation": [(one.value, one.words) for one in Situation],
        "helps_region": regions,
        "helps_type": [(kind, kind) for kind in sorted({p.kind for p in search.places.values()})],
    }
    words = {
        "helps_situation": "Can help authorities with",
        "helps_region": "Can help in",
        "helps_type": "Can help this type",
    }
    return [Group(name, words[name], _options(search, name, known[name])) for name in known]


def _quarters(search: Search) -> Iterable[Option]:
    asked, count = search.asked, search.found.counts["quarter"]
    yield Option("any", "Any coming quarter", count["any"], asked.any_quarter)
    known = clock.coming_quarters(QUARTERS_SHOWN)
    if asked.quarter is not None and asked.quarter not in known:
        known.append(asked.quarter)
    for quarter in known:
        name = str(quarter)
        yield Option(name, f"{name} ({quarter.months})", count[name], quarter == asked.quarter)


# -- what is chosen ---------------------------------------------------------------------------


def _chips(search: Search, groups: Iterable[Group]) -> Iterable[Chip]:
    asked = search.asked
    if asked.text:
        yield Chip(f"‘{asked.text}’", asked.query(without=["q"]), "q")
    named = {(g.name, option.code): (g.words, option.name) for g in groups for option in g.options}
    for name, codes in asked.chosen.items():
        for code in codes:
            words, value = named.get((name, code), (name.capitalize(), f"{code} (not known here)"))
            alone = name if len(codes) == 1 else ""
            yield Chip(f"{words}: {value}", asked.query_without(name, code), alone)
    yield from _day_chips(asked)
    if asked.within is not None and search.origin is not None:
        words = f"Within {asked.within} km of {search.origin.name}"
        yield Chip(words, asked.query(without=["within"]), "within")


def _day_chips(asked: Asked) -> Iterable[Chip]:
    days = asked.days
    if days is not None:
        words = f"A partnership of {format_days(days)} is possible"
        yield Chip(words, asked.query(without=["days"]), "days")
    if asked.any_quarter:
        yield Chip("Has free days", asked.query(without=["quarter"]), "quarter")
    if asked.quarter is not None:
        free = "Free days" if days is None else f"{format_days(days)} free"
        yield Chip(f"{free} in {asked.quarter}", asked.query(without=["quarter"]), "quarter")


# -- a page of results ------------------------------------------------------------------------


def shown_with(search: Search, cards: Sequence[Card]) -> dict[str, Any]:
    """What the page of results shows besides its cards."""
    asked = search.asked
    panel, without = panel_of(search), search.found.without
    return {
        "search": search,
        "asked": asked,
        "panel": panel,
        "relaxed": [(chip, n) for chip in panel.chips if (n := without[chip.name])],
        "compared": cards_of(search.compared),
        "compare_url": url_for("prospectus.compare", offer=asked.compared),
        "order_words": ORDERS[asked.order],
        "tallest": tallest(cards),
        "asking": asking(asked),
    }


def asking(asked: Asked) -> dict[str, str]:
    """What an ask from this search starts with, as names and values of an address."""
    themes = asked.codes("theme")
    started = {
        "theme": themes[0] if len(themes) == 1 else "",
        "quarter": str(asked.quarter or ""),
        "days": format_number(asked.days) if asked.days else "",
    }
    return {name: value for name, value in started.items() if value}
