"""What would help most: a few more days or matches somewhere, tried by solving again.

Each candidate is tried on the whole round, starting from the plan, so a gain is one that the
rest of the plan may move for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from broker.matching.candidates import Candidate, Themes, candidates, changed_by
from broker.matching.commit import Settings, commit
from broker.matching.instance import Instance, Plan
from broker.matching.watch import Stop
from broker.matching.writing import days

TRIED = 6


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
    themes: Themes | None = None,
    tried: int = TRIED,
    should_stop: Stop | None = None,
) -> tuple[Help, ...]:
    """The changes that gain, most needs first; each found by solving the round again.

    `themes`: need id → its themes in words; then days for a theme are tried too, given to
    providers that could match needs of that theme. The plan is first solved on for as long as
    each candidate, so as to compare like with like.
    """
    settings = replace(settings or Settings(), aim=plan.aim)
    before = commit(instance, settings, start=plan, should_stop=should_stop)
    found = []
    for candidate in candidates(plan, themes)[:tried]:
        if should_stop is not None and should_stop():
            break
        changed = changed_by(instance, candidate)
        after = commit(changed, settings, start=before, should_stop=should_stop)
        help_ = _help(instance, candidate, before, after, names or {})
        if len(after.matches) > len(before.matches) or help_.points > 0:
            found.append(help_)
    return tuple(sorted(found, key=lambda one: (-len(one.needs), -one.points)))


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
    given = [(names.get(who, who), more) for who, more in candidate.given]
    if candidate.quarter is None:
        count = candidate.amount
        return f"{count} more {'match' if count == 1 else 'matches'} at once for {given[0][0]}"
    when = instance.quarters[candidate.quarter]
    if candidate.theme is None:
        return f"{_more_days(candidate.amount)} from {given[0][0]} in {when}"
    if len(given) == 1:
        return f"{_more_days(candidate.amount)} for {candidate.theme} from {given[0][0]} in {when}"
    shares = ", ".join(f"{days(more)} from {who}" for who, more in given)
    return f"{_more_days(candidate.amount)} for {candidate.theme} in {when} ({shares})"


def _more_days(amount: int) -> str:
    return f"{days(amount)} more {'day' if amount == 4 else 'days'}"


def _gain_words(more: int, points: int) -> str:
    needs = f"meet {more} more {'need' if more == 1 else 'needs'}" if more > 0 else ""
    gained = f"gain {points} points" if points > 0 else ""
    return " and ".join(part for part in (needs, gained) if part) or "gain nothing"
