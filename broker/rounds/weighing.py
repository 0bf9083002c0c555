"""What other weights would have made of a programme's last round, from what that round kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
from sqlalchemy import select

from broker.db import db
from broker.matching.commit import Settings, commit
from broker.matching.compare import compare
from broker.matching.criteria import ALL_POINTS, CRITERIA, weights_of
from broker.matching.instance import Aim, Instance, Pair, StatedPlan
from broker.matching.introduce import introduce
from broker.matching.reading import read_instance, read_plan
from broker.matching.scores import NOBODY_KNOWS
from broker.models.match import Round, RoundState
from broker.models.programme import Policy

SECONDS = 3.0  # the longest that somebody waits for a preview
DONE = (RoundState.SOLVED, RoundState.ADOPTED)
CODES = {criterion.code: criterion.name for criterion in CRITERIA}
EVIDENCE = {criterion.code: criterion.evidence for criterion in CRITERIA}


def weights_under(policy: Policy) -> dict[str, int]:
    """A policy's weights, else those that every programme begins with."""
    return dict(policy.weights) or {criterion.code: criterion.weight for criterion in CRITERIA}


def kept(built: nx.DiGraph[Any]) -> dict[str, Any]:
    """The weights of a round, and for each need and provider 0 to 1 by criterion, so that the
    round can be weighed anew."""
    scores = built.graph["scores"]
    weights = list(weights_of(scores.table.world).values())
    values: dict[str, dict[str, list[float]]] = {}
    for (_, provider), (_, need), facts in built.edges(data=True):
        raw = scores.values[:, facts["row"], facts["column"]].tolist()
        pairs = zip(facts["parts"], weights, raw, strict=True)
        values.setdefault(need, {})[provider] = [_value(*pair) for pair in pairs]
    return {"weights": dict(zip(CODES, weights, strict=True)), "values": values}


def _value(part: int, weight: int, raw: float) -> float:
    if weight:
        return round(part / weight, 4)
    return NOBODY_KNOWS if math.isnan(raw) else round(raw, 4)


@dataclass(frozen=True)
class Placed:
    """A need's place before and after; None: without a provider."""

    need_id: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Preview:
    """A round as it came out, and as it comes out with other weights. Both points by the new
    weights, so that they can be compared."""

    round: Round
    places_before: int
    places_after: int
    points_before: int
    points_after: int
    moved: tuple[Placed, ...]
    is_proven: bool


def last_round(programme_id: int) -> Round | None:
    """The programme's last round that came to an end and kept what a preview needs."""
    done = select(Round).where(Round.programme_id == programme_id, Round.state.in_(DONE))
    rounds = db.session.scalars(done.order_by(Round.id.desc()).limit(5))
    return next((one for one in rounds if "values" in (one.inputs or {})), None)


def preview(round_: Round, weights: Mapping[str, int]) -> Preview:
    """Solve the stored round again with other weights; nothing is changed by it."""
    inputs = round_.inputs or {}
    names = inputs.get("names", {})
    given = {key: value for key, value in inputs.items() if key in INSTANCE}
    instance = _weighed(read_instance(given), inputs["values"], [weights[code] for code in CODES])
    before = read_plan({"matches": (round_.result or {})["matches"]})
    solve = introduce if round_.is_conversation else commit
    after = solve(instance, Settings(aim=Aim(round_.aim), seconds=SECONDS))
    stated = read_plan({"matches": [_stated(one) for one in after.matches]})
    return Preview(
        round=round_,
        places_before=len(before.matches),
        places_after=len(after.matches),
        points_before=_points(before, instance),
        points_after=after.points,
        moved=_moved(before, stated, names),
        is_proven=after.status.value in ("optimal", "within_gap"),
    )


INSTANCE = frozenset({"quarters", "providers", "needs", "pairs"})


def _weighed(instance: Instance, values: Mapping[str, Any], weights: list[int]) -> Instance:
    def again(pair: Pair) -> Pair:
        known = values[pair.need][pair.provider]
        whole = (math.floor(v * w + 0.5) for v, w in zip(known, weights, strict=True))
        return replace(pair, points=min(sum(whole), ALL_POINTS))

    return replace(instance, pairs=tuple(again(pair) for pair in instance.pairs))


def _stated(match: Any) -> dict[str, Any]:
    return {"need": match.need, "provider": match.provider, "start": match.start}


def _points(plan: StatedPlan, instance: Instance) -> int:
    points = {(pair.need, pair.provider): pair.points for pair in instance.pairs}
    weight = {need.id: need.weight for need in instance.needs}
    return sum(points.get((m.need, m.provider), 0) * weight.get(m.need, 1) for m in plan.matches)


def _moved(before: StatedPlan, after: StatedPlan, names: Mapping[str, str]) -> tuple[Placed, ...]:
    def named(key: str) -> str:
        return names.get(key, key)

    change = compare(before, after)
    rows = [Placed(int(m.need), None, named(m.provider)) for m in change.added]
    rows += [Placed(int(m.need), named(m.provider), None) for m in change.dropped]
    rows += [
        Placed(int(one.before.need), named(one.before.provider), named(one.after.provider))
        for one in change.moved
        if one.is_to_another_provider
    ]
    return tuple(sorted(rows, key=lambda row: row.need_id))
