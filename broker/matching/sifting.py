"""The rules asked about many offers at once: offers alike in what a rule looks at, only once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from broker.matching.arrays import Flags, Ints, distinct
from broker.matching.facts import NeedFacts, OfferFacts, World
from broker.matching.help_rules import theme_in_common
from broker.matching.reasons import Reason
from broker.matching.rules import LOOKS_AT, Rule

HARDLY_ALIKE = "themes"  # offers that differ anyway are not compared


@dataclass(frozen=True)
class _Kinds:
    """Offers that some rules cannot tell apart: one of each kind, and each offer's kind."""

    samples: list[OfferFacts]
    kind: Ints


class Sieve:
    def __init__(self, offers: Sequence[OfferFacts], world: World) -> None:
        self._offers, self._world = offers, world
        by_facts = {facts: _kinds(offers, facts) for facts in set(LOOKS_AT.values())}
        self._kinds = [(rule, by_facts[facts]) for rule, facts in LOOKS_AT.items()]

    def reasons(self, need: NeedFacts) -> list[list[Reason]]:
        """By offer, every reason against it, in the order of the rules."""
        against: list[list[Reason]] = [[] for _ in self._offers]
        for rule, kinds in self._kinds:
            refused = self._refused(rule, need, kinds, range(len(kinds.samples)))
            if refused:
                is_refused = _flags(kinds, list(refused))[kinds.kind]
                for column in np.flatnonzero(is_refused).tolist():
                    against[column].append(refused[kinds.kind[column]])
        return against

    def kept(self, need: NeedFacts, columns: Ints) -> Ints:
        """Those of the offers at `columns`, all near in theme, that no other rule refuses."""
        for rule, kinds in self._kinds:
            if rule is theme_in_common:
                continue
            there = np.flatnonzero(_flags(kinds, kinds.kind[columns])).tolist()
            refused = self._refused(rule, need, kinds, there)
            if refused:
                columns = columns[~_flags(kinds, list(refused))[kinds.kind[columns]]]
        return columns

    def _refused(
        self, rule: Rule, need: NeedFacts, kinds: _Kinds, among: Sequence[int]
    ) -> dict[int, Reason]:
        """Kind → why it is refused."""
        samples, world = kinds.samples, self._world
        found = [(kind, rule(need, samples[kind], world)) for kind in among]
        return {kind: reason for kind, reason in found if reason}


def _kinds(offers: Sequence[OfferFacts], facts: tuple[str, ...]) -> _Kinds:
    if HARDLY_ALIKE in facts:
        return _Kinds(list(offers), np.arange(len(offers)))
    if not facts:
        return _Kinds(list(offers[:1]), np.zeros(len(offers), np.int64))
    kind = distinct(map(attrgetter(*facts), offers))[1]
    firsts = np.unique(kind, return_index=True)[1]
    return _Kinds([offers[first] for first in firsts.tolist()], kind)


def _flags(kinds: _Kinds, these: Sequence[int] | Ints) -> Flags:
    flags: Flags = np.zeros(len(kinds.samples), np.bool_)
    flags[these] = True
    return flags
