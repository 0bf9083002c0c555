"""Verbs of offers: drafted, written, published, revised; suspended and lifted by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from broker import clock
from broker.db import db
from broker.errors import NotPossible
from broker.models.authority import Authority
from broker.models.event import Event
from broker.models.offer import Offer, OfferState, OfferVersion
from broker.models.person import Person
from broker.models.programme import Programme
from broker.offers import joint
from broker.offers.checks import check, check_is_open, works_at
from broker.offers.stamps import check_is_fresh
from broker.offers.terms import (
    WORDS,
    Backed,
    OfferTerms,
    differences,
    is_wording,
    terms_of,
    write,
)
from broker.prospectus.actions import bring_out, tell_whom_they_fit
from broker.taking import lock, may, start, take

__all__ = ["Backed", "OfferTerms"]


# -- drafting ---------------------------------------------------------------------------------


def draft(
    *,
    provider: Authority,
    programme: Programme,
    terms: OfferTerms,
    by: Person,
    is_illustrative: bool = False,
    detail: str = "",
) -> Offer:
    """Begin an offer that only its own authority sees; it need not be complete.

    It is open to `programme`, and to those of the terms.
    """
    programmes = dict.fromkeys((programme, *terms.programmes))
    terms = replace(terms, programmes=tuple(programmes))
    check_is_open(programme)
    check(terms, provider=provider)
    offer = Offer(provider=provider, programme=programme, is_illustrative=is_illustrative)
    version = OfferVersion(number=1, created_by_id=by.id)
    with db.session.no_autoflush:
        write(version, terms)
    offer.versions.append(version)
    start(offer, "draft", by=by, detail=detail)
    return offer


def copy(offer: Offer, *, by: Person) -> Offer:
    """A new draft that says what an offer says now, but for what is no longer used or open."""
    terms = terms_of(offer.current)
    today = clock.today()
    open_now = [one for one in offer.programmes if one.is_open_on(today)]
    begins, ends = terms.open_from, terms.open_until
    kept = replace(
        terms,
        programmes=tuple(open_now),
        themes=tuple(row for row in terms.backed if not row.theme.is_retired),
        choices=tuple(choice for choice in terms.choices if not choice.is_retired),
        open_from=begins if ends is None or ends >= today else None,
        open_until=ends if ends is None or ends >= today else None,
        lead=terms.lead if terms.lead and works_at(terms.lead, offer.provider) else None,
        deputy=terms.deputy if terms.deputy and works_at(terms.deputy, offer.provider) else None,
    )
    return draft(
        provider=offer.provider,
        programme=open_now[0] if open_now else offer.programme,
        terms=kept,
        by=by,
        is_illustrative=offer.is_illustrative,
        detail=f"Copied from offer {offer.id}, version {offer.number}",
    )


# -- writing in a draft or a revision ---------------------------------------------------------


def edit(offer: Offer, terms: OfferTerms, *, by: Person) -> list[str]:
    """Make a draft or a revision say this; gives the keys of WORDS that changed."""
    lock(offer)
    return _rewrite(offer, terms, by)


def write_in(
    offer: Offer, answers: Mapping[str, Any], *, by: Person, seen: str | None = None
) -> list[str]:
    """Change some of what a draft or a revision says; `answers` are fields of OfferTerms.

    `seen` is the stamp of the page that was opened: raises ChangedMeanwhile when somebody else
    has changed it since. Gives the keys of WORDS that changed; the same again changes nothing.
    """
    lock(offer)
    may(offer, "edit", by=by)
    version = _being_written(offer)
    now = terms_of(version)
    wanted = replace(now, **answers)
    if seen is not None:
        check_is_fresh(seen, now, wanted)
    return _rewrite(offer, wanted, by)


def _being_written(offer: Offer) -> OfferVersion:
    if offer.working is None:
        raise NotPossible("Nothing is being written. Begin a revision of this offer first.")
    return offer.working


def _rewrite(offer: Offer, terms: OfferTerms, by: Person) -> list[str]:
    may(offer, "edit", by=by)
    version = _being_written(offer)
    changed = list(differences(terms_of(version), terms))
    if not changed:
        return []
    check(terms, provider=offer.provider)
    take(offer, "edit", by=by, detail=", ".join(WORDS[name] for name in changed))
    version = _being_written(offer)
    with db.session.no_autoflush:
        _clear_themes(version)
        write(version, terms)
    version.handed_over_at = None
    if not is_wording(changed):
        joint.ask_again(version)
    if offer.state is OfferState.DRAFT:
        _settle_programme(offer)
    db.session.flush()
    return changed


def _clear_themes(version: OfferVersion) -> None:
    """Take the themes out of the database first: each counts once in a version."""
    version.themes.clear()
    db.session.flush()


def _settle_programme(offer: Offer) -> None:
    """Keep the offer's first programme among those that its current version is open to."""
    programmes = offer.current.programmes
    if programmes and not offer.is_open_to(offer.programme_id):
        offer.programme = programmes[0]


# -- publishing -------------------------------------------------------------------------------


def hand_over(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """The lead asks the director to sign off what is written."""
    event = take(offer, "hand_over", by=by)
    _being_written(offer).handed_over_at = clock.now()
    db.session.flush()
    return event


def publish(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """The director's sign-off: the offer stands in the public prospectus."""
    event = take(offer, "publish", by=by, reason=reason)
    _check_in_use(offer.current)
    offer.published_at = clock.now()
    _sign_off(offer.current, by)
    bring_out(offer, event)
    return event


def resume(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """The offer stands in the prospectus again, and who looks for such a one hears of it."""
    event = take(offer, "resume", by=by, reason=reason)
    tell_whom_they_fit([offer], event)
    return event


def _check_in_use(version: OfferVersion) -> None:
    if retired := [row.theme.name for row in version.themes if row.theme.is_retired]:
        raise NotPossible(f"No longer used: {', '.join(retired)}. Choose other themes first.")


def _sign_off(version: OfferVersion, by: Person) -> None:
    version.signed_off_at, version.signed_off_by_id = clock.now(), by.id


# -- revising ---------------------------------------------------------------------------------


def begin_revision(offer: Offer, *, by: Person, reason: str = "") -> OfferVersion:
    """A copy of the version that stands, to write in; the one there is, if one has begun."""
    lock(offer)
    may(offer, "revise", by=by)
    if offer.revision is not None:
        return offer.revision
    take(offer, "revise", by=by, detail=f"Version {offer.number + 1}")
    version = OfferVersion(number=offer.number + 1, created_by_id=by.id)
    with db.session.no_autoflush:
        write(version, terms_of(offer.current))
        joint.carry_over(offer.current, version)
    offer.versions.append(version)
    db.session.flush()
    db.session.expire(offer, ["revision"])
    return version


def sign_off(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """The director makes a revision the version that stands; earlier ones stay as they were."""
    lock(offer)
    return _make_current(offer, "sign_off", by)


def reword(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """Publish a revision of words alone, which needs no director."""
    lock(offer)
    may(offer, "reword", by=by)
    if offer.revision and not is_wording(changed := changes(offer)):
        words = ", ".join(WORDS[name].lower() for name in changed)
        raise NotPossible(f"This changes more than words ({words}): the director signs it off.")
    return _make_current(offer, "reword", by)


def revise(offer: Offer, terms: OfferTerms, *, by: Person) -> OfferVersion:
    """The director's new version in one go: begun, written and signed off.

    Terms without programmes leave it open to those that it is open to.
    """
    begin_revision(offer, by=by)
    terms = replace(terms, programmes=terms.programmes or tuple(offer.programmes))
    edit(offer, terms, by=by)
    sign_off(offer, by=by)
    return offer.current


def changes(offer: Offer) -> dict[str, tuple[str, str]]:
    """What a revision changes, by the keys of WORDS: before and after."""
    if offer.revision is None:
        return {}
    return differences(terms_of(offer.current), terms_of(offer.revision))


def _make_current(offer: Offer, verb: str, by: Person) -> Event:
    changed = changes(offer)
    if offer.revision is not None and not changed:
        raise NotPossible("Nothing is different from the version that stands.")
    words = ", ".join(WORDS[name].lower() for name in changed)
    event = take(offer, verb, by=by, detail=f"Version {offer.number + 1}: {words}")
    version = _being_written(offer)
    _check_in_use(version)
    _sign_off(version, by)
    offer.number = version.number
    db.session.flush()
    db.session.expire(offer, ["current", "revision"])
    _settle_programme(offer)
    bring_out(offer, event)
    return event


def discard(offer: Offer, *, by: Person, reason: str = "") -> Event:
    """Throw a revision away; the version that stands is not touched."""
    event = take(offer, "discard", by=by, reason=reason, detail=f"Version {offer.number + 1}")
    db.session.delete(_being_written(offer))
    db.session.flush()
    db.session.expire(offer, ["revision", "versions"])
    return event


DEEDS = {
    "publish": publish,
    "resume": resume,
    "hand_over": hand_over,
    "revise": begin_revision,
    "sign_off": sign_off,
    "reword": reword,
    "discard": discard,
    "ask_partners": joint.ask_partners,
    "join": joint.join,
    "stay_out": joint.stay_out,
    "leave": joint.leave,
}
