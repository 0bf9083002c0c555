"""Two plans of one round side by side: what was added, dropped and moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from broker.matching.instance import Match, Plan, StatedMatch, StatedPlan

AnyMatch = Match | StatedMatch


@dataclass(frozen=True)
class Move:
    """A need that goes to another provider, or starts at another time with the same one."""

    before: AnyMatch
    after: AnyMatch

    @property
    def is_to_another_provider(self) -> bool:
        return self.before.provider != self.after.provider


@dataclass(frozen=True)
class Comparison:
    """In the order of needs and providers. `kept` counts the matches that are in both."""

    added: tuple[AnyMatch, ...]
    dropped: tuple[AnyMatch, ...]
    moved: tuple[Move, ...]
    kept: int

    @property
    def is_same(self) -> bool:
        return not (self.added or self.dropped or self.moved)


def compare(before: Plan | StatedPlan, after: Plan | StatedPlan) -> Comparison:
    """A need with several providers is moved match by match, as far as they pair up."""
    old, new = _by_need(before), _by_need(after)
    added: list[AnyMatch] = []
    dropped: list[AnyMatch] = []
    moved: list[Move] = []
    for need in sorted(old.keys() | new.keys()):
        was, now = old[need], new[need]
        again = sorted(was.keys() & now.keys())
        moved += [Move(was[one], now[one]) for one in again if _differ(was[one], now[one])]
        gone = [was[one] for one in sorted(was.keys() - now.keys())]
        come = [now[one] for one in sorted(now.keys() - was.keys())]
        pairs = min(len(gone), len(come))
        moved += map(Move, gone[:pairs], come[:pairs])
        dropped += gone[pairs:]
        added += come[pairs:]
    kept = len(before.matches) - len(dropped) - len(moved)
    return Comparison(tuple(added), tuple(dropped), tuple(moved), kept)


def _by_need(plan: Plan | StatedPlan) -> defaultdict[str, dict[str, AnyMatch]]:
    matches: defaultdict[str, dict[str, AnyMatch]] = defaultdict(dict)
    for match in plan.matches:
        matches[match.need][match.provider] = match
    return matches


def _differ(before: AnyMatch, after: AnyMatch) -> bool:
    """In start, or in days where both say them."""
    says_days = before.days is not None and after.days is not None
    return before.start != after.start or (says_days and before.days != after.days)
