"""Facts of many needs and offers as arrays. NaN means: not known."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Kind = TypeVar("Kind", bound=Hashable)


def ratio(top: Floats, bottom: Floats) -> Floats:
    """top / bottom, NaN where there is nothing to divide by."""
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    quotient: Floats = np.full(shape, np.nan)
    np.divide(top, bottom, out=quotient, where=bottom > 0)
    return quotient


def blend(parts: Sequence[tuple[float, Floats]]) -> Floats:
    """The weighted mean of the parts that are known, place by place; NaN where none is."""
    total, weight = np.zeros(parts[0][1].shape), np.zeros(parts[0][1].shape)
    for share, values in parts:
        known = ~np.isnan(values)
        total += np.where(known, values, 0.0) * share
        weight += known * share
    return ratio(total, weight)


def figures(values: Iterable[float | int | None]) -> Floats:
    return np.array([np.nan if one is None else float(one) for one in values])


def distinct(values: Iterable[Kind]) -> tuple[list[Kind], Ints]:
    """Each value once, in the order of its coming, and for every place which of them it is."""
    place: dict[Kind, int] = {}
    at = [place.setdefault(value, len(place)) for value in values]
    return list(place), np.array(at, np.int64)


def membership(sets: Sequence[Iterable[str]], vocabulary: Sequence[str]) -> Floats:
    """sets x vocabulary, 1 where a set holds a word."""
    place = {word: at for at, word in enumerate(vocabulary)}
    held = np.zeros((len(sets), len(vocabulary)))
    for row, words in enumerate(sets):
        for word in words:
            if word in place:
                held[row, place[word]] = 1.0
    return held


def share_met(wanted: Sequence[frozenset[str]], given: Sequence[frozenset[str]]) -> Floats:
    """wanted x given: the share of what is wanted that is given; NaN where either says nothing."""
    vocabulary = sorted(set().union(*wanted))
    kinds, kind = distinct(given)
    asked, offered = membership(wanted, vocabulary), membership(kinds, vocabulary)
    count = asked.sum(axis=1)
    silent = np.array([not words for words in kinds], np.bool_)
    met = ratio(asked @ offered.T, count[:, None])
    met[:, silent] = np.nan
    spread: Floats = met[:, kind]
    return spread


def same(left: Sequence[str | None], right: Sequence[str | None]) -> Floats:
    """left x right: 1 where equal, 0 where not; NaN where either is not known."""
    codes = {word: float(at) for at, word in enumerate(sorted({*left, *right} - {None}, key=str))}
    mine = figures(None if word is None else codes[word] for word in left)[:, None]
    theirs = figures(None if word is None else codes[word] for word in right)[None, :]
    return np.where(np.isnan(mine) | np.isnan(theirs), np.nan, (mine == theirs) * 1.0)
