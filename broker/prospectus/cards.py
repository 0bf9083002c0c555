"""Offers as the prospectus shows them: the few on a page, in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from broker import clock
from broker.capacity.queries import QUARTERS_SHOWN, FreeDays
from broker.clock import Quarter
from broker.db import db
from broker.models.offer import Delivery, Offer, OfferTheme, OfferVersion, Situation
from broker.models.programme import Choice, Programme, Theme
from broker.prospectus import faces
from broker.prospectus.finding import Candidate, lot
from broker.prospectus.queries import candidates, places, week

BLURB_LENGTH = 220
LEAST_TALL = 40


@dataclass(frozen=True)
class Card:
    """An offer as the prospectus shows it. `partners`: who gives it together with the provider;
    `helps`: whom it is for, in words (empty: anybody); `km`: from where the reader measures."""

    id: int
    title: str
    what_we_do: str
    provider: str
    provider_code: str
    partners: tuple[str, ...]
    region: str
    programmes: tuple[str, ...]
    delivery: Delivery
    days_least: int
    days_most: int
    commitment_months: int | None
    helps: tuple[str, ...]
    source: str
    version: int
    published_at: datetime
    is_illustrative: bool
    themes: tuple[str, ...]
    theme_codes: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]
    evidence: tuple[str, ...]
    free: FreeDays
    km: float | None

    @property
    def blurb(self) -> str:
        """The beginning of what it says, cut between words."""
        text = " ".join(self.what_we_do.split())
        if len(text) <= BLURB_LENGTH:
            return text
        return text[:BLURB_LENGTH].rsplit(" ", 1)[0].rstrip(",.;:") + "…"

    @property
    def by_quarter(self) -> list[tuple[Quarter, int]]:
        """The coming quarters with the quarter-days free in each."""
        return [(q, self.free.by_quarter.get(q, 0)) for q in clock.coming_quarters(QUARTERS_SHOWN)]


def cards_of(shown: Sequence[Candidate]) -> list[Card]:
    """Candidates in full, in the order given; as many questions for one as for all."""
    if not shown:
        return []
    ids = [one.face.offer_id for one in shown]
    texts = {row.id: row for row in db.session.execute(_texts(ids))}
    themes, choices = _themes(ids), _choices(ids)
    programmes = {p.id: p.name for p in db.session.scalars(select(Programme))}
    return [
        _card(
            texts[one.face.offer_id],
            one,
            themes.get(one.face.offer_id, []),
            choices.get(one.face.offer_id, {}),
            tuple(programmes[id_] for id_ in one.face.programme_ids),
        )
        for one in shown
        if one.face.offer_id in texts
    ]


def _current(ids: list[int]) -> Any:
    """Joins an offer to the version that stands."""
    is_current = and_(OfferVersion.offer_id == Offer.id, OfferVersion.number == Offer.number)
    return is_current, Offer.id.in_(ids)


def _texts(ids: list[int]) -> Any:
    is_current, is_shown = _current(ids)
    said = OfferVersion
    return (
        select(
            Offer.id,
            Offer.is_illustrative,
            Offer.published_at,
            said.title,
            said.what_we_do,
            said.delivery,
            said.days_least,
            said.days_most,
            said.commitment_months,
            said.number,
        )
        .join(said, is_current)
        .where(is_shown)
    )


BACKING = (OfferTheme.evidence, OfferTheme.link, OfferTheme.note)


def _themes(ids: list[int]) -> dict[int, list[Any]]:
    """Offer id → rows of its themes (code, name, evidence), in the offer's own order."""
    is_current, is_shown = _current(ids)
    wanted = (
        select(Offer.id, Theme.code, Theme.name, *BACKING)
        .join(OfferVersion, is_current)
        .join(OfferTheme, OfferTheme.version_id == OfferVersion.id)
        .join(Theme, Theme.id == OfferTheme.theme_id)
        .where(is_shown)
        .order_by(Offer.id, OfferTheme.position)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(wanted):
        found.setdefault(row.id, []).append(row)
    return found


def _choices(ids: list[int]) -> dict[int, dict[str, list[str]]]:
    """Offer id → kind → names of what was chosen, in the lists' own order."""
    is_current, is_shown = _current(ids)
    wanted = (
        select(Offer.id, Choice.kind, Choice.name)
        .join(OfferVersion, is_current)
        .join(OfferVersion.choices)
        .where(is_shown)
        .order_by(Offer.id, Choice.position, Choice.id)
    )
    found: dict[int, dict[str, list[str]]] = {}
    for offer_id, kind, name in db.session.execute(wanted):
        found.setdefault(offer_id, {}).setdefault(kind, []).append(name)
    return found


def _card(
    row: Any,
    one: Candidate,
    themes: list[Any],
    choices: Mapping[str, list[str]],
    programmes: tuple[str, ...],
) -> Card:
    return Card(
        id=row.id,
        title=row.title,
        what_we_do=row.what_we_do,
        provider=one.place.name,
        provider_code=one.place.code,
        partners=tuple(partner.name for partner in one.partners),
        region=one.place.region,
        programmes=programmes,
        delivery=row.delivery,
        days_least=row.days_least,
        days_most=row.days_most,
        commitment_months=row.commitment_months,
        helps=_helps(one),
        source="; ".join(dict.fromkeys(t.link or t.note for t in themes if t.link or t.note)),
        version=row.number,
        published_at=row.published_at,
        is_illustrative=row.is_illustrative,
        themes=tuple(theme.name for theme in themes),
        theme_codes=tuple(theme.code for theme in themes),
        choices={kind: tuple(names) for kind, names in choices.items()},
        evidence=tuple(dict.fromkeys(theme.evidence.words for theme in themes)),
        free=FreeDays(one.free),
        km=one.km,
    )


def _helps(one: Candidate) -> tuple[str, ...]:
    named = one.values("helps_situation")
    return tuple(situation.words for situation in Situation if situation.value in named)


def published_by(provider_id: int) -> list[Card]:
    """What a provider offers, alone or together with others, in the order of the week's lot."""
    own = [one for one in faces.published() if provider_id in (one.provider_id, *one.partner_ids)]
    own.sort(key=lambda face: lot(week(), face.offer_id))
    return cards_of(candidates(own, places()))


def tallest(shown: Sequence[Card]) -> int:
    """The quarter-days of a full bar, so that the pictures of a page can be compared."""
    days = [days for card in shown for days in card.free.by_quarter.values()]
    return max([LEAST_TALL, *days])
