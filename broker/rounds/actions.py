"""Running the matcher and taking up what it proposes."""

from __future__ import annotations

from broker import jobs
from broker.conversations.actions import suggest
from broker.matching.scores import score
from broker.models.authority import Region
from broker.models.match import Origin, Round, Suggestion
from broker.models.person import Person
from broker.models.programme import Programme
from broker.rounds import queries
from broker.rounds.bridge import lines_json, needs_facts, offers_facts, world_of
from broker.taking import start, take

SECONDS = 30


def run(*, programme: Programme, region: Region, aim: str, by: Person) -> Round:
    """Ask for a round; the worker runs it."""
    round_ = Round(
        programme_id=programme.id,
        region_id=region.id,
        aim=aim,
        seconds=SECONDS,
        created_by_id=by.id,
    )
    start(round_, "run", by=by)
    jobs.enqueue("round", f"round-{round_.id}", round_id=round_.id)
    return round_


def cancel(round_: Round, *, by: Person, reason: str = "") -> None:
    """Stop a round that has not finished; nothing comes of it."""
    take(round_, "cancel", by=by, reason=reason)
    if job := jobs.job_for(f"round-{round_.id}"):
        job.wants_cancel = True


def adopt(round_: Round, *, by: Person) -> list[Suggestion]:
    """Make the round's matches suggestions; each receiver hears first, and asks if it wants."""
    take(round_, "adopt", by=by)
    round_.adopted_by_id = by.id
    proposed, _ = queries.plan_of(round_)
    reasons = _reasons(proposed)
    return [
        suggest(
            one.need,
            one.offer,
            origin=Origin.ROUND,
            by=by,
            points=one.points,
            reasons=reasons[one.need.id],
            round_=round_,
        )
        for one in proposed
    ]


def _reasons(proposed: list[queries.Proposed]) -> dict[int, list[dict[str, object]]]:
    """Why each proposed pair fits, by need: worked out together."""
    if not proposed:
        return {}
    needs, offers = [one.need for one in proposed], [one.offer for one in proposed]
    programme = proposed[0].need.programme
    scores = score(needs_facts(needs), offers_facts(offers, programme), world_of(programme))
    pairs = enumerate(proposed)
    return {one.need.id: lines_json(scores.explain(number, number)) for number, one in pairs}
