"""From the values of a round to the documented JSON form. Days leave as days, not quarter-days."""

from __future__ import annotations

from broker.matching.instance import (
    QUARTER_DAYS,
    Because,
    Change,
    Instance,
    Level,
    Match,
    Need,
    Pair,
    Plan,
    Provider,
    Shortfall,
    Unmatched,
)

Json = dict[str, object]


def days(quarter_days: int) -> int | float:
    """80 → 20, 50 → 12.5."""
    whole, rest = divmod(quarter_days, QUARTER_DAYS)
    return quarter_days / QUARTER_DAYS if rest else whole


def instance_json(instance: Instance) -> Json:
    return {
        "quarters": list(instance.quarters),
        "providers": [_provider(one) for one in instance.providers],
        "needs": [_need(one) for one in instance.needs],
        "pairs": [_pair(one) for one in instance.pairs],
    }


def _provider(provider: Provider) -> Json:
    row: Json = {"id": provider.id, "min_matches": provider.min_matches}
    if provider.free is not None:
        row["free_days"] = [days(one) for one in provider.free]
    if provider.max_matches is not None:
        row["max_matches"] = provider.max_matches
    return row


def _need(need: Need) -> Json:
    row: Json = {
        "id": need.id,
        "starts": list(need.starts),
        "weight": need.weight,
        "providers_wanted": need.providers_wanted,
    }
    if need.days:
        row["days"] = [days(one) for one in need.days]
    return row


def _pair(pair: Pair) -> Json:
    row: Json = {
        "need": pair.need,
        "provider": pair.provider,
        "offer": pair.offer,
        "points": pair.points,
        "must": pair.must,
    }
    if pair.days:
        row["days"] = [days(one) for one in pair.days]
        row["starts"] = list(pair.starts)
    return row


def plan_json(plan: Plan, quarters: tuple[str, ...]) -> Json:
    """The plan in its documented form; `causes` stands only in one that is infeasible."""
    written: Json = {
        "status": plan.status.value,
        "aim": plan.aim.value,
        "levels": [_level(one) for one in plan.levels],
        "shortfalls": [_shortfall(one) for one in plan.shortfalls],
        "points": plan.points,
        "bound": plan.bound,
        "gap": plan.gap,
        "seconds": plan.seconds,
        "matches": [_match(one) for one in plan.matches],
        "unmatched": [_unmatched(one, quarters) for one in plan.unmatched],
    }
    if plan.causes:
        written["causes"] = [_because(one, quarters) for one in plan.causes]
    return written


def _level(level: Level) -> Json:
    return {"measure": level.measure.value, "value": level.value, "bound": level.bound}


def _shortfall(one: Shortfall) -> Json:
    return {
        "provider": one.provider,
        "min_matches": one.min_matches,
        "matches": one.matches,
        "short": one.short,
        "text": one.text,
    }


def _match(match: Match) -> Json:
    return {
        "need": match.need,
        "provider": match.provider,
        "offer": match.offer,
        "start": match.start,
        "days": [days(one) for one in match.days],
        "points": match.points,
    }


def _unmatched(one: Unmatched, quarters: tuple[str, ...]) -> Json:
    because = [_because(reason, quarters) for reason in one.because]
    return {"need": one.need, "missing": one.missing, "because": because}


def _because(one: Because, quarters: tuple[str, ...]) -> Json:
    return {
        "code": one.code,
        "text": one.text,
        "providers": list(one.providers),
        "would_match_if": [_change(change, quarters) for change in one.would_match_if],
    }


def _change(change: Change, quarters: tuple[str, ...]) -> Json:
    """The first quarter short stands in the row itself, further ones under `also`."""
    row: Json = {"provider": change.provider, "start": change.start}
    rows: list[Json] = [
        {"quarter": quarters[quarter], "more_days": days(more)}
        for quarter, more in change.more_days
    ]
    if rows:
        row |= rows[0]
    if rows[1:]:
        row["also"] = rows[1:]
    if change.more_matches:
        row["more_matches"] = change.more_matches
    return row
