"""Running the matcher and taking up what it proposes."""

from __future__ import annotations

from broker import jobs
from broker.conversations.actions import suggest
from broker.days import format_days
from broker.errors import NotPossible
from broker.matching.scores import score
from broker.models.authority import Region
from broker.models.ledger import Capacity
from broker.models.match import Origin, Round, RoundKind, Suggestion
from broker.models.person import Person
from broker.models.programme import Programme
from broker.rounds import adopting, hand, queries
from broker.rounds.bridge import lines_json, needs_facts, offers_facts, world_of
from broker.rounds.settings import RoundSettings
from broker.taking import start, take

SECONDS = 30


def run(
    *,
    programme: Programme,
    region: Region | None,
    aim: str,
    by: Person,
    kind: RoundKind = RoundKind.COMMITMENT,
    settings: RoundSettings | None = None,
    seconds: int = SECONDS,
) -> Round:
    """Ask for a round, over all England where there is no region; the worker runs it."""
    round_ = Round(
        programme_id=programme.id,
        region_id=region.id if region else None,
        kind=kind,
        aim=aim,
        seconds=seconds,
        settings=(settings or RoundSettings()).as_json(),
        created_by_id=by.id,
    )
    return _queued(round_, by=by)


def again(before: Round, *, with_same_inputs: bool, by: Person) -> Round:
    """The same round once more: on the inputs that were kept, or on things as they stand now."""
    round_ = Round(
        programme_id=before.programme_id,
        region_id=before.region_id,
        kind=before.kind,
        aim=before.aim,
        seconds=before.seconds,
        settings=before.settings,
        inputs=before.inputs if with_same_inputs else None,
        repeats_id=before.id,
        created_by_id=by.id,
    )
    return _queued(round_, by=by)


def _queued(round_: Round, *, by: Person) -> Round:
    start(round_, "run", by=by)
    jobs.enqueue("round", f"round-{round_.id}", round_id=round_.id)
    return round_


def look_further(round_: Round) -> None:
    """Ask what would help most and what the other aims would give; the worker finds out."""
    jobs.enqueue("round further", f"round-further-{round_.id}", round_id=round_.id)


def cancel(round_: Round, *, by: Person, reason: str = "") -> None:
    """Stop a round that has not finished. The worker then keeps the best plan so far with it."""
    take(round_, "cancel", by=by, reason=reason)
    if job := jobs.job_for(f"round-{round_.id}"):
        job.wants_cancel = True


def adopt(round_: Round, *, by: Person) -> list[Suggestion]:
    """Make the round's matches suggestions; each receiver hears first, and asks if it wants.

    Those that stand beside their need already, or that things have overtaken, are left as they are.
    """
    hand.must_be_whose(round_, by)
    if broken := hand.what_breaks(round_):
        raise NotPossible(f"This plan breaks a rule and cannot be adopted. {broken[0]}")
    take(round_, "adopt", by=by)
    round_.adopted_by_id = by.id
    proposed = adopting.of_plan(queries.plan_of(round_)[0]).new
    reasons = _reasons(proposed)
    return [
        suggest(
            one.need,
            one.offer,
            origin=Origin.COORDINATOR if one.is_by_hand else Origin.ROUND,
            by=by,
            points=one.points,
            reasons=reasons[one.need.id, one.offer.id],
            round_=round_,
        )
        for one in proposed
    ]


def withdraw(round_: Round, *, by: Person, reason: str = "") -> None:
    """Set a plan aside. Its suggestions that nobody has acted on are taken back with it."""
    suggestions = adopting.untouched(round_)
    take(round_, "withdraw", by=by, reason=reason)
    for suggestion in suggestions:
        take(suggestion, "take_back", by=by)


def ask_for_days(capacity: Capacity, *, days: int, quarter: str, by: Person) -> None:
    """Ask a provider for more days. It hears how many and when; who would get them, it does not."""
    words = f"{format_days(days)} more in {quarter} would let one more need be met."
    take(capacity, "ask_for_days", by=by, reason=words)


def _reasons(
    proposed: list[queries.Proposed],
) -> dict[tuple[int, int], list[dict[str, object]]]:
    """Why each proposed pair fits, by need and offer: worked out together."""
    if not proposed:
        return {}
    needs, offers = [one.need for one in proposed], [one.offer for one in proposed]
    programme = proposed[0].need.programme
    scores = score(needs_facts(needs), offers_facts(offers, programme), world_of(programme))
    pairs = enumerate(proposed)
    return {
        (one.need.id, one.offer.id): lines_json(scores.explain(number, number))
        for number, one in pairs
    }
