"""What would help most: a few more days or matches somewhere, tried by solving again.

Candidates come from what the needs left out are short of. Each is tried on the whole round,
starting from the plan, so a gain is one that the rest of the plan may move for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from broker.matching.commit import Settings, commit
from broker.matching.instance import Change, Instance, Plan, Provider
from broker.matching.watch import Stop
from broker.matching.writing import days

TRIED = 6
TOGETHER = 3  # needs that one candidate is meant to help


@dataclass(frozen=True)
class Candidate:
    """`more_days`: quarter-days in one quarter. `hoped`: needs that are short of just that."""

    provider: str
    quarter: int | None
    more_days: int
    more_matches: int
    hoped: int


@dataclass(frozen=True)
class Help:
    """`needs`: met only with the change. `points`: more (or fewer) than without.

    `is_proven`: no plan without the change has as many points.
    """

    candidate: Candidate
    needs: tuple[str, ...]
    points: int
    is_proven: bool
    text: str


def what_would_help(
    instance: Instance,
    plan: Plan,
    settings: Settings | None = None,
    *,
    names: Mapping[str, str] | None = None,
    tried: int = TRIED,
    should_stop: Stop | None = None,
) -> tuple[Help, ...]:
    """The changes that gain, most needs first; each found by solving the round again.

    The plan is first solved on for as long as each candidate, so as to compare like with like.
    """
    settings = replace(settings or Settings(), aim=plan.aim)
    before = commit(instance, settings, start=plan, should_stop=should_stop)
    found = []
    for candidate in candidates(plan)[:tried]:
        if should_stop is not None and should_stop():
            break
        changed = changed_by(instance, candidate)
        after = commit(changed, settings, start=before, should_stop=should_stop)
        help_ = _help(instance, candidate, before, after, names or {})
        if len(after.matches) > len(before.matches) or help_.points > 0:
            found.append(help_)
    return tuple(sorted(found, key=lambda one: (-len(one.needs), -one.points)))


def candidates(plan: Plan) -> list[Candidate]:
    """Most needs helped first, then the smaller change."""
    short: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for change in _changes(plan):
        if len(change.more_days) == 1 and not change.more_matches:
            quarter, more = change.more_days[0]
            short[change.provider, quarter].append(more)
        elif change.more_matches and not change.more_days:
            short[change.provider, None].append(1)
    rows = [_candidate(who, quarter, sorted(more)) for (who, quarter), more in short.items()]
    return sorted(rows, key=lambda one: (-one.hoped, one.more_days, one.provider, one.quarter or 0))


def _changes(plan: Plan) -> Iterator[Change]:
    for left in plan.unmatched:
        for because in left.because:
            yield from because.would_match_if


def _candidate(provider: str, quarter: int | None, more: list[int]) -> Candidate:
    """Enough for the needs that are short of least."""
    amount, hoped = sum(more[:TOGETHER]), len(more[:TOGETHER])
    is_days = quarter is not None
    return Candidate(provider, quarter, amount if is_days else 0, 0 if is_days else amount, hoped)


def changed_by(instance: Instance, candidate: Candidate) -> Instance:
    """The same round with the candidate's days or matches added."""
    providers = tuple(
        _with_more(one, candidate) if one.id == candidate.provider else one
        for one in instance.providers
    )
    return replace(instance, providers=providers)


def _with_more(provider: Provider, candidate: Candidate) -> Provider:
    free, limit = provider.free, provider.max_matches
    if free is not None and candidate.quarter is not None:
        more = [0] * len(free)
        more[candidate.quarter] = candidate.more_days
        free = tuple(have + plus for have, plus in zip(free, more, strict=True))
    return replace(
        provider, free=free, max_matches=None if limit is None else limit + candidate.more_matches
    )


def _help(
    instance: Instance, candidate: Candidate, before: Plan, after: Plan, names: Mapping[str, str]
) -> Help:
    met = {match.need for match in before.matches}
    needs = tuple(sorted({match.need for match in after.matches} - met))
    points = after.points - before.points
    more = len(after.matches) - len(before.matches)
    text = f"{_change_words(instance, candidate, names)} would {_gain_words(more, points)}"
    return Help(
        candidate, needs, points, after.points > before.bound, f"{text} (found by solving again)."
    )


def _change_words(instance: Instance, candidate: Candidate, names: Mapping[str, str]) -> str:
    name = names.get(candidate.provider, candidate.provider)
    if candidate.quarter is None:
        count = candidate.more_matches
        return f"{count} more {'match' if count == 1 else 'matches'} at once for {name}"
    amount = f"{days(candidate.more_days)} more {'day' if candidate.more_days == 4 else 'days'}"
    return f"{amount} from {name} in {instance.quarters[candidate.quarter]}"


def _gain_words(more: int, points: int) -> str:
    needs = f"meet {more} more {'need' if more == 1 else 'needs'}" if more > 0 else ""
    gained = f"gain {points} points" if points > 0 else ""
    return " and ".join(part for part in (needs, gained) if part) or "gain nothing"
