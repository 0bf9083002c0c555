"""What the worker does for a round: read, solve without a transaction, write briefly."""

from __future__ import annotations

from time import monotonic
from typing import Any

from broker import jobs
from broker.db import db, transaction
from broker.matching import graph
from broker.matching.check import problems
from broker.matching.commit import Settings, commit
from broker.matching.instance import Aim, Instance
from broker.matching.writing import instance_json, plan_json
from broker.models.match import Round, RoundState
from broker.rounds import bridge, queries
from broker.system import the_system
from broker.taking import take


def run(job_id: int, arguments: dict[str, Any]) -> None:
    """Solve one round. A cancelled round keeps nothing; a failed one says so."""
    prepared = _begin(arguments["round_id"])
    if prepared is None:
        return
    instance, names, settings = prepared
    watch = _Watch(job_id, settings.seconds)
    try:
        plan = commit(instance, settings, names=names, should_stop=watch.should_stop)
        if broken := problems(instance, plan):
            raise AssertionError(f"the plan breaks its own rules: {broken[0].text}")
    except Exception:
        _fail(arguments["round_id"])
        raise
    jobs.report(job_id, 90)
    with transaction():
        round_ = db.session.get_one(Round, arguments["round_id"])
        if round_.state is RoundState.RUNNING:
            round_.result = plan_json(plan, instance.quarters)
            take(round_, "finish", by=the_system())


class _Watch:
    """Tells a run's job how far it is, about once a second, and hears when it is to stop."""

    def __init__(self, job_id: int, seconds: float) -> None:
        self.job_id, self.seconds = job_id, seconds
        self.is_cancelled = False
        self.began = self.looked = monotonic()
        jobs.report(job_id, 10)

    def should_stop(self) -> bool:
        """Asked often by the matcher; looks at the job once a second."""
        now = monotonic()
        if now - self.looked >= 1 and not self.is_cancelled:
            self.looked = now
            share = min((now - self.began) / self.seconds, 1)
            try:
                jobs.report(self.job_id, 10 + int(80 * share))
            except jobs.Cancelled:
                self.is_cancelled = True
        return self.is_cancelled


def _begin(round_id: int) -> tuple[Instance, dict[str, str], Settings] | None:
    """Mark the round as running and keep its inputs; None when it was cancelled meanwhile."""
    with transaction():
        round_ = db.session.get_one(Round, round_id)
        if round_.state not in (RoundState.QUEUED, RoundState.INTERRUPTED):
            return None
        take(round_, "start", by=the_system())
        needs = queries.open_needs(round_.region_id, round_.programme_id)
        offers = bridge.offers_of(round_.programme)
        world = bridge.world_of(round_.programme)
        offered = bridge.offers_facts(offers, round_.programme)
        built = graph.build(bridge.needs_facts(needs), offered, world)
        instance = graph.round_of(built, round_.programme.code)
        names = {offer.provider.code: offer.provider.name for offer in offers}
        names |= {str(need.id): need.title for need in needs}
        round_.inputs = {**instance_json(instance), "names": names}
        return instance, names, Settings(aim=Aim(round_.aim), seconds=float(round_.seconds))


def _fail(round_id: int) -> None:
    db.session.rollback()
    with transaction():
        round_ = db.session.get_one(Round, round_id)
        if round_.state is RoundState.RUNNING:
            take(round_, "fail", by=the_system(), reason="The matcher stopped with an error.")


def interrupted(round_id: int) -> None:
    """The worker that ran it went silent."""
    with transaction():
        round_ = db.session.get_one(Round, round_id)
        if round_.state is RoundState.RUNNING:
            take(round_, "interrupt", by=the_system())
