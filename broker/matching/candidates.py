"""More days or matches that might help a plan: taken from what its needs left out are short of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from broker.matching.instance import Change, Instance, Plan, Provider

TOGETHER = 3  # needs that one candidate is meant to help
Themes = Mapping[str, Collection[str]]  # need id → its themes, in words


@dataclass(frozen=True)
class Candidate:
    """`given`: (provider, quarter-days in `quarter`) or, without a quarter, (provider, matches).

    `hoped`: needs that are short of just that. `theme`: what those needs have in common.
    """

    quarter: int | None
    given: tuple[tuple[str, int], ...]
    hoped: int
    theme: str | None = None

    @property
    def amount(self) -> int:
        return sum(more for _, more in self.given)


def candidates(plan: Plan, themes: Themes | None = None) -> list[Candidate]:
    """Most needs helped first, then the smaller change; by theme and by provider in turn."""
    by_theme = sorted(_by_theme(plan, themes or {}), key=_order)
    known = {(one.quarter, one.given) for one in by_theme}
    alone = sorted(_by_provider(plan), key=_order)
    alone = [one for one in alone if (one.quarter, one.given) not in known]
    mixed = []
    for at in range(max(len(by_theme), len(alone))):
        mixed += by_theme[at : at + 1] + alone[at : at + 1]
    return mixed


def _order(one: Candidate) -> tuple[int, int, int, str, tuple[tuple[str, int], ...]]:
    quarter = -1 if one.quarter is None else one.quarter
    return -one.hoped, one.amount, quarter, one.theme or "", one.given


def _by_provider(plan: Plan) -> Iterator[Candidate]:
    """Enough of one provider for the needs that are short of least."""
    short: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for _, change in _changes(plan):
        if len(change.more_days) == 1 and not change.more_matches:
            quarter, more = change.more_days[0]
            short[change.provider, quarter].append(more)
        elif change.more_matches and not change.more_days:
            short[change.provider, None].append(1)
    for (provider, when), amounts in short.items():
        least = sorted(amounts)[:TOGETHER]
        yield Candidate(when, ((provider, sum(least)),), len(least))


def _by_theme(plan: Plan, themes: Themes) -> Iterator[Candidate]:
    """The least days in one quarter that needs of one theme lack, at whichever providers."""
    short: dict[tuple[str, int], dict[str, tuple[int, str]]] = defaultdict(dict)
    for need, change in _changes(plan):
        if len(change.more_days) != 1 or change.more_matches:
            continue
        quarter, more = change.more_days[0]
        for theme in themes.get(need, ()):
            known = short[theme, quarter].get(need)
            least = (more, change.provider)
            short[theme, quarter][need] = least if known is None else min(known, least)
    for (theme, when), needs in short.items():
        chosen = sorted(needs.values())[:TOGETHER]
        yield Candidate(when, _summed(chosen), len(chosen), theme)


def _summed(chosen: list[tuple[int, str]]) -> tuple[tuple[str, int], ...]:
    given: dict[str, int] = defaultdict(int)
    for more, provider in chosen:
        given[provider] += more
    return tuple(sorted(given.items()))


def _changes(plan: Plan) -> Iterator[tuple[str, Change]]:
    """(need, what it would match with)"""
    for left in plan.unmatched:
        for because in left.because:
            for change in because.would_match_if:
                yield left.need, change


def changed_by(instance: Instance, candidate: Candidate) -> Instance:
    """The same round with the candidate's days or matches added."""
    given = dict(candidate.given)
    providers = tuple(
        _with_more(one, candidate.quarter, given[one.id]) if one.id in given else one
        for one in instance.providers
    )
    return replace(instance, providers=providers)


def _with_more(provider: Provider, quarter: int | None, more: int) -> Provider:
    free, limit = provider.free, provider.max_matches
    if quarter is None:
        return replace(provider, max_matches=None if limit is None else limit + more)
    if free is None:
        return provider
    return replace(provider, free=(*free[:quarter], free[quarter] + more, *free[quarter + 1 :]))
