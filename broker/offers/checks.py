"""What must hold of an offer's terms however they arrive; what is left out is not looked at."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from broker import clock
from broker.days import MAX_DAYS, format_days
from broker.errors import NotRight
from broker.models.authority import Authority
from broker.models.offer import Situation
from broker.models.person import Person
from broker.models.programme import Programme, Theme
from broker.offers.terms import OfferTerms
from broker.permissions import GIVING

TITLE_LENGTH = 120
TEXT_LENGTH = 4000
LINK_LENGTH = 400
NOTE_LENGTH = 400
HELPED_LENGTH = 1000
QUARTER_DAYS_MOST = MAX_DAYS * 4
MONTHS_MOST = 60
PARTNERS_MOST = 4


def check(terms: OfferTerms, *, provider: Authority) -> None:
    """Raise NotRight, naming the field, for the first thing that does not hold."""
    _check_words(terms)
    _check_themes(terms)
    _check_choices(terms)
    _check_days(terms)
    _check_time(terms)
    _check_whom(terms)
    _check_people(terms, provider)
    for programme in terms.programmes:
        check_is_open(programme)


def check_is_open(programme: Programme) -> None:
    if not programme.is_open_on(clock.today()):
        raise NotRight(f"{programme.name} is not open today.", "programmes")


def _check_words(terms: OfferTerms) -> None:
    lengths = (
        ("title", terms.title, TITLE_LENGTH),
        ("what_we_do", terms.what_we_do, TEXT_LENGTH),
        ("helped_before", terms.helped_before, HELPED_LENGTH),
    )
    for name, text, most in lengths:
        if len(text.strip()) > most:
            raise NotRight(f"Keep this to {most:,} characters.", name)
        if text.strip() and not any(character.isalnum() for character in text):
            raise NotRight("Say this in words.", name)


def _check_themes(terms: OfferTerms) -> None:
    themes = [row.theme for row in terms.backed]
    if len({theme.id for theme in themes}) < len(themes):
        raise NotRight("Each theme counts once.", "themes")
    if any(theme.parent_id is None for theme in themes):
        raise NotRight("Choose themes, not the headings over them.", "themes")
    check_not_retired(themes)
    for row in terms.backed:
        if len(row.note) > NOTE_LENGTH:
            raise NotRight(f"Keep this to {NOTE_LENGTH:,} characters.", f"note_{row.theme.code}")
        if row.link.strip() and (wrong := why_not_link(row.link.strip())):
            raise NotRight(wrong, f"link_{row.theme.code}")


def check_not_retired(themes: Sequence[Theme]) -> None:
    if retired := [theme.name for theme in themes if theme.is_retired]:
        raise NotRight(f"No longer used: {', '.join(retired)}. Choose another theme.", "themes")


def why_not_link(text: str) -> str | None:
    """Why a web address may not stand on a page; None when it may."""
    if len(text) > LINK_LENGTH:
        return f"Keep the address to {LINK_LENGTH:,} characters."
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "This is not a web address. Copy it from your browser, such as https://example.org/"
    if parts.scheme not in ("http", "https"):
        return "Only web addresses that begin with https:// or http:// can stand here."
    if "@" in parts.netloc:
        return "Take the name and password out of the address."
    is_odd = any(c.isspace() or not c.isprintable() or c in '\\<>"' for c in text)
    if is_odd or "." not in host.strip("."):
        return "This is not a web address. Copy it from your browser, such as https://example.org/"
    return None


def _check_choices(terms: OfferTerms) -> None:
    for choice in terms.choices:
        if choice.is_retired:
            words = f"No longer used: {choice.name}. Choose another answer."
            raise NotRight(words, f"{choice.kind}s")


def _check_days(terms: OfferTerms) -> None:
    least, most = terms.days_least, terms.days_most
    for name, days in (("days_least", least), ("days_most", most)):
        if days is not None and days <= 0:
            raise NotRight("Days must be more than 0.", name)
        if days is not None and days > QUARTER_DAYS_MOST:
            raise NotRight(f"Days must be {MAX_DAYS:,} or fewer.", name)
    if least is not None and most is not None and least > most:
        words = f"The most days cannot be fewer than the least, {format_days(least)}."
        raise NotRight(words, "days_most")


def _check_time(terms: OfferTerms) -> None:
    months, begins, ends = terms.commitment_months, terms.open_from, terms.open_until
    if months is not None and not 1 <= months <= MONTHS_MOST:
        raise NotRight(f"Give between 1 and {MONTHS_MOST} months.", "commitment_months")
    if begins is not None and ends is not None and begins > ends:
        raise NotRight("The last day cannot be before the first.", "open_until")


def _check_whom(terms: OfferTerms) -> None:
    if not set(terms.helps_situations) <= {one.value for one in Situation}:
        raise NotRight("Choose from the list.", "helps_situations")


def _check_people(terms: OfferTerms, provider: Authority) -> None:
    for name, person in (("lead", terms.lead), ("deputy", terms.deputy)):
        if person is not None and not works_at(person, provider):
            raise NotRight(f"Choose somebody of {provider.name}.", name)
    if terms.lead is not None and terms.lead is terms.deputy:
        raise NotRight("Choose somebody else as deputy.", "deputy")
    if provider.id in {authority.id for authority in terms.partners}:
        raise NotRight(f"{provider.name} gives this offer already.", "partner_1")
    if len(terms.partners) > PARTNERS_MOST:
        raise NotRight(f"Name {PARTNERS_MOST} other authorities at most.", "partner_1")


def works_at(person: Person, provider: Authority) -> bool:
    return person.at(provider.id, *GIVING) is not None
