"""A page's stamp: what it said when it was opened, so that nobody saves over another unawares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from broker.errors import NotRight
from broker.offers.terms import WORDS, OfferTerms, said


class ChangedMeanwhile(NotRight):
    """Somebody else changed the page since it was opened; `theirs`: name → what it says now."""

    def __init__(self, theirs: dict[str, str]) -> None:
        names = ", ".join(WORDS[name].lower() for name in theirs)
        super().__init__(
            f"Somebody else changed this since you opened it ({names}). What you typed is kept. "
            "Save again to put it in place of theirs."
        )
        self.theirs = {WORDS[name]: text for name, text in theirs.items()}


def stamp_of(terms: OfferTerms, names: Iterable[str]) -> str:
    """A short mark for each of these keys of WORDS."""
    words = said(terms)
    return " ".join(f"{name}:{_mark(words[name])}" for name in names)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def check_is_fresh(seen: str, now: OfferTerms, wanted: OfferTerms) -> None:
    """Raise ChangedMeanwhile where what is said now is neither what was seen nor what is wanted."""
    stands, typed = said(now), said(wanted)
    marks = (part.partition(":")[::2] for part in seen.split())
    theirs = {
        name: stands[name]
        for name, mark in marks
        if name in stands and mark != _mark(stands[name]) and stands[name] != typed[name]
    }
    if theirs:
        raise ChangedMeanwhile(theirs)
