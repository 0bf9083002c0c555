"""A round's plan changed by hand, judged by the checker that judges the matcher's own plans."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from broker.errors import NotPossible, NotRight
from broker.matching.check import Problem, problems
from broker.matching.instance import Instance, Pair
from broker.matching.reading import read_instance, read_plan
from broker.matching.writing import days
from broker.models.match import Round
from broker.models.person import Person
from broker.taking import take

Row = dict[str, Any]
INDEX = re.compile(r"\bquarter (\d+)\b")  # how the checker names quarters


def matches_of(round_: Round) -> list[Row]:
    """The plan's matches as they stand: changed by hand, or as the matcher left them."""
    if round_.hand is not None:
        return round_.hand
    found: list[Row] = (round_.result or {}).get("matches", [])
    return found


def what_breaks(round_: Round) -> list[str]:
    """Every rule that the plan breaks, in words."""
    kept = round_.inputs or {}
    plan = read_plan({"matches": matches_of(round_)})
    found = problems(read_instance(kept), plan)
    quarters = kept.get("quarters", ())
    return [_in_words(one, kept.get("names", {}), quarters) for one in found]


def _in_words(problem: Problem, names: Mapping[str, str], quarters: Sequence[str]) -> str:
    text = INDEX.sub(lambda said: quarters[int(said[1])], problem.text)
    if problem.need and text.startswith(f"{problem.need} "):
        text = f"‘{names.get(problem.need, problem.need)}’{text[len(problem.need) :]}"
    for code, name in names.items():
        if not code.isdecimal():
            text = text.replace(code, name)
    return text


def take_out(round_: Round, need: str, provider: str, *, by: Person) -> None:
    left = [one for one in matches_of(round_) if (one["need"], one["provider"]) != (need, provider)]
    if len(left) == len(matches_of(round_)):
        raise NotPossible("That match is not in the plan any more.")
    _change(round_, left, f"Took out need {need} with {provider}.", by=by)


def put_in(round_: Round, need: str, provider: str, start: int | None, *, by: Person) -> None:
    pair = _pair(read_instance(round_.inputs or {}), need, provider)
    row = {
        "need": need,
        "provider": provider,
        "offer": pair.offer,
        "start": start if pair.days else None,
        "days": [days(one) for one in pair.days],
        "points": pair.points,
        "is_by_hand": True,
    }
    _change(round_, [*matches_of(round_), row], f"Put in need {need} with {provider}.", by=by)


def undo(round_: Round, *, by: Person) -> None:
    """Back to the matcher's own plan."""
    _change(round_, None, "Went back to the plan as it was found.", by=by)
    round_.hand_by_id = None


def _pair(instance: Instance, need: str, provider: str) -> Pair:
    for pair in instance.pairs:
        if (pair.need, pair.provider) == (need, provider):
            return pair
    raise NotRight("No offer of that provider can meet that need.", field="provider")


def _change(round_: Round, rows: list[Row] | None, words: str, *, by: Person) -> None:
    must_be_whose(round_, by)
    take(round_, "edit_by_hand", by=by, detail=words)
    round_.hand, round_.hand_by_id = rows, by.id


def must_be_whose(round_: Round, person: Person) -> None:
    """Who changed a plan by hand takes it up, so that the same person begins its matches and,
    like everybody who begins one, approves none of them."""
    if round_.hand_by and round_.hand_by_id != person.id:
        raise NotPossible(
            f"{round_.hand_by.name} is changing this plan by hand: they adopt it or undo that."
        )
