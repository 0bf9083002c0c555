"""All pictures of a dashboard, in the order in which they are shown, and each one's figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from sqlalchemy import select

from broker import clock
from broker.authorities.tiles import TileMap, of_support
from broker.dashboards import bars, behind, needs, support, tables
from broker.dashboards.bars import Bar
from broker.dashboards.parts import Part
from broker.dashboards.said import Feedbacks, feedback_of
from broker.dashboards.seats import Chosen
from broker.dashboards.support import Flow, Giving, Place
from broker.dashboards.waits import waiting, waits
from broker.days import format_number
from broker.db import db
from broker.exports.tables import Table
from broker.grants.queries import Account, accounts_of
from broker.models.person import Person
from broker.models.programme import Programme, Theme

MOST = 12  # rows shown under a picture; its own page and the file have them all


@dataclass(frozen=True)
class Picture:
    """A heading, what it says in a sentence, bars or a map, and the table of its figures.

    `see`: (words, endpoint, arguments) of a page where more can be done about it.
    """

    title: str
    words: str
    table: Table[Any]
    rows: Sequence[Any]
    key: Sequence[tuple[str, str]] = ()
    bars: Sequence[Bar] = ()
    map: TileMap | None = None
    see: tuple[str, str, dict[str, Any]] | None = None

    @property
    def name(self) -> str:
        return self.table.name


@dataclass
class Dashboard:
    """What one person sees from a seat, each part read when it is first asked for."""

    person: Person
    chosen: Chosen

    @property
    def is_programme(self) -> bool:
        return self.chosen.seat.programme_id is not None

    def pictures(self, part: Part) -> list[Picture]:
        """Those of a part that this seat has."""
        drawn = self._drawn()
        return [drawn[name](self) for name in part.pictures if name in drawn]

    def picture(self, name: str) -> Picture | None:
        """One picture by its table's name; None where this seat has none of that name."""
        draw = self._drawn().get(name)
        return draw(self) if draw else None

    def behind(self, name: str) -> behind.Behind | None:
        """The records of a picture, where they are told one by one."""
        return behind.behind(self, name)

    def has_records(self, name: str) -> bool:
        return name in behind.told_from(self.chosen)

    def _drawn(self) -> dict[str, Callable[[Dashboard], Picture]]:
        return {**EVERYBODY, **(MANAGERS if self.is_programme else {})}

    @cached_property
    def known(self) -> dict[int, Place]:
        return support.places()

    @cached_property
    def cells(self) -> support.Cells:
        return support.days_held(self.chosen)

    @cached_property
    def givings(self) -> list[Giving]:
        return support.givings(self.person, self.chosen, self.known)

    @cached_property
    def flows(self) -> list[Flow]:
        return support.pairs(self.givings)

    @cached_property
    def feedback(self) -> Feedbacks:
        return feedback_of(self.person, self.chosen)

    @cached_property
    def accounts(self) -> list[Account]:
        """Grants of this financial year; of the providers of the region chosen, if one is."""
        programme = db.session.scalars(
            select(Programme).filter_by(id=self.chosen.programme_id)
        ).one()
        region_id = self.chosen.region_id
        found = accounts_of(programme, clock.this_quarter().year)
        return [one for one in found if region_id in (None, one.grant.provider.region_id)]


def _needs(board: Dashboard) -> Picture:
    rows = needs.stages(board.person, board.chosen)
    waiting = sum(len(row.days) for row in rows if row.state in needs.WANTING)
    return Picture(
        "Needs by stage and age",
        f"{waiting} {'need waits' if waiting == 1 else 'needs wait'} for help. Ages are since each "
        "came to where it stands today; private needs and those in confidence are in no figure.",
        tables.NEEDS,
        rows,
        bars.AGES,
        bars.of_stages(rows),
    )


def _themes(board: Dashboard) -> Picture:
    rows = needs.gaps(board.person, board.chosen)
    missing = sum(bool(row.first + row.further) and not row.near for row in rows)
    near = "programme" if board.chosen.region_id is None else "region"
    return Picture(
        "Themes wanted and offered",
        f"{missing} {'theme is' if missing == 1 else 'themes are'} wanted with no published offer "
        f"from within the {near}. The widest gaps stand first.",
        tables.THEMES,
        rows,
        bars.GAPS,
        bars.of_gaps(rows),
        see=("Browse the offers", "offers.index", _offers(board)),
    )


def _offers(board: Dashboard) -> dict[str, Any]:
    """The prospectus' filters for what is chosen here."""
    programme = db.session.get(Programme, board.chosen.programme_id or 0)
    theme = db.session.get(Theme, board.chosen.theme_id or 0)
    chosen = {"programme": programme, "theme": theme}
    return {name: one.code for name, one in chosen.items() if one}


def _days(board: Dashboard) -> Picture:
    rows = support.by_quarter(board.cells, board.chosen)
    free = sum(row.free for row in rows)
    theme = " A theme narrows nothing here: free days have none." if board.chosen.theme_id else ""
    return Picture(
        "Days by quarter",
        f"{format_number(free)} days are free in this and coming quarters. What is free when a "
        f"quarter ends expires.{theme}",
        tables.DAYS_BY_QUARTER,
        rows,
        bars.DAYS,
        bars.of_days(rows),
    )


def _by_region(board: Dashboard) -> Picture:
    rows = support.by_region(board.cells, board.known)
    return Picture(
        "Days by providing region",
        f"The providers of each region, {board.chosen.words}.",
        tables.DAYS_BY_REGION,
        rows,
        bars.DAYS,
        bars.of_days(rows),
    )


def _by_provider(board: Dashboard) -> Picture:
    rows = support.by_provider(board.cells, board.known)
    most = sorted(rows, key=lambda row: (-row.committed, row.name))
    return Picture(
        "Days by provider",
        f"{len(rows)} providers, {board.chosen.words}; drawn are the twelve with most committed.",
        tables.DAYS_BY_PROVIDER,
        rows,
        bars.DAYS,
        bars.of_days(most[:12]),
    )


def _map(board: Dashboard) -> Picture:
    rows = support.by_authority(board.flows)
    ids = {one.place.id for one in rows}
    gives, receives = _helped(board.flows)
    return Picture(
        "The map of support",
        f"{len(ids)} authorities give or receive help, {board.chosen.words}.",
        tables.SUPPORT_MAP,
        rows,
        map=of_support(gives, receives),
    )


def _helped(flows: Sequence[Flow]) -> tuple[dict[int, str], dict[int, str]]:
    """In words: whom each authority helps, and who helps it."""
    gives: dict[int, list[str]] = {}
    receives: dict[int, list[str]] = {}
    for flow in flows:
        gives.setdefault(flow.giver.id, []).append(flow.receiver.name)
        receives.setdefault(flow.receiver.id, []).append(flow.giver.name)
    return (
        {id_: f"gives to {', '.join(sorted(names))}" for id_, names in gives.items()},
        {id_: f"receives from {', '.join(sorted(names))}" for id_, names in receives.items()},
    )


def _pairs(board: Dashboard) -> Picture:
    days = sum(flow.days.counted for flow in board.flows)
    return Picture(
        "Who gives to whom",
        f"{format_number(days)} days given, {board.chosen.words}, confirmed or not; queried ones "
        "are left out. Drawn are the twelve pairs with most days.",
        tables.PAIRS,
        board.flows,
        bars.GIVEN,
        bars.of_flows(board.flows[:12]),
    )


def _between(board: Dashboard) -> Picture:
    rows = support.between_regions(board.flows)
    return Picture(
        "From region to region",
        "Days given by the authorities of each region, within it and to others.",
        tables.BETWEEN,
        rows,
        bars.WITHIN,
        bars.of_regions(rows),
    )


def _waits(board: Dashboard) -> Picture:
    days = [waited for _, waited in waiting(board.givings, board.chosen)]
    middle = f"The middle one waited {int(median(days))} days." if days else "None yet."
    rows = waits(days)
    return Picture(
        "From submitted need to first day",
        f"{middle} Counted are partnerships whose first day fell in {board.chosen.words}.",
        tables.WAITS,
        rows,
        bars.PARTNERSHIPS,
        bars.of_waits(rows),
    )


def _phases(board: Dashboard) -> Picture:
    rows = support.phases(board.person, board.chosen)
    return Picture(
        "Partnerships by phase, and how they go",
        "As they stand today. What the two sides said counts once both have read it, or have had "
        "5 working days.",
        tables.PHASES,
        rows,
        bars.GOES,
        bars.of_phases(rows),
        see=("See how each goes", "health.board", {}),
    )


def _feedback(board: Dashboard) -> Picture:
    said = board.feedback
    rows = [*said.rows, said.whole]
    return Picture(
        "What receivers said",
        f"{said.recommend} Where three or fewer receivers spoke nothing is shown, nor what would "
        "tell it. Filters change nothing here, for the same reason.".strip(),
        tables.FEEDBACK,
        rows,
        bars.ANSWERS,
        bars.of_said(rows),
        see=("See what is due", "feedback.index", {}),
    )


def _underspend(board: Dashboard) -> Picture:
    return Picture(
        "Grants and underspend",
        f"Grants of {clock.this_quarter().year}-{(clock.this_quarter().year + 1) % 100:02}: what "
        "the days given are worth, what is still to come, and what would be left.",
        tables.UNDERSPEND,
        board.accounts,
        bars.MONEY,
        bars.of_accounts(board.accounts),
    )


EVERYBODY: dict[str, Callable[[Dashboard], Picture]] = {
    "needs-by-stage": _needs,
    "themes-wanted-and-offered": _themes,
    "days-by-quarter": _days,
    "support-map": _map,
    "who-gives-to-whom": _pairs,
    "between-regions": _between,
    "submitted-to-first-day": _waits,
    "partnerships-by-phase": _phases,
    "feedback": _feedback,
}
MANAGERS: dict[str, Callable[[Dashboard], Picture]] = {
    "days-by-region": _by_region,
    "days-by-provider": _by_provider,
    "underspend": _underspend,
}
