"""Verbs of offers: drafted, changed, published, revised; suspended and lifted by the clock."""

from __future__ import annotations

from dataclasses import dataclass

from broker import clock
from broker.days import MAX_DAYS, format_days
from broker.db import db
from broker.eligibility import why_not_offer
from broker.errors import NotPossible, NotRight
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.offer import (
    Delivery,
    Evidence,
    Offer,
    OfferTheme,
    OfferVersion,
)
from broker.models.person import Person
from broker.models.programme import Choice, Programme, Theme
from broker.prospectus.actions import bring_out
from broker.taking import lock, may, start, take

TITLE_LENGTH = 120
TEXT_LENGTH = 4000
SOURCE_LENGTH = 400
QUARTER_DAYS_MOST = MAX_DAYS * 4


@dataclass(frozen=True)
class OfferTerms:
    """What an offer says. `days_least` and `days_most` are quarter-days for one partnership."""

    title: str
    what_we_do: str
    themes: tuple[tuple[Theme, Evidence], ...]
    choices: tuple[Choice, ...]
    delivery: Delivery
    days_least: int
    days_most: int
    source: str | None = None


# -- drafting ---------------------------------------------------------------------------------


def draft(
    *,
    provider: Authority,
    programme: Programme,
    terms: OfferTerms,
    by: Person,
    is_illustrative: bool = False,
) -> Offer:
    """Begin an offer that only its own authority sees."""
    _check(terms)
    _check_is_open(programme)
    offer = Offer(provider=provider, programme=programme, is_illustrative=is_illustrative)
    offer.versions.append(_version(terms, number=1, by=by))
    start(offer, "draft", by=by)
    return offer


def edit(
    offer: Offer, terms: OfferTerms, *, by: Person, programme: Programme | None = None
) -> None:
    """Change a draft in place: nobody has agreed to anything on it yet."""
    _check(terms)
    take(offer, "edit", by=by)
    if programme is not None and programme.id != offer.programme_id:
        _check_is_open(programme)
        offer.programme = programme
    version = offer.current
    version.themes.clear()
    db.session.flush()
    _write(version, terms)
    db.session.flush()


def revise(offer: Offer, terms: OfferTerms, *, by: Person) -> OfferVersion:
    """The director's new version; what was agreed on an earlier one stays as it was."""
    _check(terms)
    lock(offer)
    may(offer, "revise", by=by)
    themes = [theme for theme, _ in terms.themes]
    if said := why_not_offer(offer.provider, offer.programme, themes):
        raise NotRight(said, "themes")
    changed = changes(offer.current, terms)
    if not changed:
        raise NotRight("Nothing is different from the version that stands.", "title")
    version = _version(terms, number=offer.number + 1, by=by)
    _sign_off(version, by)
    offer.versions.append(version)
    offer.number = version.number
    event = take(offer, "revise", by=by, detail=f"Version {version.number}: {', '.join(changed)}")
    bring_out(offer, event)
    return version


def _version(terms: OfferTerms, *, number: int, by: Person) -> OfferVersion:
    version = OfferVersion(number=number, created_by_id=by.id)
    _write(version, terms)
    return version


def _write(version: OfferVersion, terms: OfferTerms) -> None:
    version.title, version.what_we_do = terms.title.strip(), terms.what_we_do.strip()
    version.delivery = terms.delivery
    version.days_least, version.days_most = terms.days_least, terms.days_most
    version.source = (terms.source or "").strip() or None
    version.choices = list(terms.choices)
    version.themes = [
        OfferTheme(theme_id=theme.id, position=position, evidence=evidence)
        for position, (theme, evidence) in enumerate(terms.themes, start=1)
    ]


def changes(version: OfferVersion, terms: OfferTerms) -> list[str]:
    """What terms would change in a version, in words for the history."""
    backed = {(row.theme_id, row.evidence) for row in version.themes}
    differs = {
        "title": version.title != terms.title.strip(),
        "what we do": version.what_we_do != terms.what_we_do.strip(),
        "themes": backed != {(theme.id, evidence) for theme, evidence in terms.themes},
        "kinds of support": {c.id for c in version.choices} != {c.id for c in terms.choices},
        "delivery": version.delivery is not terms.delivery,
        "days": (version.days_least, version.days_most) != (terms.days_least, terms.days_most),
        "source": (version.source or "") != (terms.source or "").strip(),
    }
    return [name for name, is_changed in differs.items() if is_changed]


# -- checks that hold however the terms arrive ------------------------------------------------


def _check(terms: OfferTerms) -> None:
    _check_words(terms)
    _check_lists(terms)
    _check_days(terms)


def _check_words(terms: OfferTerms) -> None:
    if not _says_something(terms.title):
        raise NotRight("Give the offer a title.", "title")
    if not _says_something(terms.what_we_do):
        raise NotRight("Say what you do, in a few sentences.", "what_we_do")
    lengths = (
        ("title", terms.title, TITLE_LENGTH),
        ("what_we_do", terms.what_we_do, TEXT_LENGTH),
        ("source", terms.source or "", SOURCE_LENGTH),
    )
    for name, text, most in lengths:
        if len(text.strip()) > most:
            raise NotRight(f"Keep this to {most:,} characters.", name)


def _says_something(text: str) -> bool:
    """There is a letter or a digit in it, of whatever script."""
    return any(character.isalnum() for character in text)


def _check_lists(terms: OfferTerms) -> None:
    themes = [theme for theme, _ in terms.themes]
    if not themes:
        raise NotRight("Choose at least one theme.", "themes")
    if len({theme.id for theme in themes}) < len(themes):
        raise NotRight("Each theme counts once.", "themes")
    if any(theme.parent_id is None for theme in themes):
        raise NotRight("Choose themes, not the headings over them.", "themes")
    _check_not_retired(themes)
    if retired := [choice.name for choice in terms.choices if choice.is_retired]:
        raise NotRight(f"No longer used: {', '.join(retired)}. Choose others.", "support_types")


def _check_not_retired(themes: list[Theme]) -> None:
    if retired := [theme.name for theme in themes if theme.is_retired]:
        raise NotRight(f"No longer used: {', '.join(retired)}. Choose another theme.", "themes")


def _check_days(terms: OfferTerms) -> None:
    if terms.days_least <= 0:
        raise NotRight("The least days must be more than 0.", "days_least")
    if terms.days_most > QUARTER_DAYS_MOST:
        raise NotRight(f"Days must be {MAX_DAYS:,} or fewer.", "days_most")
    if terms.days_least > terms.days_most:
        raise NotRight(
            f"The most days cannot be fewer than the least, {format_days(terms.days_least)}.",
            "days_most",
        )


def _check_is_open(programme: Programme) -> None:
    if not programme.is_open_on(clock.today()):
        raise NotRight(f"{programme.name} is not open today.", "programme")


# -- publishing -------------------------------------------------------------------------------


def publish(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """The director's sign-off: the offer stands in the public prospectus."""
    event = take(offer, "publish", by=by, reason=reason)
    if retired := [row.theme.name for row in offer.current.themes if row.theme.is_retired]:
        raise NotPossible(f"No longer used: {', '.join(retired)}. Change the draft first.")
    offer.published_at = clock.now()
    _sign_off(offer.current, by)
    bring_out(offer, event)
    return event


def _sign_off(version: OfferVersion, by: Person) -> None:
    version.signed_off_at, version.signed_off_by_id = clock.now(), by.id


DEEDS = {"publish": publish}
