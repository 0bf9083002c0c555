"""Pairs that must match: starts for all of them, or the named causes why there is no plan.

Musts clash only within one need's places, one provider's limit or one provider's days, so
each is looked at alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from broker.matching.choices import Choice, Choices
from broker.matching.highs import Model, solve
from broker.matching.instance import Because, Instance, Pair

SECONDS = 5.0  # for the musts of one provider


def musts_that_clash(instance: Instance, choices: Choices) -> tuple[Because, ...]:
    """Why no plan can hold all musts; empty when one can."""
    musts = [pair for pair in instance.pairs if pair.must]
    musts.sort(key=lambda pair: (pair.need, pair.provider))
    causes = [*_alone(musts, choices), *_too_many(instance, musts)]
    if not causes:
        causes = [*_packed(choices)]
    return tuple(causes)


def _alone(musts: list[Pair], choices: Choices) -> Iterator[Because]:
    possible = {(row.pair.need, row.pair.provider) for row in choices.rows}
    for pair in musts:
        if (pair.need, pair.provider) not in possible:
            yield Because(
                "must_does_not_fit",
                f"{pair.need} must match {pair.provider}, but even alone it does not fit: the "
                "days are not free at any start, or the need or provider takes no match.",
                (pair.provider,),
            )


def _too_many(instance: Instance, musts: list[Pair]) -> Iterator[Because]:
    by_need, by_provider = defaultdict(list), defaultdict(list)
    for pair in musts:
        by_need[pair.need].append(pair.provider)
        by_provider[pair.provider].append(pair.need)
    for need in sorted(instance.needs, key=lambda one: one.id):
        wanted, asked = need.providers_wanted, by_need[need.id]
        if len(asked) > wanted:
            text = f"{need.id} wants {wanted} and must match {len(asked)}: {', '.join(asked)}."
            yield Because("too_many_musts_for_need", text, tuple(asked))
    for provider in sorted(instance.providers, key=lambda one: one.id):
        limit, needs = provider.max_matches, by_provider[provider.id]
        if limit is not None and len(needs) > limit:
            text = f"{provider.id} may match {limit} and must match {len(needs)}: "
            yield Because(
                "too_many_musts_for_provider", text + f"{', '.join(needs)}.", (provider.id,)
            )


def _packed(choices: Choices) -> Iterator[Because]:
    for provider, numbers in sorted(choices.by_provider().items()):
        rows = [choices.rows[number] for number in numbers if choices.must[number]]
        free = choices.providers[provider].free
        if free is None or _start_together(rows, free) is not None:
            continue
        clash = sorted({row.pair.need for row in _smallest_clash(rows, free)})
        name = choices.providers[provider].id
        yield Because(
            "musts_clash_over_days",
            f"{name} does not have the days for all of these, which must match it: "
            f"{', '.join(clash)}.",
            (name,),
        )


def _smallest_clash(rows: list[Choice], free: Sequence[int]) -> list[Choice]:
    """A set that clashes, and no longer does without any one need of it."""
    for need in sorted({row.need for row in rows}):
        fewer = [row for row in rows if row.need != need]
        if _start_together(fewer, free) is None:
            rows = fewer
    return rows


def _start_together(rows: list[Choice], free: Sequence[int]) -> list[int] | None:
    """Which of `rows` (all starts of some pairs) hold every pair at once; None: none do."""
    by_need = defaultdict(list)
    for number, row in enumerate(rows):
        by_need[row.need].append(number)
    if not rows:
        return []
    model = Model([1.0] * len(rows), [1.0] * len(rows))
    for numbers in by_need.values():
        model.row(numbers, low=1, high=1)
    for quarter, most in enumerate(free):
        uses = [
            (n, row.days[quarter - row.start]) for n, row in enumerate(rows) if _at(row, quarter)
        ]
        if uses:
            model.row([n for n, _ in uses], [float(days) for _, days in uses], high=most)
    answer = solve(model, gap=0.0, seconds=SECONDS)
    return (
        None if answer.values is None else [n for n in range(len(rows)) if answer.values[n] > 0.5]
    )


def _at(row: Choice, quarter: int) -> bool:
    return 0 <= quarter - row.start < len(row.days)


def starts_of_musts(choices: Choices) -> list[int]:
    """One choice for each must pair, all together within their providers' days."""
    taken: list[int] = []
    for provider, numbers in sorted(choices.by_provider().items()):
        musts = [number for number in numbers if choices.must[number]]
        free = choices.providers[provider].free or ()
        kept = _start_together([choices.rows[number] for number in musts], free)
        taken += [musts[at] for at in kept or []]
    return taken
