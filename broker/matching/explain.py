"""Why a need is left out of a plan, and what would change it with the rest as it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from broker.matching.instance import (
    Because,
    Change,
    Instance,
    Match,
    Pair,
    Provider,
    Unmatched,
)
from broker.matching.writing import days

CHANGES_SHOWN = 5


class Left:
    """What a plan leaves of every provider: days by quarter and matches."""

    def __init__(self, instance: Instance, matches: tuple[Match, ...]) -> None:
        self.providers = {provider.id: provider for provider in instance.providers}
        self.matches = Counter(match.provider for match in matches)
        self.used: dict[str, Counter[int]] = defaultdict(Counter)
        for match in matches:
            for at, want in enumerate(match.days):
                self.used[match.provider][(match.start or 0) + at] += want

    def easiest_change(self, pair: Pair) -> Change:
        """What this pair lacks at the start where it lacks least (fewest quarters, then days)."""
        provider = self.providers[pair.provider]
        starts = sorted(pair.starts) if pair.days else [None]
        changes = [
            Change(
                pair.provider, start, self._days_short(pair, start), self._matches_short(provider)
            )
            for start in starts
        ]
        return min(changes, key=_effort)

    def _days_short(self, pair: Pair, start: int | None) -> tuple[tuple[int, int], ...]:
        free, used = self.providers[pair.provider].free, self.used[pair.provider]
        if free is None or start is None:
            return ()
        short = [
            (start + at, used[start + at] + want - free[start + at])
            for at, want in enumerate(pair.days)
        ]
        return tuple((quarter, more) for quarter, more in short if more > 0)

    def _matches_short(self, provider: Provider) -> int:
        limit = provider.max_matches
        return 0 if limit is None else max(0, self.matches[provider.id] + 1 - limit)


def _effort(change: Change) -> tuple[int, int, int, int, str]:
    days_short = sum(more for _, more in change.more_days)
    quarters = len(change.more_days)
    return quarters, days_short, change.more_matches, change.start or 0, change.provider


@dataclass(frozen=True)
class _Words:
    """Names in words: of quarters, and of providers where the caller gave any."""

    quarters: tuple[str, ...]
    names: Mapping[str, str]

    def name(self, provider: str) -> str:
        return self.names.get(provider, provider)

    def change(self, change: Change) -> str:
        parts = [
            f"{days(more)} more {'day' if more == 4 else 'days'} in {self.quarters[quarter]}"
            for quarter, more in change.more_days
        ]
        if change.more_matches:
            parts.append("one more partnership at once")
        return f"Would match {self.name(change.provider)} with {' and '.join(parts)}."


def left_out(
    instance: Instance, matches: tuple[Match, ...], names: Mapping[str, str] | None = None
) -> tuple[Unmatched, ...]:
    """Every need that gets fewer providers than it wants, with why, in the order of their ids."""
    left, words = Left(instance, matches), _Words(instance.quarters, names or {})
    got = Counter(match.need for match in matches)
    taken = {(match.need, match.provider) for match in matches}
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for pair in sorted(instance.pairs, key=lambda one: one.provider):
        if (pair.need, pair.provider) not in taken:
            pairs[pair.need].append(pair)
    return tuple(
        Unmatched(
            need.id,
            need.providers_wanted - got[need.id],
            _because(pairs[need.id], left, words),
        )
        for need in sorted(instance.needs, key=lambda one: one.id)
        if got[need.id] < need.providers_wanted
    )


def _because(pairs: list[Pair], left: Left, words: _Words) -> tuple[Because, ...]:
    if not pairs:
        text = "No provider that is not already taken is possible for this need."
        return (Because("no_possible_provider", text),)
    changes = [left.easiest_change(pair) for pair in pairs]
    return tuple(_reasons(changes, len(pairs), words))


def _reasons(changes: list[Change], possible: int, words: _Words) -> Iterator[Because]:
    full = [one for one in changes if one.more_matches and not one.more_days]
    short = [one for one in changes if one.more_days and not one.more_matches]
    both = [one for one in changes if one.more_days and one.more_matches]
    free = [one for one in changes if not one.more_days and not one.more_matches]
    if short:
        yield _blocked("no_free_days", _short_words(short, possible, words), short, words)
    if full:
        text = f"{_how_many(full, possible)} at the limit of partnerships at once"
        yield _blocked("no_free_matches", text, full, words)
    if both:
        text = f"{_how_many(both, possible)} at the limit of partnerships and short of days"
        yield _blocked("no_free_days_or_matches", text, both, words)
    if free:
        providers = tuple(one.provider for one in free)
        names = ", ".join(map(words.name, providers))
        text = f"Room is left at {names}, but the pair would make the plan worse by its aim."
        yield Because("not_worth_it", text, providers)


def _how_many(changes: list[Change], possible: int) -> str:
    count = len(changes)
    if count == possible:
        return (
            "The only possible provider is" if count == 1 else f"All {count} possible providers are"
        )
    return f"{count} of {possible} possible providers {'is' if count == 1 else 'are'}"


def _short_words(changes: list[Change], possible: int, words: _Words) -> str:
    """'All 4 possible providers are short of free days in 2026-27 Q3', where they share one."""
    text = f"{_how_many(changes, possible)} short of free days"
    shared = set.intersection(*({quarter for quarter, _ in one.more_days} for one in changes))
    names = [words.quarters[quarter] for quarter in sorted(shared)]
    return f"{text} in {' and '.join(names)}" if names else text


def _blocked(code: str, text: str, changes: list[Change], words: _Words) -> Because:
    easiest = sorted(changes, key=_effort)[:CHANGES_SHOWN]
    providers = tuple(one.provider for one in changes)
    names = ", ".join(map(words.name, providers))
    return Because(code, f"{text}: {names}. {words.change(easiest[0])}", providers, tuple(easiest))


def words_of_shortfall(
    instance: Instance, provider: Provider, got: int, names: Mapping[str, str]
) -> str:
    """Why a provider's minimum is not met, as far as one provider alone can tell."""
    possible = sum(1 for pair in instance.pairs if pair.provider == provider.id)
    name, least = names.get(provider.id, provider.id), provider.min_matches
    if provider.max_matches is not None and provider.max_matches < least:
        return (
            f"{name} is to have {least} matches, but may have no more than {provider.max_matches}."
        )
    if possible < least:
        return f"{name} is to have {least} matches, but only {possible} needs could match it."
    return (
        f"{name} is to have {least} matches and has {got}: days, limits and the minimums of "
        "others leave no more."
    )
