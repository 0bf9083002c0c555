"""Bars of the dashboards: parts of a whole in per cent of the longest bar, said in words too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from broker.dashboards.needs import Gap, Stage
from broker.dashboards.said import Said
from broker.dashboards.support import Between, Flow, Held, Phase
from broker.dashboards.waits import Wait
from broker.days import format_number
from broker.grants.queries import Account
from broker.health.temperature import Temperature
from broker.money import format_money

Key = Sequence[tuple[str, str]]  # (class, what it stands for)
Amounts = tuple[str, Sequence[int]]  # a bar's name, and what each part comes to

AGES: Key = (("fill-1", "under 4 weeks"), ("fill-2", "4 to 12 weeks"), ("fill-3", "over 12 weeks"))
DAYS: Key = (
    ("fill-delivered", "delivered"),
    ("fill-committed", "committed, still to give"),
    ("fill-reserved", "reserved"),
    ("fill-free", "free"),
)
GAPS: Key = (
    ("fill-1", "needs put it first"),
    ("fill-4", "needs name it too"),
    ("fill-2", "offers near"),
    ("fill-3", "offers elsewhere"),
)
GIVEN: Key = (("fill-1", "confirmed"), ("fill-3", "not confirmed"))
WITHIN: Key = (("fill-1", "within the region"), ("fill-3", "to other regions"))
PARTNERSHIPS: Key = (("fill-1", "partnerships"),)
GOES: Key = (
    ("fill-3", "need a talk soon"),
    ("fill-4", "worth a word"),
    ("fill-2", "go well"),
    ("fill-1", "too early to say, or paused"),
    ("fill-none", "over"),
)
ANSWERS: Key = (("fill-1", "answered"), ("fill-none", "asked, not answered"))
MONEY: Key = (
    ("fill-1", "worth of days given"),
    ("fill-2", "still to come"),
    ("fill-3", "would be left"),
)


@dataclass(frozen=True)
class Bar:
    """Its name, its parts as (class, where it begins, how wide; of 100), and the same in words."""

    name: str
    parts: tuple[tuple[str, float, float], ...]
    words: str


def _bars(
    key: Key, every: Iterable[Amounts], said: Callable[[int], str] = format_number
) -> list[Bar]:
    rows = list(every)
    longest = max((sum(amounts) for _, amounts in rows), default=0) or 1
    return [_bar(key, name, amounts, 100 / longest, said) for name, amounts in rows]


def _bar(
    key: Key, name: str, amounts: Sequence[int], scale: float, said: Callable[[int], str]
) -> Bar:
    parts, begins = [], 0.0
    for (kind, _), amount in zip(key, amounts, strict=True):
        if amount:
            parts.append((kind, round(begins, 2), round(amount * scale, 2)))
            begins += amount * scale
    words = [f"{said(amount)} {of}" for (_, of), amount in zip(key, amounts, strict=True) if amount]
    return Bar(name, tuple(parts), ", ".join(words) or "none")


def of_stages(rows: Sequence[Stage]) -> list[Bar]:
    return _bars(AGES, ((_words(row.state.value), row.ages) for row in rows), str)


def _words(state: str) -> str:
    return state.replace("_", " ").capitalize()


def of_gaps(rows: Sequence[Gap]) -> list[Bar]:
    """The twelve widest."""
    amounts = ((row.theme, (row.first, row.further, row.near, row.elsewhere)) for row in rows[:12])
    return _bars(GAPS, amounts, str)


def of_days(rows: Sequence[Held]) -> list[Bar]:
    return _bars(
        DAYS, ((row.name, (row.delivered, row.still, row.reserved, row.free)) for row in rows)
    )


def of_flows(rows: Sequence[Flow]) -> list[Bar]:
    return _bars(
        GIVEN,
        (
            (f"{row.giver.name} to {row.receiver.name}", (row.days.confirmed, row.days.unconfirmed))
            for row in rows
        ),
    )


def of_regions(rows: Sequence[Between]) -> list[Bar]:
    found: dict[str, list[int]] = {}
    for row in rows:
        amounts = found.setdefault(row.giving, [0, 0])
        amounts[row.giving != row.receiving] += row.days.counted
    return _bars(WITHIN, found.items())


def of_waits(rows: Sequence[Wait]) -> list[Bar]:
    return _bars(PARTNERSHIPS, ((row.name, (row.partnerships,)) for row in rows), str)


def of_phases(rows: Sequence[Phase]) -> list[Bar]:
    return _bars(GOES, ((_words(row.state.value), _goes(row)) for row in rows), str)


def _goes(row: Phase) -> tuple[int, ...]:
    t, asked = Temperature, row.goes
    told = (asked[t.TALK], asked[t.WORD], asked[t.WELL], asked[t.EARLY] + asked[t.PAUSED])
    return (*told, row.partnerships - sum(told))


def of_said(rows: Sequence[Said]) -> list[Bar]:
    return _bars(
        ANSWERS, ((row.name, (row.answered, row.asked - row.answered)) for row in rows), str
    )


def of_accounts(rows: Sequence[Account]) -> list[Bar]:
    """The twelve with most left over."""
    most = sorted(rows, key=lambda row: (-row.underspend, row.grant.provider.name))[:12]
    amounts = (
        (
            row.grant.provider.name,
            (row.worth, max(0, row.forecast - row.worth), max(0, row.underspend)),
        )
        for row in most
    )
    return _bars(MONEY, amounts, format_money)
