"""Every rule that a plan breaks, in words.

Written apart from the solver and sharing none of its code, so that each can catch the other.
It judges solved plans, plans changed by hand and approvals alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from broker.matching.instance import (
    QUARTER_DAYS,
    Instance,
    Pair,
    Plan,
    StatedMatch,
    StatedPlan,
)
from broker.matching.reading import stated


@dataclass(frozen=True)
class Problem:
    code: str
    text: str
    need: str | None = None
    provider: str | None = None


def problems(instance: Instance, plan: Plan | StatedPlan) -> list[Problem]:
    """Nothing when the plan holds. A plan may be good or bad by its aim: that is not judged."""
    claimed = stated(plan) if isinstance(plan, Plan) else plan
    return list(_Judge(instance, claimed).found())


class _Judge:
    def __init__(self, instance: Instance, plan: StatedPlan) -> None:
        self.instance, self.plan = instance, plan
        self.needs = {need.id: need for need in instance.needs}
        self.providers = {provider.id: provider for provider in instance.providers}
        self.pairs = {(pair.need, pair.provider): pair for pair in instance.pairs}
        self.known = [m for m in plan.matches if (m.need, m.provider) in self.pairs]

    def found(self) -> Iterator[Problem]:
        for match in self.plan.matches:
            yield from self._match(match)
        yield from self._repeats()
        yield from self._needs()
        yield from self._provider_limits()
        yield from self._provider_days()
        yield from self._musts()
        yield from self._total()
        yield from self._shortfalls()
        yield from self._unmatched()

    def _match(self, match: StatedMatch) -> Iterator[Problem]:
        if match.need not in self.needs:
            yield _about(match, "unknown_need", f"There is no need {match.need}.")
        elif match.provider not in self.providers:
            yield _about(match, "unknown_provider", f"There is no provider {match.provider}.")
        elif (match.need, match.provider) not in self.pairs:
            text = f"{match.need} and {match.provider} are not a possible pair."
            yield _about(match, "pair_not_possible", text)
        else:
            yield from _terms(match, self.pairs[match.need, match.provider])

    def _repeats(self) -> Iterator[Problem]:
        counts = Counter((match.need, match.provider) for match in self.plan.matches)
        for (need, provider), count in sorted(counts.items()):
            if count > 1:
                text = f"{need} is matched with {provider} {count} times."
                yield Problem("matched_twice", text, need, provider)

    def _needs(self) -> Iterator[Problem]:
        counts = Counter(match.need for match in self.plan.matches)
        for need in self.instance.needs:
            if counts[need.id] > need.providers_wanted:
                text = f"{need.id} wants {need.providers_wanted} and gets {counts[need.id]}."
                yield Problem("too_many_for_need", text, need.id)

    def _provider_limits(self) -> Iterator[Problem]:
        counts = Counter(match.provider for match in self.plan.matches)
        for provider in self.instance.providers:
            limit, count = provider.max_matches, counts[provider.id]
            if limit is not None and count > limit:
                text = f"{provider.id} may match {limit} and has {count}."
                yield Problem("over_match_limit", text, provider=provider.id)

    def _provider_days(self) -> Iterator[Problem]:
        used = self._days_used()
        for provider in self.instance.providers:
            for quarter, free in enumerate(provider.free or ()):
                if (days := used[provider.id, quarter]) > free:
                    text = (
                        f"{provider.id} has {_days(free)} free in "
                        f"{self.instance.quarters[quarter]} and gives {_days(days)}."
                    )
                    yield Problem("over_free_days", text, provider=provider.id)

    def _days_used(self) -> dict[tuple[str, int], int]:
        """Quarter-days, by the pair's own days: what a match says of them is judged apart."""
        used: dict[tuple[str, int], int] = defaultdict(int)
        for match in self.known:
            days = self.pairs[match.need, match.provider].days
            for offset, wanted in enumerate(days):
                if match.start is not None:
                    used[match.provider, match.start + offset] += wanted
        return used

    def _musts(self) -> Iterator[Problem]:
        if self.plan.is_infeasible and not self.plan.matches:
            return
        matched = {(match.need, match.provider) for match in self.plan.matches}
        for pair in self.instance.pairs:
            if pair.must and (pair.need, pair.provider) not in matched:
                text = f"{pair.need} must match {pair.provider} and does not."
                yield Problem("must_left_out", text, pair.need, pair.provider)

    def _total(self) -> Iterator[Problem]:
        total = sum(
            self.needs[match.need].weight * self.pairs[match.need, match.provider].points
            for match in self.known
        )
        if self.plan.points is not None and self.plan.points != total:
            text = f"The plan says {self.plan.points} points; its matches come to {total}."
            yield Problem("wrong_total", text)

    def _shortfalls(self) -> Iterator[Problem]:
        if self.plan.shortfalls is None or self.plan.is_infeasible:
            return
        counts = Counter(match.provider for match in self.plan.matches)
        claimed = dict(self.plan.shortfalls)
        for provider in self.instance.providers:
            short = max(0, provider.min_matches - counts[provider.id])
            if claimed.pop(provider.id, 0) != short:
                text = f"{provider.id} is {short} short of its minimum; the plan says otherwise."
                yield Problem("wrong_shortfall", text, provider=provider.id)
        for name in claimed:
            text = f"The plan names a shortfall of {name}, which is no provider here."
            yield Problem("wrong_shortfall", text, provider=name)

    def _unmatched(self) -> Iterator[Problem]:
        if self.plan.unmatched is None:
            return
        counts = Counter(match.need for match in self.plan.matches)
        missing = {n.id for n in self.instance.needs if counts[n.id] < n.providers_wanted}
        for need in sorted(missing - set(self.plan.unmatched)):
            text = f"{need} is not fully matched and not named as left out."
            yield Problem("left_out_unnamed", text, need)
        for need in sorted(set(self.plan.unmatched) - missing):
            text = f"{need} is named as left out, but nothing is missing for it."
            yield Problem("wrongly_left_out", text, need)


def _terms(match: StatedMatch, pair: Pair) -> Iterator[Problem]:
    """What a match says of its offer, points, days and start, against its pair."""
    name = f"{match.need} with {match.provider}"
    if match.offer is not None and match.offer != pair.offer:
        text = f"{name}: the offer is {pair.offer}, not {match.offer}."
        yield _about(match, "wrong_offer", text)
    if match.points is not None and match.points != pair.points:
        text = f"{name}: the pair has {pair.points} points, not {match.points}."
        yield _about(match, "wrong_points", text)
    if match.days is not None and match.days != pair.days:
        yield _about(match, "wrong_days", f"{name}: the days are not those of the pair.")
    if pair.days and match.start is None:
        yield _about(match, "start_missing", f"{name}: days are wanted but no start is given.")
    if pair.days and match.start is not None and match.start not in pair.starts:
        yield _about(match, "start_not_allowed", f"{name}: cannot start in quarter {match.start}.")
    if not pair.days and match.start is not None:
        yield _about(match, "start_without_days", f"{name}: no days are wanted, so none start.")


def _about(match: StatedMatch, code: str, text: str) -> Problem:
    return Problem(code, text, match.need, match.provider)


def _days(quarter_days: int) -> str:
    return f"{quarter_days / QUARTER_DAYS:g} {'day' if quarter_days == QUARTER_DAYS else 'days'}"
