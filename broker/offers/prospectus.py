"""The public prospectus: published offers as cards, found by words and filters.

Three questions bring every card as plain values (offers, their themes, free days); searching,
counting and sorting then happen here, so that the number of questions never grows with the rows
and Welsh, Arabic, % and _ mean the same on every database.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, select

from broker.capacity.queries import FreeDays, free_days
from broker.db import db
from broker.models.authority import Authority, Region
from broker.models.offer import Delivery, Offer, OfferState, OfferTheme, OfferVersion
from broker.models.person import Person
from broker.models.programme import Programme, Theme
from broker.permissions import offers_seen_by

BLURB_LENGTH = 220
WORDS_LENGTH = 100


@dataclass(frozen=True)
class Card:
    """An offer as the prospectus shows it."""

    id: int
    title: str
    what_we_do: str
    provider: str
    provider_code: str
    region: str
    region_code: str
    programme: str
    programme_code: str
    delivery: Delivery
    is_illustrative: bool
    themes: tuple[str, ...]
    theme_codes: frozenset[str]
    free: FreeDays

    @property
    def blurb(self) -> str:
        """The beginning of what it says, cut between words."""
        text = " ".join(self.what_we_do.split())
        if len(text) <= BLURB_LENGTH:
            return text
        return text[:BLURB_LENGTH].rsplit(" ", 1)[0].rstrip(",.;:") + "…"

    @property
    def searched(self) -> str:
        return folded(" ".join((self.title, self.what_we_do, self.provider, *self.themes)))


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. Empty fields ask for nothing; unknown codes find nothing."""

    words: str = ""
    theme: str = ""
    region: str = ""
    delivery: Delivery | None = None
    programme: str = ""
    has_free_days: bool = False
    order: str = "free"

    @property
    def is_anything(self) -> bool:
        """Something was searched or filtered."""
        return replace(self, order="free") != Wanted()


def folded(text: str) -> str:
    """Text with case and ways of writing the same letter taken out."""
    return unicodedata.normalize("NFC", text).casefold()


def asked_words(text: str) -> str:
    """What was typed in a search box, without control characters, at most 100 characters."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join("".join(kept).split())[:WORDS_LENGTH]


def fits(card: Card, wanted: Wanted) -> bool:
    """Every word stands in the card, and every filter lets it through."""
    asked = (
        (wanted.theme, wanted.theme in card.theme_codes),
        (wanted.region, wanted.region == card.region_code),
        (wanted.programme, wanted.programme == card.programme_code),
        (wanted.delivery, card.delivery in (wanted.delivery, Delivery.EITHER)),
        (wanted.has_free_days, card.free.total > 0),
    )
    if not all(holds for is_asked, holds in asked if is_asked):
        return False
    text = card.searched
    return all(word in text for word in folded(wanted.words).split())


ORDERS: dict[str, tuple[str, Callable[[Card], Any]]] = {
    "free": (
        "Free days soonest",
        lambda c: (
            c.free.first is None,
            c.free.first and c.free.first.ordinal,
            -c.free.total,
            folded(c.title),
            c.id,
        ),
    ),
    "title": ("Title", lambda c: (folded(c.title), c.id)),
    "provider": ("Provider", lambda c: (folded(c.provider), folded(c.title), c.id)),
}


def found(cards: Iterable[Card], wanted: Wanted) -> list[Card]:
    """The cards that fit, in the order asked for."""
    return sorted((c for c in cards if fits(c, wanted)), key=ORDERS[wanted.order][1])


def theme_counts(cards: Iterable[Card], wanted: Wanted) -> Counter[str]:
    """How many cards choosing each theme (or heading) would show, all other filters kept."""
    others = replace(wanted, theme="")
    return Counter(code for card in cards if fits(card, others) for code in card.theme_codes)


# -- from the database ------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A heading with the themes under it."""

    theme: Theme
    themes: tuple[Theme, ...]


def headings() -> list[Heading]:
    """All headings and themes in their order, retired ones included."""
    themes = db.session.scalars(select(Theme).order_by(Theme.position, Theme.id)).all()
    return [
        Heading(top, tuple(t for t in themes if t.parent_id == top.id))
        for top in themes
        if top.parent_id is None
    ]


def cards_seen_by(
    person: Person | None, headings: list[Heading], *, of: Authority | None = None
) -> list[Card]:
    """Every published offer as a card, or every one of an authority."""
    wanted = _published(person)
    if of is not None:
        wanted = wanted.where(Offer.provider_id == of.id)
    rows = db.session.execute(wanted).all()
    themes = _themes_of(rows)
    free = free_days((row.provider_id, row.programme_id) for row in rows)
    above = {t.id: heading.theme for heading in headings for t in heading.themes}
    return [
        _card(row, themes.get(row.version_id, []), above, free[row.provider_id, row.programme_id])
        for row in rows
    ]


def _published(person: Person | None) -> Any:
    return (
        select(
            Offer.id,
            Offer.provider_id,
            Offer.programme_id,
            Offer.is_illustrative,
            OfferVersion.id.label("version_id"),
            OfferVersion.title,
            OfferVersion.what_we_do,
            OfferVersion.delivery,
            Authority.name.label("provider"),
            Authority.code.label("provider_code"),
            Region.name.label("region"),
            Region.code.label("region_code"),
            Programme.name.label("programme"),
            Programme.code.label("programme_code"),
        )
        .join(
            OfferVersion,
            and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.number),
        )
        .join(Authority, Authority.id == Offer.provider_id)
        .join(Region, Region.id == Authority.region_id)
        .join(Programme, Programme.id == Offer.programme_id)
        .where(offers_seen_by(person), Offer.state == OfferState.PUBLISHED)
        .order_by(Offer.id)
    )


def _themes_of(rows: Iterable[Any]) -> dict[int, list[Theme]]:
    """Version id → its themes, in the offer's own order."""
    ids = [row.version_id for row in rows]
    wanted = (
        select(OfferTheme.version_id, Theme)
        .join(Theme, Theme.id == OfferTheme.theme_id)
        .where(OfferTheme.version_id.in_(ids))
        .order_by(OfferTheme.version_id, OfferTheme.position)
    )
    themes: dict[int, list[Theme]] = {}
    for version_id, theme in db.session.execute(wanted):
        themes.setdefault(version_id, []).append(theme)
    return themes


def _card(row: Any, themes: list[Theme], above: dict[int, Theme], free: FreeDays) -> Card:
    over = {above[theme.id].code for theme in themes if theme.id in above}
    shown = {name: getattr(row, name) for name in SHOWN}
    return Card(
        **shown,
        themes=tuple(theme.name for theme in themes),
        theme_codes=frozenset({theme.code for theme in themes} | over),
        free=free,
    )


SHOWN = (
    "id",
    "title",
    "what_we_do",
    "provider",
    "provider_code",
    "region",
    "region_code",
    "programme",
    "programme_code",
    "delivery",
    "is_illustrative",
)
