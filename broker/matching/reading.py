"""From the documented JSON form to the values of a round, or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterable

from broker.matching.instance import (
    Instance,
    Need,
    Pair,
    Plan,
    Provider,
    StatedMatch,
    StatedPlan,
    Status,
)
from broker.matching.rows import MAX_COUNT, MAX_POINTS, BadInstance, BadPlan, Row


def read_instance(data: object) -> Instance:
    """An instance from parsed JSON. Raises BadInstance, naming the place and the mistake."""
    whole = Row.of(data, "The instance", BadInstance)
    quarters = whole.texts("quarters")
    _no_twins(whole, "quarters", quarters)
    providers = [_provider(row.named("id"), len(quarters)) for row in whole.rows("providers")]
    needs = [_need(row.named("id"), len(quarters)) for row in whole.rows("needs")]
    _no_twins(whole, "providers", [provider.id for provider in providers])
    _no_twins(whole, "needs", [need.id for need in needs])
    pairs = _pairs(whole, quarters, providers, needs)
    return Instance(quarters, tuple(providers), tuple(needs), tuple(pairs))


def _no_twins(whole: Row, key: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            whole.fail(key, f'holds "{name}" twice.')
        seen.add(name)


def _provider(row: Row, quarters: int) -> Provider:
    free = row.days("free_days") if row.has("free_days") else None
    if free is not None and len(free) != quarters:
        row.fail("free_days", f"must hold one figure for each of the {quarters} quarters.")
    limit = row.whole("max_matches", least=0, most=MAX_COUNT) if row.has("max_matches") else None
    return Provider(
        id=row.text("id"),
        free=free,
        max_matches=limit,
        min_matches=row.whole("min_matches", 0, least=0, most=MAX_COUNT),
    )


def _need(row: Row, quarters: int) -> Need:
    need = Need(
        id=row.text("id"),
        days=_days(row),
        starts=_starts(row),
        weight=row.whole("weight", 1, least=0, most=MAX_COUNT),
        providers_wanted=row.whole("providers_wanted", 1, least=0, most=MAX_COUNT),
    )
    if need.days and need.providers_wanted > 1:
        row.fail("providers_wanted", "can be more than 1 only for a need without days.")
    _inside(row, need.days, need.starts, quarters)
    return need


def _days(row: Row) -> tuple[int, ...]:
    days = row.days("days") if row.has("days") else ()
    if row.has("days") and not days:
        row.fail("days", "must hold at least one quarter; leave it out when no days are wanted.")
    return days


def _starts(row: Row) -> tuple[int, ...]:
    if not row.has("starts"):
        return (0,)
    starts = row.wholes("starts", least=0, most=MAX_COUNT)
    if not starts:
        row.fail("starts", "must hold at least one quarter.")
    if len(set(starts)) != len(starts):
        row.fail("starts", "holds a quarter twice.")
    return starts


def _inside(row: Row, days: tuple[int, ...], starts: tuple[int, ...], quarters: int) -> None:
    """Days that run on beyond the last quarter are a mistake, not a smaller plan."""
    if days and max(starts) + len(days) > quarters:
        row.fail(
            "days",
            f"run past the last quarter: {len(days)} from start {max(starts)}, "
            f"where there are {quarters} quarters.",
        )


def _pairs(
    whole: Row, quarters: tuple[str, ...], providers: list[Provider], needs: list[Need]
) -> list[Pair]:
    known = {provider.id for provider in providers}
    needs_by_id = {need.id: need for need in needs}
    seen: set[tuple[str, str]] = set()
    pairs = []
    for row in whole.rows("pairs"):
        pair = _pair(row, known, needs_by_id, len(quarters))
        if (pair.need, pair.provider) in seen:
            row.fail("provider", f'stands twice with need "{pair.need}": one pair each.')
        seen.add((pair.need, pair.provider))
        pairs.append(pair)
    return pairs


def _pair(row: Row, known: set[str], needs: dict[str, Need], quarters: int) -> Pair:
    if row.text("need") not in needs:
        row.fail("need", f'"{row.text("need")}" is not among the needs.')
    if row.text("provider") not in known:
        row.fail("provider", f'"{row.text("provider")}" is not among the providers.')
    need = needs[row.text("need")]
    own = _days(row)
    if own and need.providers_wanted > 1:
        row.fail("days", f'cannot stand with need "{need.id}", which wants several providers.')
    starts = _starts(row) if row.has("starts") else need.starts
    _inside(row, own or need.days, starts, quarters)
    points = row.whole("points", least=-MAX_POINTS, most=MAX_POINTS)
    if abs(points * need.weight) > MAX_POINTS:
        row.fail("points", f"times the need's weight must be within {MAX_POINTS:,}.")
    return Pair(
        need=need.id,
        provider=row.text("provider"),
        offer=row.text("offer"),
        points=points,
        days=own or need.days,
        must=row.flag("must"),
        starts=starts,
    )


def read_plan(data: object) -> StatedPlan:
    """A plan from parsed JSON; only `matches` is required. Raises BadPlan."""
    whole = Row.of(data, "The plan", BadPlan)
    return StatedPlan(
        matches=tuple(_match(row) for row in whole.rows("matches")),
        points=_claimed_points(whole),
        shortfalls=_claimed_shortfalls(whole),
        unmatched=_claimed_unmatched(whole),
        is_infeasible=whole.data.get("status") == Status.INFEASIBLE,
    )


def _match(row: Row) -> StatedMatch:
    has_start = row.data.get("start") is not None
    return StatedMatch(
        need=row.text("need"),
        provider=row.text("provider"),
        offer=row.text("offer") if row.has("offer") else None,
        start=row.whole("start", least=0, most=MAX_COUNT) if has_start else None,
        days=row.days("days") if row.has("days") else None,
        points=_claimed_points(row),
    )


def _claimed_points(row: Row) -> int | None:
    most = MAX_POINTS * MAX_COUNT
    return row.whole("points", least=-most, most=most) if row.has("points") else None


def _claimed_shortfalls(whole: Row) -> tuple[tuple[str, int], ...] | None:
    if not whole.has("shortfalls"):
        return None
    rows = whole.rows("shortfalls")
    return tuple(
        (row.text("provider"), row.whole("short", least=0, most=MAX_COUNT)) for row in rows
    )


def _claimed_unmatched(whole: Row) -> tuple[str, ...] | None:
    if not whole.has("unmatched"):
        return None
    return tuple(row.text("need") for row in whole.rows("unmatched"))


def stated(plan: Plan) -> StatedPlan:
    """What a plan of ours claims, for the checker."""
    return StatedPlan(
        matches=tuple(
            StatedMatch(one.need, one.provider, one.offer, one.start, one.days, one.points)
            for one in plan.matches
        ),
        points=plan.points,
        shortfalls=tuple((one.provider, one.short) for one in plan.shortfalls),
        unmatched=tuple(one.need for one in plan.unmatched),
        is_infeasible=plan.status is Status.INFEASIBLE,
    )
