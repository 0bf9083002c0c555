"""What the worker does for a round: read, solve without a transaction, write briefly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlalchemy import update

from broker import jobs
from broker.db import db, transaction
from broker.matching.aims import Solver, other_aims, prices_json
from broker.matching.check import problems
from broker.matching.commit import commit
from broker.matching.helping import what_would_help
from broker.matching.instance import Aim, Instance, Plan
from broker.matching.introduce import introduce
from broker.matching.outcome import Settings
from broker.matching.reading import read_instance
from broker.matching.watch import Progress
from broker.matching.writing import plan_json
from broker.models.match import Round, RoundState
from broker.rounds import inputs
from broker.rounds.settings import settings_from
from broker.system import the_system
from broker.taking import take

LOOK = 0.5  # seconds between two looks at whether the round was cancelled
FURTHER_SECONDS = 2.0  # for each plan that is tried when asked what would help


@dataclass(frozen=True)
class _Prepared:
    instance: Instance
    names: Mapping[str, str]
    settings: Settings
    is_conversation: bool

    def solved(self, watch: _Watch) -> Plan:
        solve = introduce if self.is_conversation else commit
        return solve(
            self.instance,
            self.settings,
            names=self.names,
            progress=watch.hear,
            should_stop=watch.should_stop,
        )


def run(job_id: int, arguments: dict[str, Any]) -> None:
    """Solve one round. A cancelled round keeps the best plan so far; a failed one says so."""
    round_id = arguments["round_id"]
    prepared = _begin(round_id)
    if prepared is None:
        return
    watch = _Watch(job_id, round_id, prepared.settings.seconds)
    try:
        plan = prepared.solved(watch)
        if broken := problems(prepared.instance, plan):
            raise AssertionError(f"the plan breaks its own rules: {broken[0].text}")
    except Exception:
        _fail(round_id)
        raise
    _end(round_id, plan_json(plan, prepared.instance.quarters))
    if watch.is_cancelled:
        raise jobs.Cancelled


def _end(round_id: int, result: dict[str, Any]) -> None:
    """Keep the plan: of a round that ran to its end, or was cancelled meanwhile."""
    with transaction():
        round_ = db.session.get_one(Round, round_id, with_for_update={"of": Round})
        if round_.state in (RoundState.RUNNING, RoundState.CANCELLED):
            round_.result = result
        if round_.state is RoundState.RUNNING:
            take(round_, "finish", by=the_system())


class _Watch:
    """Tells how far a run is, about twice a second, and hears when it is to stop."""

    def __init__(self, job_id: int, round_id: int, seconds: float) -> None:
        self.job_id, self.round_id, self.seconds = job_id, round_id, seconds
        self.is_cancelled = False
        self.heard: Progress | None = None
        self.began = self.looked = monotonic()
        self._report(0)

    def hear(self, progress: Progress) -> None:
        self.heard = progress

    def should_stop(self) -> bool:
        """Asked often by the matcher; looks at the job twice a second."""
        now = monotonic()
        if now - self.looked >= LOOK and not self.is_cancelled:
            self.looked = now
            share = min((now - self.began) / self.seconds, 1)
            self._write_down()
            self._report(share)
        return self.is_cancelled

    def _report(self, share: float) -> None:
        try:
            jobs.report(self.job_id, 10 + int(80 * share))
        except jobs.Cancelled:
            self.is_cancelled = True

    def _write_down(self) -> None:
        if self.heard is None:
            return
        heard = {
            "measure": self.heard.measure.value,
            "value": self.heard.value,
            "bound": self.heard.bound,
        }
        with transaction():
            db.session.execute(update(Round).where(Round.id == self.round_id).values(heard=heard))


def _begin(round_id: int) -> _Prepared | None:
    """Mark the round as running and keep its inputs, or take those that it repeats; None when it
    was cancelled meanwhile."""
    with transaction():
        round_ = db.session.get_one(Round, round_id)
        if round_.state not in (RoundState.QUEUED, RoundState.INTERRUPTED):
            return None
        take(round_, "start", by=the_system())
        if not round_.inputs:
            settings = settings_from(round_.settings)
            gathered = inputs.gather(round_.programme, round_.region_id, round_.kind, settings)
            round_.inputs = gathered.as_json()
        return _prepared(round_)


def _prepared(round_: Round, seconds: float | None = None) -> _Prepared:
    """Always from what is stored, so that a repeat reads the very same."""
    kept = round_.inputs or {}
    settings = Settings(aim=Aim(round_.aim), seconds=seconds or float(round_.seconds))
    names = kept.get("names", {})
    return _Prepared(read_instance(kept), names, settings, round_.is_conversation)


def look_further(job_id: int, arguments: dict[str, Any]) -> None:
    """What would help most, and what the other aims would give: asked for on a solved round."""
    with transaction():
        round_ = db.session.get_one(Round, arguments["round_id"])
        prepared = _prepared(round_, FURTHER_SECONDS)
    solver: Solver = introduce if prepared.is_conversation else commit
    plan = solver(prepared.instance, prepared.settings, names=prepared.names)
    further: dict[str, Any] = {
        "aims": prices_json(other_aims(prepared.instance, plan, prepared.settings, solver))
    }
    if not prepared.is_conversation:
        found = what_would_help(prepared.instance, plan, prepared.settings, names=prepared.names)
        further["help"] = [one.text for one in found]
    with transaction():
        round_ = db.session.get_one(Round, arguments["round_id"], with_for_update={"of": Round})
        round_.result = {**(round_.result or {}), "further": further}


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
