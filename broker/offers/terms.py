"""What an offer says, as plain values: read from a version, checked, written into one, compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from broker.days import format_days, format_number
from broker.models.authority import Authority
from broker.models.offer import (
    Backfill,
    Delivery,
    Evidence,
    OfferPartner,
    OfferTheme,
    OfferVersion,
    Situation,
)
from broker.models.person import Person
from broker.models.programme import Choice, Programme, Theme


class Backed(NamedTuple):
    """A theme with what backs the claim: a web address, and words about it."""

    theme: Theme
    evidence: Evidence = Evidence.STATED
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class OfferTerms:
    """What an offer says; what is left out has not been said yet.

    Days are quarter-days for one partnership. `helps_*` empty: anybody. `helps_regions` holds
    region codes. `partners` are the other authorities that give it.
    """

    title: str = ""
    what_we_do: str = ""
    themes: tuple[Backed | tuple[Theme, Evidence], ...] = ()
    choices: tuple[Choice, ...] = ()
    delivery: Delivery | None = None
    days_least: int | None = None
    days_most: int | None = None
    commitment_months: int | None = None
    backfill: Backfill | None = None
    open_from: date | None = None
    open_until: date | None = None
    helps_situations: tuple[str, ...] = ()
    helps_regions: tuple[str, ...] = ()
    helps_types: tuple[str, ...] = ()
    helped_before: str = ""
    lead: Person | None = None
    deputy: Person | None = None
    programmes: tuple[Programme, ...] = ()
    partners: tuple[Authority, ...] = ()

    @property
    def backed(self) -> tuple[Backed, ...]:
        return tuple(Backed(*pair) for pair in self.themes)


PLAIN = (
    "delivery",
    "days_least",
    "days_most",
    "commitment_months",
    "backfill",
    "open_from",
    "open_until",
    "lead",
    "deputy",
)
TEXTS = ("title", "what_we_do", "helped_before")
LISTS = ("helps_situations", "helps_regions", "helps_types")
WORDS = {
    "title": "Title",
    "what_we_do": "What we do",
    "programmes": "Programmes",
    "themes": "Themes",
    "links": "Links and words to the evidence",
    "support_type": "Kinds of support",
    "mode": "How hands-on",
    "style": "Style",
    "level": "Who it works with",
    "delivery": "Where",
    "days": "Days in one partnership",
    "commitment_months": "Shortest partnership",
    "open": "Open for asking",
    "backfill": "Standing in for those who help",
    "helps_situations": "Who it can help",
    "helps_regions": "Regions it can help",
    "helps_types": "Types of authority it can help",
    "helped_before": "Helped before",
    "lead": "Lead",
    "deputy": "Deputy",
    "partners": "Given together with",
}
WORDING = frozenset({"title", "what_we_do", "links", "helped_before", "lead", "deputy"})


def terms_of(version: OfferVersion) -> OfferTerms:
    """Everything that a version says."""
    plain: dict[str, Any] = {name: getattr(version, name) for name in (*PLAIN, *TEXTS)}
    lists: dict[str, Any] = {name: tuple(getattr(version, name)) for name in LISTS}
    themes = (Backed(t.theme, t.evidence, t.link or "", t.note or "") for t in version.themes)
    return OfferTerms(
        **plain,
        **lists,
        themes=tuple(themes),
        choices=tuple(version.choices),
        programmes=tuple(version.programmes),
        partners=tuple(p.authority for p in version.partners if p.left_at is None),
    )


def write(version: OfferVersion, terms: OfferTerms) -> None:
    """Make a version say this. Flush after its themes are cleared, before this."""
    for name in PLAIN:
        setattr(version, name, getattr(terms, name))
    for name in TEXTS:
        setattr(version, name, getattr(terms, name).strip())
    for name in LISTS:
        setattr(version, name, list(getattr(terms, name)))
    version.choices = list(terms.choices)
    version.programmes = list(terms.programmes)
    version.themes = [
        OfferTheme(
            theme_id=row.theme.id,
            theme=row.theme,
            position=position,
            evidence=row.evidence,
            link=row.link.strip() or None,
            note=row.note.strip() or None,
        )
        for position, row in enumerate(terms.backed, start=1)
    ]
    _write_partners(version, terms.partners)


def _write_partners(version: OfferVersion, wanted: Sequence[Authority]) -> None:
    """Keep who stays (and has agreed); take away and add the others."""
    ids = {authority.id for authority in wanted}
    kept = [partner for partner in version.partners if partner.authority_id in ids]
    known = {partner.authority_id for partner in kept}
    added = [OfferPartner(authority_id=a.id, authority=a) for a in wanted if a.id not in known]
    version.partners = [*kept, *added]


# -- comparing --------------------------------------------------------------------------------


def said(terms: OfferTerms, regions: Mapping[str, str] | None = None) -> dict[str, str]:
    """What terms say, in words, by the keys of WORDS: two versions are compared on these.

    `regions`: names by code; without them, codes stand for themselves.
    """
    return {
        "title": terms.title.strip(),
        "what_we_do": terms.what_we_do.strip(),
        "programmes": _names(terms.programmes),
        "themes": "\n".join(f"{row.theme.name} ({row.evidence.words})" for row in terms.backed),
        "links": "\n".join(_backing(row) for row in terms.backed if row.link or row.note),
        **{kind: _names(_of_kind(terms, kind)) for kind in ("support_type", "mode")},
        **{kind: _names(_of_kind(terms, kind)) for kind in ("style", "level")},
        "delivery": terms.delivery.words if terms.delivery else "",
        "days": days_in_words(terms.days_least, terms.days_most),
        "commitment_months": months_in_words(terms.commitment_months),
        "open": dates_in_words(terms.open_from, terms.open_until),
        "backfill": terms.backfill.words if terms.backfill else "",
        "helps_situations": ", ".join(
            one.words for one in Situation if one.value in terms.helps_situations
        ),
        "helps_regions": ", ".join((regions or {}).get(one, one) for one in terms.helps_regions),
        "helps_types": ", ".join(terms.helps_types),
        "helped_before": terms.helped_before.strip(),
        "lead": terms.lead.name if terms.lead else "",
        "deputy": terms.deputy.name if terms.deputy else "",
        "partners": _names(terms.partners),
    }


def _names(things: Iterable[Any]) -> str:
    return ", ".join(sorted(thing.name for thing in things))


def _of_kind(terms: OfferTerms, kind: str) -> list[Choice]:
    return [choice for choice in terms.choices if choice.kind == kind]


def _backing(row: Backed) -> str:
    return f"{row.theme.name}: {' '.join(filter(None, (row.note.strip(), row.link.strip())))}"


def days_in_words(least: int | None, most: int | None) -> str:
    """'1 to 60 days', for quarter-days; '' when nothing is said."""
    if least is None or most is None or least == most:
        one = most if least is None else least
        return "" if one is None else format_days(one)
    return f"{format_number(least)} to {format_days(most)}"


def months_in_words(months: int | None) -> str:
    return "" if months is None else f"{months} {'month' if months == 1 else 'months'}"


def dates_in_words(begins: date | None, ends: date | None) -> str:
    """'From 1 April 2027', 'Until …', 'From … until …'; '' when nothing is said."""
    parts = (("from", begins), ("until", ends))
    given = " ".join(f"{word} {day.day} {day:%B %Y}" for word, day in parts if day)
    return given[:1].upper() + given[1:]


def differences(
    before: OfferTerms, after: OfferTerms, regions: Mapping[str, str] | None = None
) -> dict[str, tuple[str, str]]:
    """Key of WORDS → what was said and what is said now, where the two differ."""
    old, new = said(before, regions), said(after, regions)
    return {name: (old[name], new[name]) for name in WORDS if old[name] != new[name]}


def is_wording(names: Iterable[str]) -> bool:
    """These differences leave the substance as it was."""
    return set(names) <= WORDING
